import { type Graph, type Operator, replaceOperator, tensorAt, type TensorIndex, useCounts } from '../ir/index.js'
import type { Pass } from './pass.js'

const from = (operator: Operator): TensorIndex => operator.inputs[0] ?? -1
const to = (operator: Operator): TensorIndex => operator.outputs[0] ?? -1

function stripInput(graph: Graph, quantize: Operator, uses: readonly number[]): Graph {
  const isBoundary = quantize.kind === 'QUANTIZE' && graph.inputs.includes(from(quantize)) && uses[from(quantize)] === 1
  if (!isBoundary || tensorAt(graph, from(quantize)).type !== 'float32') return graph
  const inputs = graph.inputs.map((index) => (index === from(quantize) ? to(quantize) : index))
  return { ...replaceOperator(graph, quantize), inputs }
}

function stripOutput(graph: Graph, dequantize: Operator, uses: readonly number[]): Graph {
  const isBoundary =
    dequantize.kind === 'DEQUANTIZE' && graph.outputs.includes(to(dequantize)) && uses[to(dequantize)] === 1
  if (!isBoundary) return graph
  const outputs = graph.outputs.map((index) => (index === to(dequantize) ? from(dequantize) : index))
  return { ...replaceOperator(graph, dequantize), outputs }
}

/** Drops QUANTIZE at the inputs and DEQUANTIZE at the outputs, when the user asks for it. */
export const stripFloatIo: Pass = {
  name: 'strip-float-io',
  keeps: 'The rest computes the same; the application converts with the scales and zero points of the header.',
  run(graph, session) {
    if (!session.stripFloatIo) return graph
    const uses = useCounts(graph)
    const stripped = graph.operators.reduce((current, operator) => stripInput(current, operator, uses), graph)
    return stripped.operators.reduce((current, operator) => stripOutput(current, operator, uses), stripped)
  },
}
