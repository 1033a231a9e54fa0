import { join } from 'node:path'
import t from 'tap'
import { compileSources } from '../../src/compile.js'
import { collect } from '../../src/diagnostics.js'
import { randomLanes } from '../fuzz/random-lanes.js'
import { cores } from '../support/cores.js'
import { writeModel } from '../support/model-writer.js'
import { skipWithoutOracle } from '../support/oracle.js'
import { PLAN_OPTIONS } from '../support/programs.js'
import { runSeed } from '../support/random.js'
import { runSources } from '../support/sources.js'
import { projectRoot, skipWithout } from '../support/toolchain.js'
import { oracleVectors } from '../support/vectors.js'

const workDir = join(projectRoot, 'build', 'test', 'firmware-lanes')
const CORES = [cores['cortex-m4f'], cores['cortex-m0plus']]
const MODELS = 8

const skip = skipWithout('arm-none-eabi-gcc', 'qemu-system-arm') || skipWithoutOracle()

/** Calls of a source that run lane by lane, with results that wait. */
const delayed = (source: string): boolean => /_lanes\([^;]*at<\w+>\(arena, \d+\), [1-9]\d*\);/.test(source)

t.test(
  'operators that run lane by lane are exact on a core with and one without kernels of its own',
  { skip },
  async (t) => {
    const seed = runSeed(8)
    let run = 0
    for (let index = 0; run < MODELS && index < 200; index += 1) {
      const { name, model } = randomLanes(seed, index)
      const file = writeModel(model)
      const compiled = collect(() => compileSources(file, { ...PLAN_OPTIONS, optimize: 'ram', cpu: 'any', name }))
      if ('diagnostics' in compiled) continue
      const { files, facts } = compiled.value.sources
      const code = files.filter(({ path }) => path.endsWith('.cpp'))
      if (!code.every(({ contents }) => delayed(contents))) continue
      run += 1
      const vectors = await oracleVectors(file, 3, join(workDir, 'oracle', name))
      for (const core of CORES) {
        const wrong = await runSources(core, files, { name, io: facts, vectors, workDir })
        t.same(wrong, [], `seed ${seed}, model ${index}, on ${core.id}`)
      }
    }
    t.equal(run, MODELS)
  },
)
