import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { type CompiledModel, compileModel } from '../support/compiled-model.js'
import { type Core, coreIds, cores, kernelSetOn } from '../support/cores.js'
import { buildFirmware, runFirmware, type Vector } from '../support/firmware.js'
import { goldenVectors } from '../support/golden.js'
import { allModels, type ModelFile, ownModels } from '../support/models.js'
import { runOracle, skipWithoutOracle } from '../support/oracle.js'
import { projectRoot, skipWithout } from '../support/toolchain.js'
import { oracleVectors } from '../support/vectors.js'

const workDir = join(projectRoot, 'build', 'test', 'firmware-models')
const tools = skipWithout(...new Set(coreIds.flatMap((id) => [`${cores[id].tools}-gcc`, cores[id].emulator])))

type Facts = Extract<CompiledModel, { readonly ok: true }>['facts']

/** A compiled model with inputs, and the outputs that they have to give. */
interface Subject {
  readonly name: string
  readonly sources: string
  readonly facts: Facts
  readonly vectors: readonly Vector[]
}

/** Models with more multiply-accumulates than this run one vector, which means two inferences. */
const manyMacs = 1_000_000
/** What link.ld leaves to the stack at least, and puts around the context. */
const leastStack = 1024
const guards = 32

function skipWithoutOthers(): string | false {
  return allModels().every(({ own }) => own) && 'no ../shared/models beside the repository'
}

/** Compiles a model and finds vectors for it; undefined when eonc refuses it. */
async function prepare(model: ModelFile): Promise<Subject | undefined> {
  const compiled = await compileModel(model, join(workDir, 'sources'))
  if (!compiled.ok) return undefined
  const { sources, facts } = compiled
  const isLarge = facts.macs > manyMacs
  const vectors = model.own
    ? await goldenVectors(model)
    : await oracleVectors(await readFile(model.path), isLarge ? 1 : 3, join(workDir, 'oracle', model.name))
  return { name: model.name, sources, facts, vectors: isLarge ? vectors.slice(0, 1) : vectors }
}

/** Why a model is too much for a core's memory; undefined when it may fit. Code and the harness are not counted. */
function excess(facts: Facts, core: Core): string | undefined {
  const { contextBytes, constantBytes } = kernelSetOn(core, facts)
  const { ram, flash } = core
  const needed = contextBytes + guards + leastStack
  if (needed > ram.bytes) return `${needed} of ${ram.bytes} bytes of RAM`
  if (constantBytes > flash.bytes) return `${constantBytes} of ${flash.bytes} bytes of flash`
  return undefined
}

for (const [title, models, skip] of [
  ["the project's own models", ownModels(), tools],
  ['the models of others', allModels().filter(({ own }) => !own), tools || skipWithoutOracle() || skipWithoutOthers()],
] as const)
  t.test(`${title} give the oracle's outputs on every core that holds them`, { skip }, async (t) => {
    t.ok(models.length >= 6, `${models.length} models`)
    for (const model of models) {
      const subject = await prepare(model)
      if (subject === undefined) await assertRefusedByOracle(t, model)
      else for (const id of coreIds) await runOn(t, subject, cores[id])
    }
  })

/** Asserts that a model which eonc refuses is none that the oracle runs. */
async function assertRefusedByOracle(t: Test, { name, path }: ModelFile): Promise<void> {
  const [answer] = await runOracle([{ model: path, vectors: [] }], join(workDir, 'oracle', name))
  t.equal(answer?.status, 'refused', `${name} is refused, by eonc as by the oracle`)
}

/** Asserts that a model gives its outputs on a core, or that it does not fit: which the linker has to confirm. */
async function runOn(t: Test, { name, sources, facts, vectors }: Subject, core: Core): Promise<void> {
  const build = () => buildFirmware({ core, sources, name, io: facts, vectors, workDir })
  const tooMuch = excess(facts, core)
  if (tooMuch !== undefined) {
    await t.rejects(build(), /overflowed by|less than 1 KiB/, `${name} does not fit ${core.id}: ${tooMuch}`)
    return
  }
  const { ok, lines } = await runFirmware((await build()).elf, core, { count: false, timeoutMs: 120_000 })
  t.ok(ok, `${name} is exact on ${core.id}`, { lines })
}
