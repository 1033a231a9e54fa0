import type { Elements, Graph, TensorIndex } from '../ir/index.js'
import { InternalError, NO_TENSOR, tensorAt, toElements } from '../ir/index.js'
import { instanceOf, type OperatorSet } from './definition.js'

/**
 * Runs a graph by the operators' reference semantics. `inputs` are the graph's inputs in order; gives its outputs in
 * order, as the elements of their own types.
 */
export function evaluateGraph(graph: Graph, operators: OperatorSet, inputs: readonly Elements[]): readonly Elements[] {
  const values = new Map<TensorIndex, Elements>()
  graph.inputs.forEach((index, i) => {
    const value = inputs[i]
    if (value !== undefined) values.set(index, value)
  })
  const valueOf = (index: TensorIndex): Elements | undefined => {
    if (index === NO_TENSOR) return undefined
    const { data, type } = tensorAt(graph, index)
    return values.get(index) ?? (data && toElements(type, data))
  }
  for (const operator of graph.operators) {
    const definition = operators.get(operator.kind)
    if (definition === undefined) throw new InternalError(`no definition of ${operator.kind}`)
    const results = definition.evaluate(instanceOf(graph, operator), operator.inputs.map(valueOf))
    operator.outputs.forEach((index, i) => values.set(index, results[i] as Elements))
  }
  return graph.outputs.map((index) => valueOf(index) as Elements)
}
