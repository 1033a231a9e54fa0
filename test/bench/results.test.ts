import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { baselineModels, readBaseline } from '../../bench/baseline.js'
import { benchFolder } from '../../bench/data-file.js'
import { defects, gaps, measuredOn, modelsOf, type Results } from '../../bench/results.js'
import { benchCores, factsOf, settingNames } from '../../bench/settings.js'
import { ownModels } from '../support/models.js'
import { measured, resultsWith } from './samples.js'

const results = resultsWith(
  { model: 'a', core: 'cortex-m4f', setting: 'default', status: 'absent', reason: 'not here' },
  measured({ model: 'b' }),
  measured({ model: 'b', core: 'cortex-m7', exact: false }),
  measured({ model: 'c', exact: null }),
  { model: 'd', core: 'cortex-m4f', setting: 'default', status: 'failed', reason: 'fault 3' },
  { model: 'e', core: 'cortex-m4f', setting: 'default', status: 'refused', reason: 'UNSUPPORTED_TYPE' },
  { model: 'f', core: 'cortex-m55', setting: 'default', status: 'too-large', reason: 'overflowed' },
)

t.test('wrong outputs and failures are defects', async (t) => {
  t.same(defects(results), ['b on cortex-m7 differs from the oracle', 'd on cortex-m4f failed: fault 3'])
})

t.test(
  'what is not there and what was not compared are gaps; a model that is refused or too large is none',
  async (t) => {
    t.same(gaps(results), [
      'a on cortex-m4f: not here',
      'c on cortex-m4f was not compared with the oracle, which is not installed',
    ])
  },
)

t.test('figures are found by model and core', async (t) => {
  t.match(measuredOn(results, 'b', 'cortex-m7'), { exact: false })
  t.equal(measuredOn(results, 'a', 'cortex-m4f'), undefined)
  t.same(modelsOf(results), ['a', 'b', 'c', 'd', 'e', 'f'])
})

t.test('the committed results are whole: all models in all settings on their cores, all of them exact', async (t) => {
  const kept = JSON.parse(readFileSync(join(benchFolder, 'results.json'), 'utf8')) as Results
  const names = [...ownModels().map(({ name }) => name), ...baselineModels(readBaseline())].sort()
  t.same(modelsOf(kept), names)
  t.same(
    kept.measurements.map(({ model, core, setting }) => `${model} ${core} ${setting}`),
    names.flatMap((name) =>
      benchCores.flatMap((core) =>
        settingNames.filter((each) => factsOf(each).cores.includes(core)).map((each) => `${name} ${core} ${each}`),
      ),
    ),
  )
  t.same([...gaps(kept), ...defects(kept)], [])
})
