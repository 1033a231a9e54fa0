/** Kernels of a set against the oracle, over many layers of each kind: those that have no fast kernel do not count. */
import { join } from 'node:path'
import t from 'tap'
import type { KernelTarget } from '../../src/select/index.js'
import type { Core } from '../support/cores.js'
import { layerByLayer } from '../support/layer-by-layer.js'
import { writeModel } from '../support/model-writer.js'
import { skipWithoutOracle } from '../support/oracle.js'
import { runSources } from '../support/sources.js'
import { projectRoot, skipWithout } from '../support/toolchain.js'
import { oracleVectors } from '../support/vectors.js'
import { type LayerKind, LAYERS, randomLayers } from './random-layers.js'

/** Layers in one firmware, firmwares of each kind, and inputs for each: noise twice, small ones, the ends of int8. */
const LAYERS_OF_A_MODEL = 100
const MODELS_OF_A_KIND: Readonly<Record<LayerKind, number>> = {
  ...{ conv_2d: 10, depthwise_conv_2d: 7, fully_connected: 5 },
  ...{ average_pool_2d: 2, max_pool_2d: 1, add: 2, sub: 1, mul: 1 },
}
const VECTORS = 4

/** What kernels are chosen for, on a core that has them; whoever sweeps less than all of it says which share. */
export interface Sweep {
  readonly core: Core
  readonly target: KernelTarget
  /** Where the seeds begin, so that two sweeps differ. */
  readonly seed: number
  /** Of the firmwares of each kind, rounded up. */
  readonly share?: number
  /** Kinds that the set has no kernel of: those are not swept. */
  readonly without?: readonly LayerKind[]
  /** Layers that are to have a fast kernel. */
  readonly least: number
}

/** Adds the tests of a sweep. */
export function sweep({ core, target, seed, share = 1, without = [], least }: Sweep): void {
  const { set, goal } = target
  const workDir = join(projectRoot, 'build', 'test', `kernels-${set}-${goal}`)
  const skip = skipWithout('arm-none-eabi-gcc', 'qemu-system-arm') || skipWithoutOracle()
  let swept = 0
  for (const kind of (Object.keys(LAYERS) as LayerKind[]).filter((each) => !without.includes(each)))
    t.test(`${kind} of ${set} for ${goal} gives the oracle's bytes`, { skip, timeout: 900_000 }, async (t) => {
      const models = Math.ceil(share * MODELS_OF_A_KIND[kind])
      let fast = 0
      for (let index = 0; index < models; index += 1) {
        const name = `${kind}_${index}`
        const model = writeModel(randomLayers(kind, LAYERS_OF_A_MODEL, seed + 1000 * kind.length + index))
        const { files, io, kernels } = layerByLayer(model, name, target)
        fast += kernels.filter((kernel) => kernel.includes(`_${set}`)).length
        const vectors = await oracleVectors(model, VECTORS, join(workDir, 'oracle', name))
        t.same(await runSources(core, files, { name, io, vectors, workDir }), [], name)
      }
      const all = models * LAYERS_OF_A_MODEL
      t.ok(fast >= 0.5 * all, `${fast} of ${all} layers have a fast kernel`)
      swept += fast
    })
  t.test('enough layers had a fast kernel', { skip }, async (t) => {
    t.ok(swept >= least, `${swept} layers`)
  })
}
