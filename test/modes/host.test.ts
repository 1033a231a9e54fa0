import { join } from 'node:path'
import t from 'tap'
import type { InputMode } from '../../src/compile.js'
import { runOnHost } from '../fuzz/host-program.js'
import { askOracle, differenceOf, sanitizingCompilers, twice, vectorsOf } from '../models/runs.js'
import { compileAll, foreignFiles, ownFiles, type Subject } from '../models/subjects.js'
import type { Vector } from '../support/firmware.js'
import { projectRoot, skipWithout } from '../support/toolchain.js'

const WORK = join(projectRoot, 'build/test/modes/host')
/** `resident` is what test/models is about. */
const MODES = ['preserve', 'stream', 'callback'] as const satisfies readonly InputMode[]

/** A model compiled in one mode. */
interface ModeSubject {
  readonly mode: InputMode
  readonly subject: Subject
  /** The vectors to run, in order. Without an oracle, models of others have none. */
  readonly vectors: readonly Vector[]
}

async function inAllModes(): Promise<readonly ModeSubject[]> {
  const files = [...ownFiles, ...foreignFiles]
  const answers = await askOracle(await compileAll(files), WORK)
  const modes = await Promise.all(
    MODES.map(async (mode) => {
      const subjects = await compileAll(files, mode)
      return Promise.all(
        subjects.map(async (subject, index) => {
          const vectors = twice(await vectorsOf(subject, answers[index]))
          return { mode, subject, vectors }
        }),
      )
    }),
  )
  return modes.flat().filter(({ vectors }) => vectors.length > 0)
}

const all = await inAllModes()

t.test('every mode has models to run, and inputs that come in several units', (t) => {
  for (const mode of MODES) {
    const subjects = all.filter((each) => each.mode === mode).map(({ subject }) => subject)
    t.ok(subjects.length >= ownFiles.length, `${mode}: ${subjects.length} models`)
    for (const { sources } of subjects) t.equal(sources.facts.inputMode, mode)
    const units = subjects.map(({ sources }) => sources.facts.units?.count ?? 0)
    t.equal(mode === 'preserve', Math.max(...units) === 0)
  }
  t.end()
})

for (const compiler of sanitizingCompilers) {
  const { command } = compiler
  t.test(`under the sanitizers of ${command}`, { skip: skipWithout(command) }, async (t) => {
    const models = all.map(({ subject: { sources }, vectors }) => ({
      name: sources.facts.name,
      sources,
      vectors: vectors.map(({ inputs }) => inputs),
    }))
    const results = await runOnHost(models, join(WORK, command), compiler)
    for (const [index, { mode, subject, vectors }] of all.entries()) {
      t.equal(differenceOf(subject, vectors, results[index]), undefined, `${subject.name}, ${mode}`)
    }
  })
}
