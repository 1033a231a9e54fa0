import t from 'tap'
import { tensorAt, toElements } from '../../src/ir/index.js'
import { foldZeroPoints } from '../../src/passes/fold-zero-points.js'
import { graphFrom } from '../support/graphs.js'
import { activation, bias, chain, conv, weights } from '../support/layers.js'
import { runUnchanged } from './unchanged.js'

t.test('the zero point moves into the bias, padding included', (t) => {
  const tensors = [
    activation('x', [1, 5, 4, 2], 0.05, 17),
    weights('w', [3, 3, 3, 2]),
    bias('b', [100, -2147483648, 2147483647]),
    activation('y', [1, 5, 4, 3], 0.3, 4),
  ]
  const graph = runUnchanged(foldZeroPoints, graphFrom(chain(tensors, [conv([0, 1, 2], 3, 'SAME')])))
  t.match(graph.operators[0]?.options, { zeroPointFolded: true })
  t.end()
})

t.test('a bias that is left out becomes the folded zero point', (t) => {
  const data = Int8Array.from([1, 2, 3, -4, 5, 6])
  const tensors = [
    activation('x', [2, 3], 0.05, 10),
    { ...weights('w', [2, 3]), data },
    activation('y', [2, 2], 0.3, 4),
  ]
  const spec = chain(tensors, [{ kind: 'FULLY_CONNECTED', inputs: [0, 1, -1], outputs: [2], options: {} }])
  const graph = runUnchanged(foldZeroPoints, graphFrom(spec))
  const folded = tensorAt(graph, graph.operators[0]?.inputs[2] ?? -1)
  t.same(Array.from(toElements('int32', folded.data ?? new Uint8Array()) ?? []), [-60, -70])
  t.end()
})
