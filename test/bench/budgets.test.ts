import { join } from 'node:path'
import t from 'tap'
import { readBaseline } from '../../bench/baseline.js'
import { readBudgets } from '../../bench/budgets.js'
import { measureModel, optimization } from '../../bench/measure.js'
import { prepareModel } from '../../bench/prepare.js'
import { factsOf, settingNames } from '../../bench/settings.js'
import { allModels, ownModels } from '../support/models.js'
import { skipWithoutOracle } from '../support/oracle.js'
import { projectRoot, skipWithout } from '../support/toolchain.js'

const workDir = join(projectRoot, 'build', 'test', 'budgets')
const budgets = readBudgets(readBaseline())
const models = new Map(allModels().map((model) => [model.name, model]))
const tools = skipWithoutOracle() || skipWithout('arm-none-eabi-gcc', 'qemu-system-arm')

t.test('budgets are those of the tables', async (t) => {
  t.equal(budgets.optimization, optimization)
  t.equal(budgets.models.length, 3 * (6 + ownModels().length))
  t.same(
    budgets.models.filter(({ model }) => model === 'mlperf_tiny_kws_int8'),
    [
      {
        model: 'mlperf_tiny_kws_int8',
        setting: 'default',
        ram: 6_000,
        code: 8_192,
        romCode: 19_968,
        instructions: 0.48 * 7_697_200,
      },
      { model: 'mlperf_tiny_kws_int8', setting: 'ram', ram: 5_600 },
      { model: 'mlperf_tiny_kws_int8', setting: 'least', ram: 4_200 },
    ],
  )
})

t.test("each of the project's own models has a budget of RAM in each setting", async (t) => {
  for (const { name } of ownModels()) {
    const budgeted = budgets.models.filter(({ model }) => model === name)
    t.same(
      budgeted.map(({ setting }) => setting),
      settingNames.filter((setting) => setting !== 'speed'),
    )
  }
})

for (const budget of budgets.models) {
  const file = models.get(budget.model)
  const skip = tools || (file === undefined && 'no ../shared/models beside the repository')
  const { title } = factsOf(budget.setting)
  t.test(`${budget.model} is exact and keeps its budget on ${budgets.core}, with ${title}`, { skip }, async (t) => {
    const model = file && (await prepareModel(file, workDir, budget.setting))
    if (model === undefined || 'obstacle' in model) return t.fail('the model compiles', { model })
    const measurement = await measureModel(model, budgets.core, workDir)
    if (measurement.status !== 'measured') return t.fail(measurement.reason)
    t.equal(measurement.exact, true, `equal to the oracle on ${measurement.vectors} vectors`)
    for (const column of ['ram', 'code', 'romCode', 'instructions'] as const)
      if (budget[column] !== undefined)
        t.ok(measurement[column] <= budget[column], `${column} ${measurement[column]}, at most ${budget[column]}`)
  })
}
