import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { compileModel } from '../support/compiled-model.js'
import { cores } from '../support/cores.js'
import { buildFirmware, runFirmware, type Vector } from '../support/firmware.js'
import { goldenVectors } from '../support/golden.js'
import { allModels, type ModelFile, ownModels } from '../support/models.js'
import { oracleVectors } from '../support/vectors.js'
import { skipWithoutOracle } from '../support/oracle.js'
import { projectRoot, skipWithout } from '../support/toolchain.js'

const workDir = join(projectRoot, 'build', 'test', 'firmware-modes')
const CORES = [cores['cortex-m4f'], cores['cortex-m0plus']]
/** All but what test/firmware/models.test.ts is about, and what adds nothing to these. */
const MODES = [
  { ram: 'row', input: 'preserve' },
  { ram: 'row', input: 'stream' },
  { ram: 'row', input: 'callback' },
  { ram: 'pixel', input: 'resident' },
  { ram: 'pixel', input: 'stream' },
] as const
const VECTORS = 2
/** Bytes of stack that no inference needs more of, the harness's own part included. */
const MOST_STACK = 832

const tools = skipWithout('arm-none-eabi-gcc', 'qemu-system-arm')
const foreign = allModels().filter(({ name, own }) => !own && name.endsWith('_int8'))
const skipForeign =
  tools || skipWithoutOracle() || (foreign.length === 0 && 'no ../shared/models beside the repository')

async function vectorsOf(model: ModelFile): Promise<readonly Vector[]> {
  if (model.own) return (await goldenVectors(model)).slice(0, VECTORS)
  return oracleVectors(await readFile(model.path), VECTORS, join(workDir, 'oracle', model.name))
}

/** Asserts that a model gives the oracle's outputs in a mode, twice in a row; says what it needs. */
async function runIn(t: Test, model: ModelFile, mode: (typeof MODES)[number], vectors: readonly Vector[]) {
  const { name } = model
  const title = `${mode.ram}, ${mode.input}`
  const compiled = await compileModel(model, join(workDir, 'sources', mode.ram, mode.input), mode)
  if (!compiled.ok) return t.fail(`${name} compiles`, { compiled })
  const { sources, facts } = compiled
  for (const core of CORES) {
    const { elf } = await buildFirmware({ core, sources, name, io: facts, vectors, workDir })
    const { ok, lines, stack = NaN } = await runFirmware(elf, core, { count: false, timeoutMs: 120_000 })
    t.ok(ok, `${name}, ${title}, is exact on ${core.id}`, { lines })
    t.ok(stack <= MOST_STACK, `${name}, ${title}: context ${facts.contextBytes}, stack ${stack} on ${core.id}`)
  }
}

for (const [title, models, skip] of [
  ["the project's own models", ownModels(), tools],
  ['the int8 models of others', foreign, skipForeign],
] as const)
  for (const mode of MODES)
    t.test(`${title}, ${mode.ram}, ${mode.input}`, { skip }, async (t) => {
      t.ok(models.length >= 6, `${models.length} models`)
      for (const model of models) await runIn(t, model, mode, await vectorsOf(model))
    })
