/** The same models with CMSIS-NN turned on: each layer is its call, and outputs stay the oracle's, byte for byte. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { KernelSetFacts } from '../../src/index.js'
import { compileModel } from '../support/compiled-model.js'
import { type Core, type CoreId, cores } from '../support/cores.js'
import { buildFirmware, runFirmware } from '../support/firmware.js'
import { goldenVectors } from '../support/golden.js'
import { allModels, type ModelFile, ownModels } from '../support/models.js'
import { skipWithoutOracle } from '../support/oracle.js'
import { projectRoot, skipWithout } from '../support/toolchain.js'
import { oracleVectors } from '../support/vectors.js'
import { addDouble, buildLibrary, type CmsisNn, libraryFolder } from './library.js'

const workDir = join(projectRoot, 'build', 'test', 'cmsis-nn')
const skip = skipWithout('arm-none-eabi-gcc', 'qemu-system-arm') || skipWithoutOracle()

/** The set of calls that is for a core. */
const SETS: Partial<Record<CoreId, readonly string[]>> = {
  'cortex-m4f': ['cmsis_nn_dsp', 'cmsis_nn'],
  'cortex-m55': ['cmsis_nn_mve', 'cmsis_nn_dsp', 'cmsis_nn'],
}

/** Operators that are calls wherever they are exact. */
const CALLED = /^(ADD|AVERAGE_POOL_2D|CONV_2D|DEPTHWISE_CONV_2D|FULLY_CONNECTED|MAX_POOL_2D|SOFTMAX)$/

function setOn(core: Core, sets: readonly KernelSetFacts[]): KernelSetFacts | undefined {
  return SETS[core.id]?.flatMap((set) => sets.find(({ name }) => name === set) ?? [])[0]
}

/** Builds and runs a model on a core with what `bring` brings; tells what it needs. */
async function runs(
  t: Test,
  model: ModelFile,
  core: Core,
  bring: (sources: string) => Promise<CmsisNn>,
): Promise<void> {
  const compiled = await compileModel(model, join(workDir, core.id, 'sources'))
  if (!compiled.ok) {
    t.comment(`${model.name} is refused`)
    return
  }
  const set = setOn(core, compiled.facts.cmsisNn ?? [])
  if (set === undefined) {
    t.match(model.name, /float/, 'a model without int8 layers has none of this')
    return
  }
  for (const { index, kind, kernel } of set.operators.filter(({ kind }) => CALLED.test(kind)))
    t.match(kernel, /_cmsis_nn$/, `${model.name}: ${index} ${kind} is a call`)
  const vectors = model.own
    ? await goldenVectors(model)
    : await oracleVectors(await readFile(model.path), 2, join(workDir, 'oracle', model.name))
  const { sources, facts } = compiled
  const { title, definitions, libraries } = await bring(sources)
  const folder = join(workDir, core.id, title.replaceAll(' ', '-'))
  const build = { core, sources, name: model.name, io: facts, vectors, workDir: folder, definitions, libraries }
  const { elf } = await buildFirmware(build)
  const count = libraries.length > 0
  const { ok, lines, instructions = 0 } = await runFirmware(elf, core, { count, timeoutMs: 120_000 })
  t.ok(ok, `${model.name} with ${title}`, { lines })
  if (count) t.comment(`${model.name} on ${core.id}: RAM ${set.contextBytes}, instructions ${instructions}`)
}

t.test('all models are exact on cortex-m4f with our double of CMSIS-NN', { skip, timeout: 1_200_000 }, async (t) => {
  for (const model of allModels()) await runs(t, model, cores['cortex-m4f'], addDouble)
})

t.test('our own models are exact on cortex-m55 with our double of CMSIS-NN', { skip, timeout: 600_000 }, async (t) => {
  for (const model of ownModels()) await runs(t, model, cores['cortex-m55'], addDouble)
})

// only with a clone of CMSIS-NN: no tool of this repository's
for (const id of libraryFolder === '' ? [] : (Object.keys(SETS) as CoreId[]))
  t.test(`all models are exact on ${id} with CMSIS-NN`, { skip, timeout: 1_200_000 }, async (t) => {
    const library = await buildLibrary(cores[id])
    for (const model of allModels()) await runs(t, model, cores[id], () => Promise.resolve(library))
  })
