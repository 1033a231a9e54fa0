import { addTensor, type Graph, type Operator, replaceOperator, type Tensor, toBytes, toElements } from '../ir/index.js'
import type { ChannelFlow } from '../ops/channel-flow.js'
import { channelCount } from '../ops/channel-ranges.js'
import { instanceOf } from '../ops/index.js'
import { analyzeChannels, type ChannelAnalysis, rangesOfInputs } from './channel-analysis.js'
import { type KeptChannels, keptChannels } from './kept-channels.js'
import type { Pass, Session } from './pass.js'
import { removeDeadCode } from './remove-dead-code.js'
import { toAlias } from './to-alias.js'

/** A constant of int8 with only some of its channels; undefined when all stay. */
function sliced(tensor: Tensor, kept: readonly boolean[]): Omit<Tensor, 'index'> | undefined {
  if (kept.every(Boolean)) return undefined
  const channels = channelCount(tensor)
  const values = toElements(tensor.type, tensor.data ?? new Uint8Array())
  const left = values?.filter((_, i) => kept[i % channels]) ?? new Int8Array()
  return { ...tensor, shape: tensor.shape.with(-1, kept.filter(Boolean).length), data: toBytes(left) }
}

/** Which channels of each input stay; of a constant, those that have the label of one of the output that does. */
function keptInputs(
  inputs: readonly (Tensor | undefined)[],
  output: readonly boolean[],
  { labels }: ChannelFlow,
  kept: KeptChannels,
): readonly (readonly boolean[] | undefined)[] {
  const stay = labels.output && new Set(labels.output.filter((_, channel) => output[channel]))
  return inputs.map(
    (tensor, i) =>
      kept.get(tensor?.index ?? -1) ?? labels.inputs[i]?.map((label) => stay === undefined || stay.has(label)),
  )
}

/** The operator without inputs of which no channel stays; another name for its only input if there is one left. */
function withoutEmpty(operator: Operator, kept: readonly (readonly boolean[] | undefined)[]): Operator {
  const left = operator.inputs.filter((_, i) => kept[i]?.includes(true) ?? true)
  if (left.length === operator.inputs.length) return operator
  const dropped = { ...operator, inputs: left }
  return left.length === 1 ? toAlias(dropped) : dropped
}

/** The graph with constants of an operator in the shape that the channels which stay ask for; without it if none do. */
function narrow(graph: Graph, operator: Operator, kept: KeptChannels, { flows, ranges }: ChannelAnalysis): Graph {
  const flow = flows.get(operator)
  const [result = -1] = operator.outputs
  const output = kept.get(result)
  if (flow === undefined || output === undefined) return graph
  if (!output.includes(true)) return replaceOperator(graph, operator)
  const { inputs } = instanceOf(graph, operator)
  const channels = { inputs: keptInputs(inputs, output, flow, kept), output }
  const known = { inputs: rangesOfInputs(inputs, flow, ranges), output: ranges.get(result) ?? [] }
  const narrowed = flow.narrow?.(channels, known) ?? {}
  let next = graph
  const indices = [...operator.inputs]
  for (let i = 0; i < Math.max(indices.length, narrowed.inputs?.length ?? 0); i += 1) {
    const [tensor, list] = [inputs[i], channels.inputs[i]]
    const cut = tensor?.data !== undefined && list !== undefined ? sliced(tensor, list) : undefined
    const constant = narrowed.inputs?.[i] ?? cut
    if (constant === undefined) continue
    const added = addTensor(next, constant)
    next = added.graph
    indices[i] = added.index
  }
  const options = narrowed.options ?? operator.options
  const changed = next === graph ? operator : { ...operator, inputs: indices, options }
  const left = flow.dropsInputs === true ? withoutEmpty(changed, channels.inputs) : changed
  return left === operator ? graph : replaceOperator(next, operator, left)
}

/** The graph with computed tensors cut to the channels that stay. */
function cut(graph: Graph, kept: KeptChannels): Graph {
  if ([...kept.values()].every((channels) => channels.every(Boolean))) return graph
  const tensors = graph.tensors.map((tensor) => {
    const channels = kept.get(tensor.index)
    if (channels === undefined || channels.every(Boolean)) return tensor
    return { ...tensor, shape: tensor.shape.with(-1, channels.filter(Boolean).length) }
  })
  return { ...graph, tensors }
}

function removeOnce(graph: Graph, session: Session): Graph {
  const analysis = analyzeChannels(graph, session.operators)
  const kept = keptChannels(graph, analysis)
  const narrowed = graph.operators.reduce((current, operator) => narrow(current, operator, kept, analysis), graph)
  return removeDeadCode.run(cut(narrowed, kept), session)
}

/** Drops channels that are never read, or always have the same value, and puts what they add into later biases. */
export const removeChannels: Pass = {
  name: 'remove-channels',
  keeps:
    'A product of a weight and a constant is a constant, which a bias can hold: unless padding, which has another value, meets the same weight.',
  run(graph, session) {
    let current = graph
    for (;;) {
      const next = removeOnce(current, session)
      if (next === current) return current
      current = next
    }
  },
}
