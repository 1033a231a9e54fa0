import {
  type Graph,
  type Operator,
  replaceOperator,
  replaceTensor,
  type Tensor,
  tensorAt,
  tensorBytes,
  toBytes,
} from '../ir/index.js'
import { type ChannelRanges, isConstant } from '../ops/channel-ranges.js'
import { analyzeChannels } from './channel-analysis.js'
import type { Pass } from './pass.js'

/** An output of the model that never changes is stored, unless it is larger than what computes it is likely to be. */
const MAX_OUTPUT_BYTES = 1024

const STRETCHING = new Set(['ADD', 'MUL', 'SUB'])

/** True when all readers are operators that stretch one vector over what they combine it with. */
function isStretched(graph: Graph, tensor: Tensor): boolean {
  const readers = graph.operators.filter(({ inputs }) => inputs.includes(tensor.index))
  return readers.every(({ kind, inputs, outputs }) => {
    const others = inputs.filter((index) => index !== tensor.index)
    const whole = tensorAt(graph, outputs[0] ?? -1).shape.join()
    return STRETCHING.has(kind) && others.some((index) => tensorAt(graph, index).shape.join() === whole)
  })
}

function fold(graph: Graph, operator: Operator, ranges: ChannelRanges | undefined): Graph {
  const [output] = operator.outputs.map((index) => tensorAt(graph, index))
  if (output === undefined || !ranges?.every(isConstant)) return graph
  const isOutput = graph.outputs.includes(output.index)
  if (isOutput ? tensorBytes(output) > MAX_OUTPUT_BYTES : !isStretched(graph, output)) return graph
  const shape = isOutput ? output.shape : [ranges.length]
  const values = new Int8Array(isOutput ? tensorBytes(output) : ranges.length)
  values.forEach((_, i) => (values[i] = ranges[i % ranges.length]?.min ?? 0))
  return replaceOperator(replaceTensor(graph, { ...output, shape, data: toBytes(values) }), operator)
}

/** Makes constants of tensors whose channels all are, where these are smaller than what computes them. */
export const foldConstantTensors: Pass = {
  name: 'fold-constant-tensors',
  keeps: 'A tensor of which each channel has one possible value is that constant.',
  run(graph, { operators }) {
    const { flows, ranges } = analyzeChannels(graph, operators)
    return graph.operators.reduce(
      (current, operator) =>
        flows.has(operator) ? fold(current, operator, ranges.get(operator.outputs[0] ?? -1)) : current,
      graph,
    )
  },
}
