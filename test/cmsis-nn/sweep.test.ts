/** Random layers of all kinds as calls of CMSIS-NN: exact, and what is not exact is left to our kernels. */
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { ProgramSet } from '../../src/lower/index.js'
import { type LayerKind, LAYERS, randomLayers } from '../kernels/random-layers.js'
import { type Core, cores } from '../support/cores.js'
import { buildFirmware, runFirmware } from '../support/firmware.js'
import { layerByLayer } from '../support/layer-by-layer.js'
import { writeModel } from '../support/model-writer.js'
import { skipWithoutOracle } from '../support/oracle.js'
import { writeSources } from '../support/sources.js'
import { projectRoot, skipWithout } from '../support/toolchain.js'
import { oracleVectors } from '../support/vectors.js'
import { addDouble, buildLibrary, type CmsisNn, libraryFolder } from './library.js'

const workDir = join(projectRoot, 'build', 'test', 'cmsis-nn-sweep')
const skip = skipWithout('arm-none-eabi-gcc', 'qemu-system-arm') || skipWithoutOracle()

const LAYERS_OF_A_MODEL = 60
/** CMSIS-NN has no subtraction. */
const KINDS = (Object.keys(LAYERS) as LayerKind[]).filter((kind) => kind !== 'sub')

interface Sweep {
  readonly core: Core
  readonly set: ProgramSet
  readonly models: number
  readonly bring: (sources: string) => Promise<CmsisNn>
}

async function sweep(t: Test, kind: LayerKind, { core, set, models, bring }: Sweep): Promise<void> {
  let calls = 0
  for (let index = 0; index < models; index += 1) {
    const name = `${kind}_${index}`
    const model = writeModel(randomLayers(kind, LAYERS_OF_A_MODEL, 2000 * kind.length + index))
    const { files, io, kernels } = layerByLayer(model, name, { set, goal: 'balanced' })
    calls += kernels.filter((kernel) => kernel.endsWith('_cmsis_nn')).length
    const sources = await writeSources(join(workDir, core.id, 'sources', name), files)
    const vectors = await oracleVectors(model, 4, join(workDir, 'oracle', name))
    const { definitions, libraries } = await bring(sources)
    const build = { core, sources, name, io, vectors, workDir, definitions, libraries }
    const { elf } = await buildFirmware(build)
    const { ok, lines } = await runFirmware(elf, core, { count: false, timeoutMs: 120_000 })
    t.ok(ok, name, { lines })
  }
  const all = models * LAYERS_OF_A_MODEL
  t.ok(calls >= 0.7 * all, `${calls} of ${all} layers are calls of CMSIS-NN`)
}

const m4f = { core: cores['cortex-m4f'], set: 'cmsis_nn_dsp' } as const
const m55 = { core: cores['cortex-m55'], set: 'cmsis_nn_mve' } as const

for (const kind of KINDS) {
  t.test(`${kind} gives the oracle's bytes with our double of CMSIS-NN`, { skip, timeout: 600_000 }, async (t) => {
    await sweep(t, kind, { ...m4f, models: 2, bring: addDouble })
    await sweep(t, kind, { ...m55, models: 1, bring: addDouble })
  })
  // only with a clone of CMSIS-NN: no tool of this repository's
  if (libraryFolder === '') continue
  t.test(`${kind} gives the oracle's bytes with CMSIS-NN`, { skip, timeout: 900_000 }, async (t) => {
    for (const target of [m4f, m55]) {
      const library = await buildLibrary(target.core)
      await sweep(t, kind, { ...target, models: 4, bring: () => Promise.resolve(library) })
    }
  })
}
