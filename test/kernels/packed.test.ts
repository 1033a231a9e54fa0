/** Layers with packed weights on the cores, against the oracle. */
import { join } from 'node:path'
import t from 'tap'
import { cores } from '../support/cores.js'
import { layerByLayer } from '../support/layer-by-layer.js'
import { writeModel } from '../support/model-writer.js'
import { skipWithoutOracle } from '../support/oracle.js'
import { runSources } from '../support/sources.js'
import { projectRoot, skipWithout } from '../support/toolchain.js'
import { oracleVectors } from '../support/vectors.js'
import { activation, bias, weights } from '../support/layers.js'
import type { ModelSpec } from '../support/model-writer.js'
import { seededRandom } from '../support/random.js'
import { randomLayers } from './random-layers.js'

const workDir = join(projectRoot, 'build', 'test', 'kernels-packed')
const skip = skipWithout('arm-none-eabi-gcc', 'qemu-system-arm') || skipWithoutOracle()
const MODELS = 3

/** Layers whose outputs have weights of every width, with some far away from the others. */
function wideLayers(count: number, seed: number): ModelSpec {
  const random = seededRandom(seed)
  const layers = Array.from({ length: count }, (_, layer) => {
    const [inputs, outputs] = [random.between(100, 700), random.between(4, 24)]
    const spreads = Array.from({ length: outputs }, () => random.pick([1, 3, 6, 12, 20]))
    const centers = Array.from({ length: outputs }, () => random.pick([0, 0, 0, 5, -20, 100, -128]))
    const data = Int8Array.from({ length: inputs * outputs }, (_, index) => {
      const output = Math.floor(index / inputs)
      const spread = spreads[output] ?? 0
      if (random.chance(0.02)) return random.between(-128, 127)
      return Math.max(-128, Math.min(127, (centers[output] ?? 0) + random.between(-spread, spread)))
    })
    return [
      activation(`x${layer}`, [1, inputs]),
      { ...weights(`w${layer}`, [outputs, inputs]), data },
      bias(
        `b${layer}`,
        Array.from({ length: outputs }, () => random.between(-5000, 5000)),
      ),
      activation(`y${layer}`, [1, outputs], random.pick([0.5, 2, 8]), random.pick([-128, 0, 17])),
    ] as const
  })
  return {
    tensors: layers.flat(),
    operators: layers.map((_, layer) => ({
      kind: 'FULLY_CONNECTED',
      inputs: [4 * layer, 4 * layer + 1, 4 * layer + 2],
      outputs: [4 * layer + 3],
      options: random.chance(0.5) ? { activation: 'RELU' } : {},
    })),
    inputs: layers.map((_, layer) => 4 * layer),
    outputs: layers.map((_, layer) => 4 * layer + 3),
  }
}

for (const [coreId, set] of [
  ['cortex-m4f', 'dsp'],
  ['cortex-m0plus', 'portable'],
] as const)
  t.test(`packed layers give the oracle's bytes on ${coreId}`, { skip, timeout: 600_000 }, async (t) => {
    const core = cores[coreId]
    let packed = 0
    for (let index = 0; index < MODELS; index += 1) {
      const name = `packed_${index}`
      const spec = index === 0 ? randomLayers('fully_connected', 80, 70) : wideLayers(24, index)
      const model = writeModel(spec)
      const { files, io, kernels } = layerByLayer(model, name, { set, goal: 'balanced', rom: 'small' })
      packed += kernels.filter((kernel) => kernel.startsWith('eonc_packed_fully_connected_s8')).length
      const vectors = await oracleVectors(model, 4, join(workDir, 'oracle', name))
      const wrong = await runSources(core, files, { name, io, vectors, workDir: join(workDir, coreId) })
      t.same(wrong, [], name)
    }
    t.ok(packed >= 40, `${packed} layers are packed`)
  })
