import t from 'tap'
import { foldConstants } from '../../src/passes/fold-constants.js'
import { graphFrom, kinds } from '../support/graphs.js'
import { activation, integers, plain } from '../support/layers.js'
import { runUnchanged } from './unchanged.js'

t.test('what depends on constants alone is computed once', (t) => {
  const constant = { ...activation('k', [4]), data: Int8Array.from([-128, -3, 0, 127]) }
  const graph = graphFrom({
    tensors: [constant, activation('q', [4], 0.1, 2), activation('x', [1, 4]), activation('y', [1, 4], 0.2, 0)],
    operators: [plain('QUANTIZE', 0, 1), { kind: 'ADD', inputs: [2, 1], outputs: [3], options: {} }],
    inputs: [2],
    outputs: [3],
  })
  t.same(kinds(runUnchanged(foldConstants, graph)), ['ADD'])
  t.end()
})

t.test('an output that depends on constants alone becomes a constant', (t) => {
  const constant = { ...activation('k', [4]), data: Int8Array.from([-128, -3, 0, 127]) }
  const graph = graphFrom({
    tensors: [constant, integers('shape', [2], [2, 2]), activation('y', [2, 2])],
    operators: [{ kind: 'RESHAPE', inputs: [0, 1], outputs: [2] }],
    inputs: [],
    outputs: [2],
  })
  t.same(kinds(runUnchanged(foldConstants, graph)), [])
  t.end()
})
