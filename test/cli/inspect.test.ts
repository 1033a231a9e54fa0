import { stat } from 'node:fs/promises'
import t from 'tap'
import { z } from 'zod'
import { allModels } from '../support/models.js'
import { eonc } from './command.js'
import { REMOVED } from './schemas.js'

const count = z.int().min(0)
const TENSOR = z.strictObject({
  index: count,
  name: z.string(),
  type: z.enum(['int8', 'int32', 'float32']),
  shape: z.array(z.int()),
  constantBytes: count,
  quantization: z
    .strictObject({ scales: z.array(z.number().positive()), zeroPoints: z.array(z.int()), dimension: z.int() })
    .optional(),
})
const OPERATOR = z.strictObject({
  index: count,
  kind: z.string().regex(/^[A-Z][A-Z0-9_]+$/),
  version: z.int().min(1),
  name: z.string(),
  inputs: z.array(z.int().min(-1)),
  outputs: z.array(count),
  options: z.record(z.string(), z.unknown()).nullable().optional(),
  supported: z.boolean(),
  macs: count,
  weightBytes: count,
})
const INSPECTION = z.strictObject({
  description: z.string(),
  fileBytes: count,
  subgraphs: z.int().min(1),
  inputs: z.array(count).min(1),
  outputs: z.array(count).min(1),
  tensors: z.array(TENSOR).min(1),
  operators: z.array(OPERATOR).min(1),
  macs: count,
  weightBytes: count,
  removed: REMOVED.optional(),
})

const models = allModels()

t.test('the JSON of every model keeps to its schema, and adds up', async (t) => {
  for (const { name, path } of models) {
    const { stdout } = await eonc(['inspect', path, '--json'])
    const { success, data, error } = INSPECTION.safeParse(JSON.parse(stdout))
    t.ok(success, name, { error: error?.message })
    if (!success) continue
    t.equal(data.fileBytes, (await stat(path)).size)
    t.equal(
      data.operators.reduce((sum, { macs }) => sum + macs, 0),
      data.macs,
    )
    const used = [
      ...data.inputs,
      ...data.outputs,
      ...data.operators.flatMap(({ inputs, outputs }) => [...inputs, ...outputs]),
    ]
    t.ok(
      used.every((index) => index < data.tensors.length),
      'tensors are referred to by their place in the list',
    )
    t.same(
      data.tensors.map(({ index }) => index),
      [...data.tensors.keys()],
    )
    t.equal(
      data.operators.every(({ supported }) => supported),
      !name.includes('hybrid'),
    )
  }
})

t.test('the table has a line for each operator and tensor, none of them endless', async (t) => {
  for (const { name, path } of models.filter(({ own }) => own)) {
    const [{ stdout: table }, { stdout: json }] = [
      await eonc(['inspect', path]),
      await eonc(['inspect', path, '--json']),
    ]
    const { operators, tensors } = INSPECTION.parse(JSON.parse(json))
    const [, operatorTable = '', tensorTable = ''] = table.trimEnd().split('\n\n')
    t.match(operatorTable, /^# +operator +output +MACs +weights +name\n/)
    t.equal(operatorTable.split('\n').length, 1 + operators.length, name)
    t.equal(tensorTable.split('\n').length, 1 + tensors.length, name)
    t.ok(
      `${operatorTable}\n${tensorTable}`.split('\n').every((line) => line.length < 140),
      name,
    )
  }
})
