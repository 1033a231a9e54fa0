import t from 'tap'
import { tensorAt } from '../../src/ir/index.js'
import { builtinOperators } from '../../src/ops/index.js'
import { stripFloatIo } from '../../src/passes/strip-float-io.js'
import { graphFrom, kinds } from '../support/graphs.js'
import { activation, plain } from '../support/layers.js'

const graph = graphFrom({
  tensors: [
    { name: 'real in', type: 'float32', shape: [1, 8] },
    activation('x', [1, 8]),
    activation('y', [1, 8], 1 / 256, -128),
    { name: 'real out', type: 'float32', shape: [1, 8] },
  ],
  operators: [plain('QUANTIZE', 0, 1), plain('LOGISTIC', 1, 2), plain('DEQUANTIZE', 2, 3)],
  inputs: [0],
  outputs: [3],
})

t.test('conversions at the boundary go when that is asked for', (t) => {
  const stripped = stripFloatIo.run(graph, { operators: builtinOperators, stripFloatIo: true })
  t.same(kinds(stripped), ['LOGISTIC'])
  const names = [...stripped.inputs, ...stripped.outputs].map((index) => tensorAt(stripped, index).name)
  t.same(names, ['x', 'y'])
  t.end()
})

t.test('they stay when it is not', (t) => {
  t.equal(stripFloatIo.run(graph, { operators: builtinOperators, stripFloatIo: false }), graph)
  t.end()
})

t.test('an input that something else reads too stays', (t) => {
  const shared = graphFrom({
    tensors: [
      { name: 'real in', type: 'float32', shape: [1, 8] },
      activation('x', [1, 8]),
      { name: 'limited', type: 'float32', shape: [1, 8] },
    ],
    operators: [plain('QUANTIZE', 0, 1), plain('RELU', 0, 2)],
    inputs: [0],
    outputs: [1, 2],
  })
  t.same(kinds(stripFloatIo.run(shared, { operators: builtinOperators, stripFloatIo: true })), ['QUANTIZE', 'RELU'])
  t.end()
})
