import { join } from 'node:path'
import t from 'tap'
import { runOnHost } from '../fuzz/host-program.js'
import { skipWithoutOracle } from '../support/oracle.js'
import { projectRoot, skipWithout } from '../support/toolchain.js'
import { askOracle, differenceOf, hardInputs, sanitizingCompilers, twice, vectorsOf } from './runs.js'
import { compileAll, foreignFiles, ownFiles, skipWithoutForeign, type Subject } from './subjects.js'

const WORK = join(projectRoot, 'build/test/models/host')

const own = await compileAll(ownFiles)
const foreign = await compileAll(foreignFiles)
const subjects = [...own, ...foreign]
const answers = await askOracle(subjects, WORK)
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
  const [sanitized] = await runOnHost(
    models,
    join(WORK, 'overrun'),
    sanitizingCompilers[0] ?? { command: 'g++', flags: [] },
  )
  t.match(sanitized, { ok: false, stage: 'run', message: /AddressSanitizer/ })
})

t.test('the oracle runs every model', { skip: skipWithoutOracle() }, (t) => {
  for (const [index, { name }] of subjects.entries()) t.match(answers[index], { status: 'ok' }, name)
  t.end()
})

for (const compiler of sanitizingCompilers) {
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
