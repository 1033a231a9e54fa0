import type { Graph, Operator } from '../ir/index.js'
import { NO_TENSOR, replaceOperator, replaceTensor, tensorAt, tensorBytes, toBytes, toElements } from '../ir/index.js'
import { instanceOf } from '../ops/index.js'
import type { Pass, Session } from './pass.js'

/** Beyond this, computing at run time is cheaper than ROM: it only happens when small constants are broadcast. */
const MAX_BYTES = 2 ** 24

function isConstant(graph: Graph, operator: Operator, { operators }: Session): boolean {
  if (operators.get(operator.kind)?.compileTime === 'shapes') return true
  const known = operator.inputs.every((index) => index === NO_TENSOR || tensorAt(graph, index).data !== undefined)
  return known && operator.outputs.every((index) => tensorBytes(tensorAt(graph, index)) <= MAX_BYTES)
}

function fold(graph: Graph, operator: Operator, { operators }: Session): Graph {
  const inputs = operator.inputs.map((index) => {
    if (index === NO_TENSOR) return undefined
    const { type, data } = tensorAt(graph, index)
    return data && toElements(type, data)
  })
  const results = operators.get(operator.kind)?.evaluate(instanceOf(graph, operator), inputs) ?? []
  const folded = operator.outputs.reduce((current, index, i) => {
    const elements = results[i]
    if (elements === undefined) return current
    return replaceTensor(current, { ...tensorAt(current, index), data: toBytes(elements) })
  }, graph)
  return replaceOperator(folded, operator)
}

/** Computes at compile time what depends on constants alone, or on shapes. */
export const foldConstants: Pass = {
  name: 'fold-constants',
  keeps: 'An operator on constants gives what its reference semantics give, whenever it runs.',
  run: (graph, session) =>
    graph.operators.reduce(
      (current, operator) => (isConstant(current, operator, session) ? fold(current, operator, session) : current),
      graph,
    ),
}
