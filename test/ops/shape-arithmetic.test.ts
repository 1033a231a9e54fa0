import { join } from 'node:path'
import t from 'tap'
import { planModel } from '../../src/compile.js'
import { collect } from '../../src/diagnostics.js'
import { InternalError, toBytes } from '../../src/ir/index.js'
import { builtinOperators, evaluateGraph } from '../../src/ops/index.js'
import { pack } from '../../src/ops/pack.js'
import { shape } from '../../src/ops/shape.js'
import { int32 } from '../support/flatbuffer-writer.js'
import { kinds, randomInputs } from '../support/graphs.js'
import { instance, tensor } from '../support/instances.js'
import { activation, bias, integers, weights } from '../support/layers.js'
import { type ModelSpec, type OperatorSpec, type TensorSpec, writeModel } from '../support/model-writer.js'
import { runOracle, skipWithoutOracle } from '../support/oracle.js'
import { PLAN_OPTIONS } from '../support/programs.js'
import { projectRoot } from '../support/toolchain.js'

/** Begin, end and stride of a slice that takes the first element. */
const FIRST = [integers('begin', [1], [0]), integers('end', [1], [1]), integers('stride', [1], [1])]

const number = (name: string): TensorSpec => ({ name, type: 'int32', shape: [] })
const vector = (name: string, length: number): TensorSpec => ({ name, type: 'int32', shape: [length] })

const shapeOf = (input: number, output: number): OperatorSpec => ({ kind: 'SHAPE', inputs: [input], outputs: [output] })

/** A slice with shrink_axis_mask 1. */
const firstOf = (inputs: readonly number[], output: number): OperatorSpec => ({
  kind: 'STRIDED_SLICE',
  inputs,
  outputs: [output],
  options: { rawType: 32, fields: [undefined, undefined, undefined, undefined, int32(1)] },
})

const packOf = (inputs: readonly number[], output: number): OperatorSpec => ({
  kind: 'PACK',
  inputs,
  outputs: [output],
  options: { rawType: 59, fields: [int32(inputs.length), int32(0)] },
})

/** What Keras makes of Flatten and Dense when the batch size is open: the new shape is computed from the old one. */
const flatten: ModelSpec = {
  tensors: [
    { ...activation('x', [1, 4, 4, 2]), shapeSignature: [-1, 4, 4, 2] },
    vector('extents', 4),
    ...FIRST,
    number('batch'),
    { ...number('rest'), data: Int32Array.of(-1) },
    vector('shape', 2),
    { ...activation('flat', [1, 32]), shapeSignature: [-1, 32] },
    weights('w', [3, 32]),
    bias('b', [100, -50, 7]),
    { ...activation('y', [1, 3], 0.6, 4), shapeSignature: [-1, 3] },
  ],
  operators: [
    shapeOf(0, 1),
    firstOf([1, 2, 3, 4], 5),
    packOf([5, 6], 7),
    { kind: 'RESHAPE', inputs: [0, 7], outputs: [8] },
    { kind: 'FULLY_CONNECTED', version: 4, inputs: [8, 9, 10], outputs: [11], options: {} },
  ],
  inputs: [0],
  outputs: [11],
}

t.test('a shape that is computed from a shape leaves no code', (t) => {
  const { graph, model, schedule } = planModel(writeModel(flatten), PLAN_OPTIONS)
  t.same(kinds(graph), ['RESHAPE', 'FULLY_CONNECTED'])
  const kernels = schedule.stages.flatMap(({ flows }) => flows.flatMap(({ selected }) => selected.kernels))
  t.same(
    kernels.map(({ request }) => request.family),
    ['fully_connected'],
  )
  t.match(model.notices, [{ severity: 'notice', code: 'BATCH_ASSUMED' }])
  t.end()
})

t.test('and the model gives what the oracle gives', { skip: skipWithoutOracle() }, async (t) => {
  const file = writeModel(flatten)
  const { source, graph } = planModel(file, PLAN_OPTIONS)
  const inputs = [1, 2, 3].map((seed) => randomInputs(source, seed))
  const job = { model: file, vectors: inputs.map((vector) => vector.map(toBytes)) }
  const [result] = await runOracle([job], join(projectRoot, 'build/test/shape-arithmetic'))
  if (result?.status !== 'ok') return t.fail('the oracle runs the model', { result })
  for (const each of [source, graph]) {
    const ours = inputs.map((vector) => evaluateGraph(each, builtinOperators, vector).map(toBytes))
    t.same(
      ours.map((outputs) => outputs.map((bytes) => [...bytes])),
      result.vectors.map((outputs) => outputs.map((bytes) => [...bytes])),
    )
  }
})

t.test('the shape of what is computed at run time is known as well', (t) => {
  const { graph } = planModel(
    writeModel({
      tensors: [activation('x', [1, 6]), activation('r', [1, 6], 0.1, 0), vector('y', 2)],
      operators: [{ kind: 'RELU', inputs: [0], outputs: [1] }, shapeOf(1, 2)],
      inputs: [0],
      outputs: [2],
    }),
    PLAN_OPTIONS,
  )
  t.same(kinds(graph), [])
  t.same(evaluateGraph(graph, builtinOperators, [new Int8Array(6)]), [Int32Array.of(1, 6)])
  t.end()
})

t.test('arithmetic on data is refused once for each operator that stays', (t) => {
  const data: ModelSpec = {
    tensors: [vector('x', 4), ...FIRST, number('first'), vector('y', 2)],
    operators: [firstOf([0, 1, 2, 3], 4), packOf([4, 4], 5)],
    inputs: [0],
    outputs: [5],
  }
  const planned = collect(() => planModel(writeModel(data), PLAN_OPTIONS))
  const operator = (index: number, kind: string, name: string): object => ({
    code: 'UNSUPPORTED_GRAPH',
    rule: `${kind} is supported on shapes and constants, at compile time`,
    where: { subgraph: 0, operator: { index, kind, name } },
  })
  t.match(planned, { diagnostics: [operator(0, 'STRIDED_SLICE', 'first'), operator(1, 'PACK', 'y')] })
  t.equal('diagnostics' in planned && planned.diagnostics.length, 2)
  t.end()
})

t.test('there is no kernel, and nothing is written in place', (t) => {
  const layer = instance(shape, { inputs: [tensor()], outputs: [tensor({ type: 'int32', shape: [2] })], options: null })
  t.throws(() => shape.lower(layer), InternalError)
  t.match(shape.dataFlow(layer), { inputs: [{ kind: 'whole' }], inPlace: [], lanewise: false, accumulates: false })
  const packed = instance(pack, { inputs: [tensor()], outputs: [tensor()], options: { axis: 0 } })
  t.throws(() => pack.lower(packed), /PACK has no kernel/)
  t.end()
})
