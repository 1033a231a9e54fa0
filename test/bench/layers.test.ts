import { join } from 'node:path'
import t from 'tap'
import { comparisons, layers, levels, readPrototypes } from '../../bench/layers.js'
import { layersTable, measureLayers, MOST_OF_PROTOTYPE } from '../../bench/measure-layers.js'
import { projectRoot, skipWithout } from '../support/toolchain.js'

const workDir = join(projectRoot, 'build', 'test', 'bench-layers')
const skip = skipWithout('arm-none-eabi-gcc', 'qemu-system-arm')
const prototypes = readPrototypes()

/** Layers that still need more on a Cortex-M4F than they should, and how much of their prototype at most. */
const ABOVE: Readonly<Record<string, number>> = {
  'depthwise 3x3, 25x5x64, relu': 1.13,
  'depthwise 3x3, 25x5x64, linear': 1.13,
  'depthwise 3x3, 48x48x8, relu': 1.87,
  'average pool 25x5x64': 1.92,
  'softmax 12': 1.78,
}

t.test('all layers have a prototype on a Cortex-M4F', async (t) => {
  const names = (core: 'cortex-m4f' | 'cortex-m55') => comparisons(prototypes, [core]).map(({ layer }) => layer.name)
  t.same(names('cortex-m4f').sort(), layers.map(({ name }) => name).sort())
  t.equal(names('cortex-m55').length, layers.length - 2, 'those on other cores have no pool and no softmax')
  const [pointwise] = layers
  t.equal(pointwise?.macs, 512_000)
})

t.test('on a Cortex-M4F layers need at most 1.05 of their prototype', { skip, timeout: 600_000 }, async (t) => {
  const measurements = await measureLayers(prototypes, ['cortex-m4f'], workDir)
  t.equal(measurements.length, layers.length * levels.length)
  for (const { layer, level, ratio, exact } of measurements) {
    t.ok(exact, `${layer} at ${level} gives what the reference semantics give`)
    const most = ABOVE[layer] ?? MOST_OF_PROTOTYPE
    t.ok(ratio <= most, `${layer} at ${level}: ${ratio.toFixed(3)} of the prototype, at most ${most}`)
  }
  for (const layer of Object.keys(ABOVE)) {
    const ratios = measurements.filter((each) => each.layer === layer).map(({ ratio }) => ratio)
    t.ok(Math.max(...ratios) > MOST_OF_PROTOTYPE, `${layer} is above`)
  }
  t.match(layersTable(measurements), /^\d+ of 24 need more than 1\.05 of their prototype\.$/m)
})

t.test('other cores are measured with the kernels that they have', { skip, timeout: 600_000 }, async (t) => {
  const [first] = prototypes.layers.filter(({ core }) => core === 'cortex-m0plus')
  const few = prototypes.layers.filter(({ layer }) => layer === first?.layer)
  const measurements = await measureLayers({ ...prototypes, layers: few }, ['cortex-m0plus', 'cortex-m55'], workDir)
  t.equal(measurements.length, 2 * levels.length)
  t.ok(measurements.every(({ exact, kernel, instructions }) => exact && kernel !== '' && instructions > 10_000))
})
