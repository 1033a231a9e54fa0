import t from 'tap'
import { removeDeadCode } from '../../src/passes/remove-dead-code.js'
import { graphFrom, kinds } from '../support/graphs.js'
import { activation, plain } from '../support/layers.js'
import { runUnchanged } from './unchanged.js'

const tensors = [
  activation('x', [1, 8]),
  activation('dead', [1, 8], 0.1, 0),
  activation('deader', [1, 8], 0.2, 0),
  activation('y', [1, 8], 0.3, 0),
]
const operators = [plain('QUANTIZE', 0, 1), plain('QUANTIZE', 1, 2), plain('QUANTIZE', 0, 3)]

t.test('operators that no output needs are dropped', (t) => {
  const graph = runUnchanged(removeDeadCode, graphFrom({ tensors, operators, inputs: [0], outputs: [3] }))
  t.same(kinds(graph), ['QUANTIZE'])
  t.end()
})

t.test('a graph without any is given back as it is', (t) => {
  const graph = graphFrom({ tensors, operators, inputs: [0], outputs: [2, 3] })
  t.equal(runUnchanged(removeDeadCode, graph), graph)
  t.end()
})
