import {
  type Graph,
  type Operator,
  producerOf,
  replaceOperator,
  type Tensor,
  tensorAt,
  toElements,
  useCounts,
} from '../ir/index.js'
import { instanceOf } from '../ops/index.js'
import { poolSize, type PoolOptions } from '../ops/pool.js'
import { type LeadingPadding, windowAxes, type Windowed, type WindowSize } from '../ops/window.js'
import type { Pass } from './pass.js'

/** What a PAD adds before the rows and columns of an NHWC tensor; undefined when it pads anything else. */
function spatialPadding(graph: Graph, pad: Operator): LeadingPadding | undefined {
  const paddings = tensorAt(graph, pad.inputs[1] ?? -1)
  const values = paddings.data && toElements(paddings.type, paddings.data)
  if (values?.length !== 8 || values[0] || values[1] || values[6] || values[7]) return undefined
  return { top: values[2] ?? 0, left: values[4] ?? 0 }
}

/** What a PAD or PADV2 writes around its input. */
function padValue(graph: Graph, pad: Operator): number | undefined {
  const output = tensorAt(graph, pad.outputs[0] ?? -1)
  const value = pad.inputs[2] === undefined ? undefined : tensorAt(graph, pad.inputs[2])
  if (value === undefined) return output.type === 'int8' ? (output.quantization?.zeroPoints[0] ?? 0) : 0
  return value.data && toElements(value.type, value.data)?.[0]
}

const sameQuantization = (a: Tensor, b: Tensor): boolean =>
  a.quantization?.scales[0] === b.quantization?.scales[0] &&
  a.quantization?.zeroPoints[0] === b.quantization?.zeroPoints[0]

/** An operator that may take over the padding before it: its window, and the value that it ignores in the padding. */
function paddable(
  graph: Graph,
  operator: Operator,
): { readonly size: WindowSize; readonly neutral: number } | undefined {
  const input = tensorAt(graph, operator.inputs[0] ?? -1)
  if (operator.kind === 'CONV_2D' || operator.kind === 'DEPTHWISE_CONV_2D') {
    const [, height = 0, width = 0] = tensorAt(graph, operator.inputs[1] ?? -1).shape
    return { size: { height, width }, neutral: input.type === 'int8' ? (input.quantization?.zeroPoints[0] ?? 0) : 0 }
  }
  if (operator.kind === 'MAX_POOL_2D' && input.type === 'int8') {
    return { size: poolSize(instanceOf(graph, operator as Operator<PoolOptions>)), neutral: -128 }
  }
  return undefined
}

function fold(graph: Graph, operator: Operator, uses: readonly number[]): Graph {
  const window = paddable(graph, operator)
  const [padded = -1, ...rest] = operator.inputs
  const pad = producerOf(graph, padded)
  if (window === undefined || pad === undefined || !/^PAD(V2)?$/.test(pad.kind) || uses[padded] !== 1) return graph
  const [input = -1] = pad.inputs
  const padding = spatialPadding(graph, pad)
  if (padding === undefined || padValue(graph, pad) !== window.neutral) return graph
  if (!sameQuantization(tensorAt(graph, input), tensorAt(graph, padded))) return graph
  const windowed = operator as Operator<Windowed>
  const { rows, columns } = windowAxes(instanceOf(graph, windowed), window.size)
  const leadingPadding = { top: padding.top + rows.before, left: padding.left + columns.before }
  const options: Windowed = { ...windowed.options, leadingPadding }
  const folded = { ...operator, inputs: [input, ...rest], options }
  return replaceOperator(replaceOperator(graph, operator, folded), pad)
}

/** Gives the padding of a PAD operator to the convolution or maximum behind it. */
export const foldPadding: Pass = {
  name: 'fold-padding',
  keeps:
    'Outside its input a convolution reads the zero point, and a maximum the least value: what the PAD writes there.',
  run(graph) {
    const uses = useCounts(graph)
    return graph.operators.reduce((current, operator) => fold(current, operator, uses), graph)
  },
}
