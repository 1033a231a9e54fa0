import { join } from 'node:path'
import t from 'tap'
import { compileSources } from '../../src/compile.js'
import { collect } from '../../src/diagnostics.js'
import { randomSequences } from '../fuzz/random-sequences.js'
import { cores } from '../support/cores.js'
import { writeModel } from '../support/model-writer.js'
import { skipWithoutOracle } from '../support/oracle.js'
import { PLAN_OPTIONS } from '../support/programs.js'
import { runSeed } from '../support/random.js'
import { runSources } from '../support/sources.js'
import { projectRoot, skipWithout } from '../support/toolchain.js'
import { oracleVectors } from '../support/vectors.js'

const workDir = join(projectRoot, 'build', 'test', 'firmware-sequences')
/** One for each kernel set whose rows are faster than its pixels. */
const CORES = [cores['cortex-m4f'], cores['cortex-m0plus'], cores['cortex-m55']]
const MODES = ['resident', 'preserve', 'stream', 'callback'] as const
const GOALS = ['balanced', 'speed'] as const
const MODELS = process.env['EONC_LONG'] === undefined ? 16 : 200

const skip = skipWithout('arm-none-eabi-gcc', 'qemu-system-arm') || skipWithoutOracle()

/** Calls of a source that make a segment, and those of them that may find it torn in a ring. */
const SEGMENT = /eonc_window_segment\(\s[^;]*\);/g
const mayBeTorn = (call: string): boolean => !call.includes('nullptr')

t.test('sequences that are made some pixels at a time are exact on every kernel set', { skip }, async (t) => {
  const seed = runSeed(12)
  let run = 0
  let torn = 0
  for (let index = 0; run < MODELS && index < 40 * MODELS; index += 1) {
    const { name, model } = randomSequences(seed, index)
    const file = writeModel(model)
    const input = MODES[run % MODES.length] ?? 'resident'
    const optimize = GOALS[Math.floor(run / MODES.length) % GOALS.length] ?? 'balanced'
    const compiled = collect(() => compileSources(file, { ...PLAN_OPTIONS, input, optimize, name }))
    if ('diagnostics' in compiled) continue
    const { files, facts } = compiled.value.sources
    const segments = files.flatMap(({ contents }) => contents.match(SEGMENT) ?? [])
    if (segments.length === 0) continue
    run += 1
    if (segments.some(mayBeTorn)) torn += 1
    const vectors = await oracleVectors(file, 3, join(workDir, 'oracle', name))
    for (const core of CORES) {
      const wrong = await runSources(core, files, { name, io: facts, vectors, workDir })
      t.same(wrong, [], `seed ${seed}, model ${index}, ${input}, ${optimize}, on ${core.id}`)
    }
  }
  t.equal(run, MODELS)
  t.ok(torn > MODELS / 4, `${torn} of them have segments that a ring may hold in two pieces`)
})
