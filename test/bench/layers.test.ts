import { join } from 'node:path'
import t from 'tap'
import { comparisons, layers, levels, readPrototypes } from '../../bench/layers.js'
import { bestRatios, layersTable, measureLayers, MOST_OF_PROTOTYPE } from '../../bench/measure-layers.js'
import { projectRoot, skipWithout } from '../support/toolchain.js'

const workDir = join(projectRoot, 'build', 'test', 'bench-layers')
const skip = skipWithout('arm-none-eabi-gcc', 'qemu-system-arm')
const prototypes = readPrototypes()

t.test('all layers have a prototype on a Cortex-M4F', async (t) => {
  const names = (core: 'cortex-m4f' | 'cortex-m55') => comparisons(prototypes, [core]).map(({ layer }) => layer.name)
  t.same(names('cortex-m4f').sort(), layers.map(({ name }) => name).sort())
  t.equal(names('cortex-m55').length, layers.length - 2, 'those on other cores have no pool and no softmax')
  const [pointwise] = layers
  t.equal(pointwise?.macs, 512_000)
})

for (const core of ['cortex-m4f', 'cortex-m0plus', 'cortex-m55'] as const)
  t.test(`on ${core} layers need at most 1.05 of their prototype`, { skip, timeout: 600_000 }, async (t) => {
    const measurements = await measureLayers(prototypes, [core], workDir)
    const best = bestRatios(measurements)
    t.equal(best.length, comparisons(prototypes, [core]).length * levels.length)
    for (const { layer, level, ratio, exact, goal } of measurements)
      t.ok(exact, `${layer} at ${level}, ${goal}, ${ratio.toFixed(3)}, gives what the reference semantics give`)
    for (const { layer, level, ratio } of best)
      t.ok(ratio <= MOST_OF_PROTOTYPE, `${layer} at ${level}: ${ratio.toFixed(3)} of the prototype`)
    t.match(layersTable(measurements), new RegExp(`^0 of ${best.length} need more than 1\\.05`, 'm'))
  })
