import { join } from 'node:path'
import t from 'tap'
import { baselineModels, readBaseline, tflmOf } from '../../bench/baseline.js'
import { type Budget, budgetColumns, readBudgets } from '../../bench/budgets.js'
import { measureModel, optimization } from '../../bench/measure.js'
import { prepareModel } from '../../bench/prepare.js'
import { factsOf, mainCore, settingNames } from '../../bench/settings.js'
import type { CoreId } from '../support/cores.js'
import { allModels, ownModels } from '../support/models.js'
import { skipWithoutOracle } from '../support/oracle.js'
import { projectRoot, skipWithout } from '../support/toolchain.js'

const workDir = join(projectRoot, 'build', 'test', 'budgets')
const baseline = readBaseline()
const budgets = readBudgets(baseline)
const models = new Map(allModels().map((model) => [model.name, model]))
const tools = skipWithoutOracle() || skipWithout('arm-none-eabi-gcc', 'qemu-system-arm')

/** Models of the baseline that compute with integers. */
const compared = baselineModels(baseline).filter(
  (model) => model.endsWith('_int8') && tflmOf(baseline, model, mainCore, 'cmsis-nn') !== undefined,
)
const budgetsOf = (model: string, core: CoreId): readonly Budget[] =>
  budgets.models.filter((budget) => budget.model === model && budget.core === core)

/** A model as it is measured in a setting: compiled once for all cores. */
const prepared = new Map<string, ReturnType<typeof prepareModel>>()
async function measured({ model, core, setting }: Pick<Budget, 'model' | 'core' | 'setting'>) {
  const file = models.get(model)
  if (file === undefined) throw new Error(`there is no model ${model}`)
  const key = `${model} ${setting}`
  const preparing = prepared.get(key) ?? prepareModel(file, workDir, setting)
  prepared.set(key, preparing)
  const ready = await preparing
  if ('obstacle' in ready) throw new Error(ready.obstacle.reason)
  const measurement = await measureModel(ready, core, workDir)
  if (measurement.status !== 'measured') throw new Error(measurement.reason)
  return measurement
}

t.test('budgets are those of the tables', async (t) => {
  t.equal(budgets.optimization, optimization)
  t.equal(compared.length, 6)
  const theirs = (core: CoreId): number =>
    tflmOf(baseline, 'mlperf_tiny_kws_int8', core, 'cmsis-nn')?.instructions ?? NaN
  const limits = { ram: 6_000, rom: 36_000, code: 8_192, romCode: 19_968 }
  const place = (core: CoreId, setting: string) => ({ model: 'mlperf_tiny_kws_int8', core, setting })
  t.same(budgetsOf('mlperf_tiny_kws_int8', 'cortex-m4f'), [
    { ...place('cortex-m4f', 'default'), ...limits, instructions: 0.48 * theirs('cortex-m4f') },
    { ...place('cortex-m4f', 'ram'), ram: 5_600 },
    { ...place('cortex-m4f', 'least'), ram: 4_200 },
    { ...place('cortex-m4f', 'speed'), instructions: 0.42 * theirs('cortex-m4f') },
  ])
  t.match(budgetsOf('mlperf_tiny_kws_int8', 'cortex-m55'), [
    { setting: 'default', rom: 35_000, instructions: 0.7 * theirs('cortex-m55') },
  ])
})

t.test("each of the project's own models has a budget of RAM in each setting that is for RAM, and one of ROM", (t) => {
  for (const { name } of ownModels()) {
    const budgeted = budgetsOf(name, mainCore)
    t.same(
      budgeted.filter(({ ram }) => ram !== undefined).map(({ setting }) => setting),
      settingNames.filter((setting) => setting !== 'speed' && setting !== 'small'),
    )
    t.match(budgeted.find(({ setting }) => setting === 'default')?.rom, Number)
  }
  t.end()
})

t.test('other cores save as much ROM as the main one by budget, less ten points', (t) => {
  const share = (model: string, core: CoreId): number => {
    const budget = budgetsOf(model, core).find(({ setting }) => setting === 'default')
    return (budget?.rom ?? NaN) / (tflmOf(baseline, model, core, 'cmsis-nn')?.rom ?? NaN)
  }
  for (const model of compared)
    for (const core of ['cortex-m0plus', 'cortex-m55'] as const)
      t.ok(share(model, core) <= share(model, mainCore) + 0.1, `${model} on ${core}: ${share(model, core)}`)
  t.end()
})

for (const budget of budgets.models) {
  const { model, core, setting } = budget
  const skip = tools || (!models.has(model) && 'no ../shared/models beside the repository')
  t.test(`${model} is exact and keeps its budget on ${core}, with ${factsOf(setting).title}`, { skip }, async (t) => {
    const measurement = await measured(budget)
    t.equal(measurement.exact, true, `equal to the oracle on ${measurement.vectors} vectors`)
    for (const column of budgetColumns) {
      const limit = budget[column]
      if (limit !== undefined)
        t.ok(measurement[column] <= limit, `${column} ${measurement[column]}, at most ${Math.round(limit)}`)
    }
  })
}

const dense = 'mlperf_tiny_ad01_int8'
const skip = tools || (!models.has(dense) && 'no ../shared/models beside the repository')
t.test('packed weights take at most three times the instructions', { skip }, async (t) => {
  const [normal, small] = [
    await measured({ model: dense, core: mainCore, setting: 'default' }),
    await measured({ model: dense, core: mainCore, setting: 'small' }),
  ]
  t.ok(small.instructions <= 3 * normal.instructions, `${small.instructions} of ${normal.instructions}`)
  t.ok(small.rom < normal.rom)
  t.equal(small.ram, normal.ram)
})
