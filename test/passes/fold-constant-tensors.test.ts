import t from 'tap'
import { type Graph, NO_TENSOR, tensorAt, toElements } from '../../src/ir/index.js'
import { foldConstantTensors } from '../../src/passes/fold-constant-tensors.js'
import { graphFrom, kinds } from '../support/graphs.js'
import { Network, ZERO_POINT } from '../support/network.js'
import { runUnchanged } from './unchanged.js'

/** Far below what weights can make up for. */
const NEVER = -1_000_000

function constantOf(graph: Graph, tensor: number): readonly number[] {
  const { type, data } = tensorAt(graph, tensor)
  return Array.from((data && toElements(type, data)) ?? [])
}

t.test('an output that never changes is stored', (t) => {
  const net = new Network()
  const output = net.dense(net.input([1, 4]), { outputs: 3, bias: [NEVER, -NEVER, NEVER], activation: 'RELU' })
  const graph = runUnchanged(foldConstantTensors, graphFrom(net.model([output])))
  t.same(kinds(graph), [])
  t.same(constantOf(graph, output), [ZERO_POINT, 127, ZERO_POINT])
  t.end()
})

t.test('a branch of a sum that never changes is one value for each channel', (t) => {
  for (const kind of ['ADD', 'SUB', 'MUL'] as const) {
    const net = new Network()
    const image = net.input([1, 4, 4, 3])
    const branch = net.conv(image, { outputs: 3, weight: () => 0, bias: [100, 200, 300] })
    const sum = net.operator({ kind, inputs: [branch, image], options: { activation: 'NONE' } }, [1, 4, 4, 3])
    const graph = runUnchanged(foldConstantTensors, graphFrom(net.model([sum])))
    t.same(kinds(graph), [kind])
    const [first = NO_TENSOR] = graph.operators[0]?.inputs ?? []
    t.same(tensorAt(graph, first).shape, [3])
    // 100 * 0.02 above the zero point, and so on
    t.same(constantOf(graph, first), [-1, 1, 3])
  }
  t.end()
})

t.test('a constant of another shape than the sum, or one that others read, stays as it is', (t) => {
  const net = new Network()
  const image = net.input([1, 4, 4, 3])
  const branch = net.conv(image, { outputs: 3, weight: () => 0, bias: [100, 200, 300] })
  const row = net.constant([3], [1, 2, 3])
  const sum = net.operator({ kind: 'ADD', inputs: [branch, row], options: { activation: 'NONE' } }, [1, 4, 4, 3])
  // padding makes what is computed from the constants vary
  const around = { outputs: 2, kernel: 3, padding: 'SAME' } as const
  const graph = graphFrom(net.model([net.conv(sum, around), net.conv(branch, around)]))
  t.equal(runUnchanged(foldConstantTensors, graph), graph)
  t.end()
})

t.test('an output stays computed when storing it would take more than computing it', (t) => {
  const net = new Network()
  const output = net.conv(net.input([1, 32, 32, 3]), { outputs: 3, weight: () => 0 })
  const graph = graphFrom(net.model([output]))
  t.equal(runUnchanged(foldConstantTensors, graph), graph)
  t.end()
})
