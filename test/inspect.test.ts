import t from 'tap'
import { inspectModel } from '../src/inspect.js'
import { DiagnosticsError } from '../src/ir/index.js'
import { activation, bias, conv, weights } from './support/layers.js'
import { Network } from './support/network.js'
import { type ModelSpec, writeModel } from './support/model-writer.js'

/** Two convolutions with the same weights, then an operator that nobody knows. */
const spec: ModelSpec = {
  description: 'three layers',
  tensors: [
    activation('x', [1, 4, 4, 2]),
    weights('w', [2, 3, 3, 2]),
    bias('b', [1, 2]),
    activation('first', [1, 4, 4, 2], 0.2, 0),
    activation('second', [1, 2, 2, 2], 0.7, 0),
    activation('y', [1, 2, 2, 2], 0.7, 0),
    weights('unused', [50]),
  ],
  operators: [
    conv([0, 1, 2], 3, 'SAME'),
    conv([3, 1, 2], 4),
    { kind: 'CUSTOM', customCode: 'Mystery', version: 3, inputs: [4], outputs: [5] },
  ],
  inputs: [0],
  outputs: [5],
}
const file = writeModel(spec)

t.test('tells what a file holds as a whole', (t) => {
  t.match(inspectModel(file), {
    description: 'three layers',
    fileBytes: file.length,
    subgraphs: 1,
    inputs: [0],
    outputs: [5],
    // 16 positions of 2 x 3 x 3 x 2 products, then 4
    macs: 16 * 36 + 4 * 36,
  })
  t.end()
})

t.test('weights count once, however many operators read them, and not at all when none does', (t) => {
  const { weightBytes, operators } = inspectModel(file)
  t.equal(weightBytes, 36 + 8)
  t.same(
    operators.map((operator) => operator.weightBytes),
    [44, 44, 0],
  )
  t.end()
})

t.test('describes each tensor', (t) => {
  const { tensors } = inspectModel(file)
  t.equal(tensors.length, 7)
  t.same(tensors[0], {
    index: 0,
    name: 'x',
    type: 'int8',
    shape: [1, 4, 4, 2],
    constantBytes: 0,
    quantization: { scales: [Math.fround(0.05)], zeroPoints: [-3], dimension: 0 },
  })
  t.match(tensors[1], { name: 'w', constantBytes: 36 })
  const [real] = inspectModel(
    writeModel({ tensors: [{ type: 'float32', shape: [2] }], operators: [], inputs: [0], outputs: [0] }),
  ).tensors
  t.same(real, { index: 0, name: '', type: 'float32', shape: [2], constantBytes: 0 })
  t.end()
})

t.test('describes each operator, supported or not', (t) => {
  const { operators } = inspectModel(file)
  t.match(operators[0], {
    index: 0,
    kind: 'CONV_2D',
    version: 1,
    name: 'first',
    inputs: [0, 1, 2],
    outputs: [3],
    supported: true,
    macs: 16 * 36,
    options: { padding: 'SAME', strideWidth: 1 },
  })
  t.same(operators[2], {
    index: 2,
    kind: 'Mystery',
    version: 3,
    name: 'y',
    inputs: [4],
    outputs: [5],
    supported: false,
    weightBytes: 0,
    macs: 0,
  })
  t.end()
})

t.test('counts no products of an operator that breaks a rule', (t) => {
  const wrong = { ...spec, tensors: spec.tensors.with(3, activation('first', [1, 4, 4, 1])) }
  const { operators, macs } = inspectModel(writeModel(wrong))
  t.match(operators[0], { supported: false, macs: 0, options: { padding: 'SAME' } })
  t.equal(macs, operators[1]?.macs)
  t.end()
})

t.test('says what is left out when the model is compiled, if it can be', (t) => {
  const net = new Network()
  const image = net.input([1, 4, 4, 3])
  const weight = (_: number, input: number): number => (input === 2 ? 0 : 5)
  const first = net.conv(image, { outputs: 3 })
  const model = net.model([net.conv(first, { outputs: 2, weight })])
  t.same(inspectModel(writeModel(model)).removed, {
    weights: { before: 9 + 6, after: 6 + 4 },
    macs: { before: 16 * 15, after: 16 * 10 },
    layers: [
      {
        index: 0,
        kind: 'CONV_2D',
        name: `t${first}`,
        channels: { before: 3, after: 2 },
        weights: { before: 9, after: 6 },
        macs: { before: 16 * 9, after: 16 * 6 },
      },
      {
        index: 1,
        kind: 'CONV_2D',
        name: `t${model.outputs[0] ?? 0}`,
        channels: { before: 2, after: 2 },
        weights: { before: 6, after: 4 },
        macs: { before: 16 * 6, after: 16 * 4 },
      },
    ],
  })
  t.equal(inspectModel(file).removed, undefined)
  t.end()
})

t.test('a file that cannot be read is a finding', (t) => {
  t.throws(() => inspectModel(file.subarray(0, 100)), DiagnosticsError)
  t.end()
})
