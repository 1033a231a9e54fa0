import { readdirSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import t from 'tap'
import { currentVectors, goldenFolder, goldenPath, goldenVectors, readGolden } from './golden.js'
import { ownModels } from './models.js'
import { skipWithoutOracle } from './oracle.js'
import { inputVectors } from './vectors.js'

const models = ownModels()

t.test('every model of the project has golden vectors, and no other file is among them', async (t) => {
  t.ok(models.length >= 6, `${models.length} models`)
  for (const model of models) {
    const vectors = await goldenVectors(model)
    t.equal(vectors.length, 4, model.name)
    t.ok(statSync(goldenPath(model)).size < 50_000, `${model.name} is small`)
    t.same(
      vectors.map(({ inputs }) => inputs),
      inputVectors(await readFile(model.path), vectors.length),
      `the inputs of ${model.name} are those of this machine`,
    )
    const distinct = new Set(vectors.map(({ outputs }) => Buffer.concat(outputs).toString('hex')))
    t.ok(distinct.size > 1, `the outputs of ${model.name} depend on its inputs`)
  }
  t.same(readdirSync(goldenFolder).sort(), models.map(({ name }) => `${name}.json`).sort())
})

t.test('the oracle still gives the golden vectors', { skip: skipWithoutOracle() }, async (t) => {
  for (const model of models) t.same(await currentVectors(model), await readGolden(model), model.name)
})

t.test('vectors of another version of a model are refused', async (t) => {
  const [first, second] = models
  if (first === undefined || second === undefined) return t.fail('two models')
  await t.rejects(readGolden({ ...first, path: second.path }), /another version of it/)
  await t.rejects(readGolden({ ...first, name: 'absent' }), /no golden vectors of absent/)
})
