import t from 'tap'
import type { Graph } from '../../src/ir/index.js'
import { planMemory } from '../../src/memory/index.js'
import { type Buffer, occupancyOf } from '../../src/memory/occupancy.js'
import { scheduled } from '../support/plans.js'
import { graphFrom } from '../support/graphs.js'
import { activation, chain, plain } from '../support/layers.js'
import type { OperatorSpec } from '../support/model-writer.js'

const buffersOf = (graph: Graph): readonly Buffer[] => occupancyOf(graph, scheduled(graph))

const shape = [1, 8]
const reshape = (input: number, output: number): OperatorSpec => ({
  kind: 'RESHAPE',
  inputs: [input],
  outputs: [output],
})

t.test('a chain of element-wise operators runs in one buffer', (t) => {
  const tensors = [activation('x', shape), activation('a', shape, 0.1, 0), activation('y', shape, 0.2, 0)]
  const graph = graphFrom(chain(tensors, [plain('QUANTIZE', 0, 1), plain('RELU', 1, 2)]))
  t.equal(buffersOf(graph).length, 1)
  t.match(planMemory(graph, scheduled(graph)), { bytes: 8, bound: 8 })
  t.end()
})

t.test('an input that is read later is not overwritten', (t) => {
  const graph = graphFrom({
    tensors: [activation('x', shape), activation('a', shape, 0.1, 0), activation('y', shape, 0.2, 0)],
    operators: [plain('QUANTIZE', 0, 1), { kind: 'ADD', inputs: [0, 1], outputs: [2], options: {} }],
    inputs: [0],
    outputs: [2],
  })
  const { offsets, bytes } = planMemory(graph, scheduled(graph))
  t.equal(bytes, 16)
  t.not(offsets.get(0), offsets.get(1))
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
  const { offsets, bytes } = planMemory(graph, scheduled(graph))
  t.equal(offsets.get(1), offsets.get(0))
  t.equal(offsets.get(3), offsets.get(0), 'the last reader runs in place')
  t.not(offsets.get(2), offsets.get(0))
  t.equal(bytes, 16)
  t.end()
})

t.test('an output of the graph lives to the end', (t) => {
  const tensors = [activation('x', shape), activation('a', shape, 0.1, 0), activation('y', shape, 0.2, 0)]
  const spec = chain(tensors, [plain('QUANTIZE', 0, 1), plain('QUANTIZE', 1, 2)])
  const graph = graphFrom({ ...spec, outputs: [1, 2] })
  const { offsets, bytes } = planMemory(graph, scheduled(graph))
  t.equal(bytes, 16)
  t.not(offsets.get(1), offsets.get(2))
  t.end()
})
