import type { Graph, Operator, Tensor, TensorIndex } from '../ir/index.js'
import { channelCount, type ChannelRanges, constantRanges, uniformRanges } from '../ops/channel-ranges.js'
import type { ChannelFlow } from '../ops/channel-flow.js'
import { instanceOf, type OperatorSet } from '../ops/index.js'

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
  const known = (tensor: Tensor): void => void ranges.set(tensor.index, uniformRanges(tensor))
  const tensors = graph.inputs.flatMap((index) => graph.tensors[index] ?? [])
  tensors.filter(({ type }) => type === 'int8').forEach(known)
  for (const operator of graph.operators) {
    const instance = instanceOf(graph, operator)
    const [output] = instance.outputs
    if (output?.type !== 'int8') continue
    const flow = instance.inputs[0]?.type === 'int8' ? operators.get(operator.kind)?.channels?.(instance) : undefined
    if (flow === undefined) {
      instance.outputs.forEach(known)
      continue
    }
    flows.set(operator, flow)
    ranges.set(output.index, flow.ranges(rangesOfInputs(instance.inputs, flow, ranges)))
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
