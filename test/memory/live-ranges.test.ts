import t from 'tap'
import type { Graph } from '../../src/ir/index.js'
import { liveRanges } from '../../src/memory/live-ranges.js'
import { builtinOperators } from '../../src/ops/index.js'
import { scheduleLayers } from '../../src/schedule/index.js'
import { graphFrom } from '../support/graphs.js'
import { activation, chain, plain } from '../support/layers.js'
import type { OperatorSpec } from '../support/model-writer.js'

const ranges = (graph: Graph) => {
  const stages = scheduleLayers(graph.operators.map((operator) => ({ operator, kernels: [] })))
  return liveRanges(graph, stages, builtinOperators)
}

const shape = [1, 8]
const reshape = (input: number, output: number): OperatorSpec => ({
  kind: 'RESHAPE',
  inputs: [input],
  outputs: [output],
})

t.test('a chain of element-wise operators runs in one buffer', (t) => {
  const tensors = [activation('x', shape), activation('a', shape, 0.1, 0), activation('y', shape, 0.2, 0)]
  const [buffer, ...others] = ranges(graphFrom(chain(tensors, [plain('QUANTIZE', 0, 1), plain('RELU', 1, 2)])))
  t.same(others, [])
  t.match(buffer, { tensors: [0, 1, 2], bytes: 8, begin: -1, end: 2 })
  t.end()
})

t.test('an input that is read later is not overwritten', (t) => {
  const graph = graphFrom({
    tensors: [activation('x', shape), activation('a', shape, 0.1, 0), activation('y', shape, 0.2, 0)],
    operators: [plain('QUANTIZE', 0, 1), { kind: 'ADD', inputs: [0, 1], outputs: [2], options: {} }],
    inputs: [0],
    outputs: [2],
  })
  const buffers = ranges(graph)
  t.equal(buffers.length, 2)
  t.ok(buffers.find(({ tensors }) => tensors.includes(0)) !== buffers.find(({ tensors }) => tensors.includes(1)))
  t.end()
})

t.test('a tensor in another shape is the same memory, and keeps it alive', (t) => {
  const graph = graphFrom({
    tensors: [
      activation('x', shape),
      activation('reshaped', [2, 4]),
      activation('a', shape, 0.1, 0),
      activation('y', [2, 4], 0.2, 0),
    ],
    operators: [reshape(0, 1), plain('QUANTIZE', 0, 2), plain('QUANTIZE', 1, 3)],
    inputs: [0],
    outputs: [2, 3],
  })
  const buffers = ranges(graph)
  t.same(buffers.find(({ tensors }) => tensors.includes(0))?.tensors, [0, 1, 3])
  t.same(buffers.find(({ tensors }) => tensors.includes(2))?.tensors, [2])
  t.end()
})

t.test('an output of the graph lives to the end', (t) => {
  const tensors = [activation('x', shape), activation('a', shape, 0.1, 0), activation('y', shape, 0.2, 0)]
  const spec = chain(tensors, [plain('QUANTIZE', 0, 1), plain('QUANTIZE', 1, 2)])
  const buffers = ranges(graphFrom({ ...spec, outputs: [1, 2] }))
  t.match(
    buffers.find(({ tensors }) => tensors.includes(1)),
    { end: 2 },
  )
  t.equal(buffers.length, 2)
  t.end()
})
