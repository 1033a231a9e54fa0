import { type Graph, type Operator, type Tensor, tensorAt, type TensorIndex } from '../ir/index.js'
import { channelCount, type ChannelRanges, constantRanges, uniformRanges } from '../ops/channel-ranges.js'
import type { ChannelFlow } from '../ops/channel-flow.js'
import { instanceOf, type OperatorSet } from '../ops/index.js'

/** A tensor with more is one of elements rather than channels, and takes more time to follow than it is worth. */
const MAX_CHANNELS = 2 ** 16

const hasChannels = (tensor: Tensor): boolean => tensor.type === 'int8' && channelCount(tensor) <= MAX_CHANNELS

/** What is known of the channels of a graph's int8 tensors. */
export interface ChannelAnalysis {
  /** What operators do with channels; one that is not listed needs all of its inputs. */
  readonly flows: ReadonlyMap<Operator, ChannelFlow>
  /** The values that channels of inputs and computed tensors may take. */
  readonly ranges: ReadonlyMap<TensorIndex, ChannelRanges>
}

/** Follows the ranges of values from the inputs of a graph to its outputs. They hold for every inference. */
export function analyzeChannels(graph: Graph, operators: OperatorSet): ChannelAnalysis {
  const flows = new Map<Operator, ChannelFlow>()
  const ranges = new Map<TensorIndex, ChannelRanges>()
  const known = (tensors: readonly Tensor[]): void => {
    for (const tensor of tensors) if (hasChannels(tensor)) ranges.set(tensor.index, uniformRanges(tensor))
  }
  known(graph.inputs.map((index) => tensorAt(graph, index)))
  for (const operator of graph.operators) {
    const instance = instanceOf(graph, operator)
    const computed = [...instance.inputs, ...instance.outputs].filter((tensor) => tensor?.data === undefined)
    const followed = computed.every((tensor) => tensor === undefined || hasChannels(tensor))
    const flow = followed ? operators.get(operator.kind)?.channels?.(instance) : undefined
    const [output] = instance.outputs
    if (flow === undefined || output === undefined) known(instance.outputs)
    else {
      flows.set(operator, flow)
      ranges.set(output.index, flow.ranges(rangesOfInputs(instance.inputs, flow, ranges)))
    }
  }
  return { flows, ranges }
}

/** Ranges of an operator's inputs. Of constants, those that have labels count, or one value for all channels. */
export function rangesOfInputs(
  inputs: readonly (Tensor | undefined)[],
  { labels }: ChannelFlow,
  ranges: ChannelAnalysis['ranges'],
): readonly (ChannelRanges | undefined)[] {
  return inputs.map((tensor, i) => {
    if (tensor?.type !== 'int8') return undefined
    const counts = labels.inputs[i] !== undefined || channelCount(tensor) === 1
    return ranges.get(tensor.index) ?? (tensor.data !== undefined && counts ? constantRanges(tensor) : undefined)
  })
}
