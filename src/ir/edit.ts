import type { Graph, Operator, TensorIndex } from './graph.js'
import type { Tensor } from './tensor.js'

/** The graph with `tensor` added at the end; its index there. */
export function addTensor(
  graph: Graph,
  tensor: Omit<Tensor, 'index'>,
): { readonly graph: Graph; readonly index: TensorIndex } {
  const index = graph.tensors.length
  return { graph: { ...graph, tensors: [...graph.tensors, { ...tensor, index }] }, index }
}

/** The graph with one tensor replaced by another of the same index. */
export function replaceTensor(graph: Graph, tensor: Tensor): Graph {
  return { ...graph, tensors: graph.tensors.map((old) => (old.index === tensor.index ? tensor : old)) }
}

/** The graph with `next` in the place of `operator`; nothing instead of it when `next` is left out. */
export function replaceOperator(graph: Graph, operator: Operator, next?: Operator): Graph {
  const operators = graph.operators.flatMap((old) => (old === operator ? (next === undefined ? [] : [next]) : [old]))
  return { ...graph, operators }
}

/** The operator that computes a tensor, if any. */
export function producerOf(graph: Graph, tensor: TensorIndex): Operator | undefined {
  return graph.operators.find(({ outputs }) => outputs.includes(tensor))
}
