import { join } from 'node:path'
import t from 'tap'
import { INPUT_MODES, type InputMode } from '../../src/compile.js'
import { GRANULARITIES, type Granularity } from '../../src/ops/index.js'
import { runOnHost } from '../fuzz/host-program.js'
import { askOracle, differenceOf, sanitizingCompilers, twice, vectorsOf } from '../models/runs.js'
import { compileAll, foreignFiles, ownFiles, type Subject } from '../models/subjects.js'
import type { Vector } from '../support/firmware.js'
import { projectRoot, skipWithout } from '../support/toolchain.js'

const WORK = join(projectRoot, 'build/test/modes/host')
/** All but what test/models is about. */
const MODES = GRANULARITIES.flatMap((ram) => INPUT_MODES.map((mode) => ({ ram, mode }))).filter(
  ({ ram, mode }) => ram !== 'row' || mode !== 'resident',
)

/** A model compiled in one mode and granularity. */
interface ModeSubject {
  readonly ram: Granularity
  readonly mode: InputMode
  readonly subject: Subject
  /** The vectors to run, in order. Without an oracle, models of others have none. */
  readonly vectors: readonly Vector[]
}

async function inAllModes(): Promise<readonly ModeSubject[]> {
  const files = [...ownFiles, ...foreignFiles]
  const answers = await askOracle(await compileAll(files), WORK)
  const modes = await Promise.all(
    MODES.map(async ({ ram, mode }) => {
      const subjects = await compileAll(files, mode, ram)
      return Promise.all(
        subjects.map(async (subject, index) => {
          const vectors = twice(await vectorsOf(subject, answers[index]))
          return { ram, mode, subject, vectors }
        }),
      )
    }),
  )
  return modes.flat().filter(({ vectors }) => vectors.length > 0)
}

const all = await inAllModes()

t.test('every mode has models to run, and inputs that come in several units', (t) => {
  for (const { ram, mode } of MODES) {
    const subjects = all.filter((each) => each.mode === mode && each.ram === ram).map(({ subject }) => subject)
    t.ok(subjects.length >= ownFiles.length, `${ram}, ${mode}: ${subjects.length} models`)
    for (const { sources } of subjects) t.equal(sources.facts.inputMode, mode)
    const units = subjects.map(({ sources }) => sources.facts.units?.count ?? 0)
    t.equal(mode === 'preserve' || mode === 'resident', Math.max(...units) === 0)
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
    for (const [index, { ram, mode, subject, vectors }] of all.entries()) {
      t.equal(differenceOf(subject, vectors, results[index]), undefined, `${subject.name}, ${ram}, ${mode}`)
    }
  })
}
