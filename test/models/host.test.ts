import { join } from 'node:path'
import t from 'tap'
import { type OutputFormat, vectorDifference } from '../fuzz/compare.js'
import { type HostResult, runOnHost } from '../fuzz/host-program.js'
import { inputVectors } from '../fuzz/input-vectors.js'
import type { Vector } from '../support/firmware.js'
import { readGolden } from '../support/golden.js'
import { oracleAvailable, type OracleResult, runOracle, skipWithoutOracle } from '../support/oracle.js'
import { projectRoot, skipWithout, strictWarnings } from '../support/toolchain.js'
import { compileAll, foreignFiles, ownFiles, skipWithoutForeign, type Subject } from './subjects.js'

const WORK = join(projectRoot, 'build/test/models/host')
const SEED = 20261123
/** The first finding ends the program. */
const SANITIZERS = ['-O1', '-g1', '-fsanitize=address,undefined', '-fno-sanitize-recover=all']
const compilers = ['g++', 'clang++'].map((command) => ({
  command,
  flags: [...SANITIZERS, '-DFUZZ_ADDRESS_SANITIZER', ...strictWarnings],
}))

/** Random inputs, then the ends of the range of int8: all least, all most, in turns; then some near zero. */
function hardInputs({ sources }: Subject): readonly (readonly Uint8Array[])[] {
  const { inputs } = sources.facts
  return inputVectors({ tensors: inputs, operators: [], inputs: inputs.map((_, index) => index), outputs: [] }, SEED)
}

/**
 * Everything twice: the runner poisons the context before every second vector, and each is once such a one and once
 * finds what another has left behind.
 */
function twice<Item>(items: readonly Item[]): readonly Item[] {
  return [...items.slice(0, 1), ...items, ...items.slice(1).toReversed()]
}

/** What the oracle makes of the hard inputs of each model; nothing where there is no oracle. */
async function askOracle(subjects: readonly Subject[]): Promise<readonly OracleResult[]> {
  if (!oracleAvailable()) return []
  const jobs = subjects.map((subject) => ({ model: subject.file, vectors: hardInputs(subject) }))
  return runOracle(jobs, join(WORK, 'oracle'))
}

/** The vectors to run a model on: the committed ones of the project's own, and those that the oracle has answered. */
async function vectorsOf(subject: Subject, answer: OracleResult | undefined): Promise<readonly Vector[]> {
  const model = ownFiles.find(({ name }) => name === subject.name)
  const golden = model === undefined ? [] : await readGolden(model)
  const outputs = answer?.status === 'ok' ? answer.vectors : []
  const inputs = hardInputs(subject)
  const live = outputs.map((each, index): Vector => ({ inputs: inputs[index] ?? [], outputs: each }))
  return [...golden, ...live]
}

/** Integers have to equal the oracle's; float32 to be within the project's tolerance. */
function formats({ sources }: Subject): readonly OutputFormat[] {
  return sources.facts.outputs.map(({ type }) => ({ type, tolerance: type === 'float32' ? null : 0 }))
}

/** How what a model gave differs from what it should have; undefined when it does not. */
function differenceOf(
  subject: Subject,
  vectors: readonly Vector[],
  result: HostResult | undefined,
): string | undefined {
  if (result?.ok !== true) return result?.message ?? 'no result'
  const expected = vectors.map(({ outputs }) => outputs)
  return vectorDifference(expected, result.outputs, formats(subject))
}

const own = await compileAll(ownFiles)
const foreign = await compileAll(foreignFiles)
const subjects = [...own, ...foreign]
const answers = await askOracle(subjects)
const vectors = await Promise.all(subjects.map((subject, index) => vectorsOf(subject, answers[index])))

t.test('each vector meets a poisoned context and a used one', (t) => {
  for (const count of [1, 4, 5, 10]) {
    const numbers = Array.from({ length: count }, (_, index) => index)
    const meetings = twice(numbers).map((number, place) => `${number} ${place % 2 === 0 ? 'poisoned' : 'used'}`)
    t.equal(new Set(meetings).size, 2 * count, `${count} vectors`)
  }
  t.end()
})

t.test('a write outside of the context does not go unnoticed', { skip: skipWithout('g++') }, async (t) => {
  const [subject] = own
  if (subject === undefined) return t.fail('a model')
  const { name, sources } = subject
  const overrun = `(reinterpret_cast<volatile uint8_t *>(context))[sizeof *context] = 0;\n  return ${name}_ok;`
  const files = sources.files.map((file) => ({
    ...file,
    contents: file.contents.replace(`return ${name}_ok;`, overrun),
  }))
  const models = [{ name, sources: { ...sources, files }, vectors: hardInputs(subject).slice(0, 1) }]
  const [guarded] = await runOnHost(models, join(WORK, 'overrun'), { command: 'g++', flags: ['-O1'] })
  t.match(guarded, { ok: false, stage: 'run', message: /bytes around the context/ })
  const [sanitized] = await runOnHost(models, join(WORK, 'overrun'), compilers[0] ?? { command: 'g++', flags: [] })
  t.match(sanitized, { ok: false, stage: 'run', message: /AddressSanitizer/ })
})

t.test('the oracle runs every model', { skip: skipWithoutOracle() }, (t) => {
  for (const [index, { name }] of subjects.entries()) t.match(answers[index], { status: 'ok' }, name)
  t.end()
})

for (const compiler of compilers) {
  const { command } = compiler
  t.test(`under the sanitizers of ${command}`, { skip: skipWithout(command) }, async (t) => {
    const models = subjects.map(({ name, sources }, index) => ({
      name,
      sources,
      vectors: twice(vectors[index] ?? []).map(({ inputs }) => inputs),
    }))
    const results = await runOnHost(models, join(WORK, command), compiler)
    const verdicts = subjects.map((subject, index) => {
      const expected = twice(vectors[index] ?? [])
      return { subject, vectors: expected.length, difference: differenceOf(subject, expected, results[index]) }
    })
    const verdictsOf = (list: readonly Subject[]) => verdicts.filter(({ subject }) => list.includes(subject))
    t.test("the project's own models give what the oracle gives", async (t) => {
      for (const { subject, vectors, difference } of verdictsOf(own)) {
        t.ok(vectors >= 8)
        t.equal(difference, undefined, subject.name)
      }
    })
    t.test('those of others do', { skip: skipWithoutForeign || skipWithoutOracle() }, async (t) => {
      for (const { subject, vectors, difference } of verdictsOf(foreign)) {
        t.equal(vectors, 12)
        t.equal(difference, undefined, subject.name)
      }
    })
  })
}
