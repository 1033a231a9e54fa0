import { addTensor, NO_TENSOR, replaceOperator, tensorAt, toBytes, type Graph, type Operator } from '../ir/index.js'
import { instanceOf } from '../ops/index.js'
import type { Pass, Session } from './pass.js'

function fold(graph: Graph, operator: Operator, { operators }: Session): Graph {
  const definition = operators.get(operator.kind)
  const [data = NO_TENSOR, weights = NO_TENSOR] = operator.inputs
  if (definition?.foldedBias === undefined || tensorAt(graph, data).type !== 'int8') return graph
  const bias = definition.foldedBias(instanceOf(graph, operator))
  const added = addTensor(graph, {
    name: `${tensorAt(graph, operator.outputs[0] ?? NO_TENSOR).name}/folded_bias`,
    type: 'int32',
    shape: [bias.length],
    data: toBytes(bias),
    isVariable: false,
  })
  const options = { ...(operator.options as object), zeroPointFolded: true }
  return replaceOperator(added.graph, operator, { ...operator, inputs: [data, weights, added.index], options })
}

/** Moves the input zero point of convolutions and fully connected layers into their bias. */
export const foldZeroPoints: Pass = {
  name: 'fold-zero-points',
  keeps: 'sum((x - zp) * w) + bias = sum(x * w) + (bias - zp * sum(w)), modulo 2^32, with x = zp in the padding.',
  run: (graph, session) => graph.operators.reduce((current, operator) => fold(current, operator, session), graph),
}
