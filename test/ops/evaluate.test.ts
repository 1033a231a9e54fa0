import t from 'tap'
import { type Graph, InternalError, NO_TENSOR, type Operator, toBytes } from '../../src/ir/index.js'
import { builtinOperators, evaluateGraph, type OperatorDefinition } from '../../src/ops/index.js'
import { constant, tensor } from '../support/instances.js'

const pair = tensor({ type: 'float32', shape: [2] })
const operator = (
  kind: string,
  inputs: readonly number[],
  outputs: readonly number[],
  options: unknown = null,
): Operator => ({
  ...{ kind, index: 0, version: 1 },
  inputs,
  outputs,
  options,
})
const add = (a: number, b: number, sum: number): Operator => operator('ADD', [a, b], [sum], { activation: 'NONE' })

function graphOf(changes: Partial<Graph>): Graph {
  const tensors = (changes.tensors ?? Array.from({ length: 5 }, () => pair)).map((each, index) => ({ ...each, index }))
  return { name: '', operators: [], inputs: [0], outputs: [1], ...changes, tensors }
}

const run = (graph: Graph, ...inputs: readonly Float32Array[]): readonly unknown[] =>
  evaluateGraph(graph, builtinOperators, inputs)

t.test('runs the operators in order', (t) => {
  const graph = graphOf({ operators: [add(0, 1, 2), add(2, 0, 3)], inputs: [0, 1], outputs: [3] })
  t.same(run(graph, Float32Array.of(1, 2), Float32Array.of(10, 20)), [Float32Array.of(12, 24)])
  t.end()
})

t.test('takes constants from the graph', (t) => {
  const graph = graphOf({
    tensors: [pair, constant(Float32Array.of(5, 6)), pair],
    operators: [add(0, 1, 2)],
    outputs: [2],
  })
  t.same(run(graph, Float32Array.of(1, 2)), [Float32Array.of(6, 8)])
  t.end()
})

t.test('outputs may be inputs, constants, and listed twice', (t) => {
  const graph = graphOf({ tensors: [pair, constant(Int32Array.of(7))], outputs: [1, 0, 0] })
  const input = Float32Array.of(1, 2)
  t.same(run(graph, input), [Int32Array.of(7), input, input])
  t.end()
})

t.test('an input that is left out is undefined to the operator', (t) => {
  const seen: unknown[] = []
  const spy: OperatorDefinition = {
    ...(builtinOperators.get('RELU') as OperatorDefinition),
    kind: 'SPY',
    evaluate: ({ inputs }, values) => {
      seen.push(...inputs, ...values)
      return [Float32Array.of(1, 1), Float32Array.of(2, 2)]
    },
  }
  const graph = graphOf({ operators: [operator('SPY', [NO_TENSOR], [1, 2])], outputs: [2, 1] })
  const results = evaluateGraph(graph, new Map([['SPY', spy]]), [Float32Array.of(0, 0)])
  t.same(seen, [undefined, undefined])
  t.same(results, [Float32Array.of(2, 2), Float32Array.of(1, 1)], 'several outputs keep their order')
  t.end()
})

t.test('a computed value counts before the constant that a tensor had', (t) => {
  const stale = { ...pair, data: toBytes(Float32Array.of(9, 9)) }
  const graph = graphOf({ tensors: [pair, stale], operators: [add(0, 0, 1)] })
  t.same(run(graph, Float32Array.of(1, 2)), [Float32Array.of(2, 4)])
  t.end()
})

t.test('an operator that nobody defines is a defect', (t) => {
  t.throws(() => run(graphOf({ operators: [operator('NOTHING', [0], [1])] }), Float32Array.of(1, 2)), InternalError)
  t.end()
})
