import type { Graph, Operator, TensorIndex } from '../ir/index.js'
import { channelCount } from '../ops/channel-ranges.js'
import { instanceOf } from '../ops/index.js'
import { type ChannelAnalysis, rangesOfInputs } from './channel-analysis.js'

/** For each int8 tensor that is computed or fed: which of its channels stay. */
export type KeptChannels = ReadonlyMap<TensorIndex, readonly boolean[]>

/** Sets of things numbered 0, 1, 2, ..., which are joined one by one. */
class DisjointSets {
  private readonly parents: number[]

  constructor(count: number) {
    this.parents = Array.from({ length: count }, (_, i) => i)
  }

  /** The number that stands for the set which holds a thing. */
  find(thing: number): number {
    let root = thing
    while (this.parents[root] !== root) root = this.parents[root] ?? root
    this.parents[thing] = root
    return root
  }

  join(a: number, b: number): void {
    this.parents[this.find(a)] = this.find(b)
  }
}

/** Channels that are needed, growing from what must stay to all that this needs. */
class Liveness {
  /** Number of a tensor's first channel. */
  private readonly first = new Map<TensorIndex, number>()
  private readonly counts = new Map<TensorIndex, number>()
  private readonly together: DisjointSets
  private readonly live = new Set<number>()

  constructor(
    private readonly graph: Graph,
    private readonly analysis: ChannelAnalysis,
  ) {
    let count = 0
    for (const index of analysis.ranges.keys()) {
      const tensor = graph.tensors[index]
      this.first.set(index, count)
      this.counts.set(index, tensor === undefined ? 0 : channelCount(tensor))
      count += this.counts.get(index) ?? 0
    }
    this.together = new DisjointSets(count)
    for (const operator of graph.operators) this.tie(operator)
  }

  private tie(operator: Operator): void {
    const labels = this.analysis.flows.get(operator)?.labels
    if (labels === undefined) return
    const labelled = new Map<number, number>()
    const add = (tensor: TensorIndex | undefined, list: readonly number[] | undefined): void => {
      const first = this.first.get(tensor ?? -1)
      if (first === undefined) return
      list?.forEach((label, channel) => {
        const other = labelled.get(label)
        if (other === undefined) labelled.set(label, first + channel)
        else this.together.join(first + channel, other)
      })
    }
    operator.inputs.forEach((tensor, i) => add(tensor, labels.inputs[i]))
    add(operator.outputs[0], labels.output)
  }

  private need(tensor: TensorIndex, channel: number): void {
    const first = this.first.get(tensor)
    if (first !== undefined) this.live.add(this.together.find(first + channel))
  }

  private needAll(tensors: readonly TensorIndex[]): void {
    for (const tensor of tensors) {
      for (let channel = 0; channel < (this.counts.get(tensor) ?? 0); channel += 1) this.need(tensor, channel)
    }
  }

  keptOf(tensor: TensorIndex): readonly boolean[] {
    const first = this.first.get(tensor) ?? 0
    return Array.from({ length: this.counts.get(tensor) ?? 0 }, (_, channel) =>
      this.live.has(this.together.find(first + channel)),
    )
  }

  /** What stays in any case: the model's boundary, and inputs that cannot be cut. */
  needFixed(): void {
    this.needAll([...this.graph.inputs, ...this.graph.outputs])
    for (const operator of this.graph.operators) {
      const flow = this.analysis.flows.get(operator)
      if (flow === undefined) this.needAll([...operator.inputs, ...operator.outputs])
      else this.needAll(operator.inputs.filter((_, i) => flow.labels.inputs[i] === undefined))
    }
  }

  /** Adds what is needed for what is needed already, until that is nothing more. */
  spread(): void {
    let before: number
    do {
      before = this.live.size
      for (const operator of this.graph.operators.toReversed()) this.spreadThrough(operator)
    } while (this.live.size > before)
  }

  private spreadThrough(operator: Operator): void {
    const flow = this.analysis.flows.get(operator)
    const [input = -1] = operator.inputs
    const [output = -1] = operator.outputs
    if (flow?.needs === undefined) return
    const ranges = {
      inputs: rangesOfInputs(instanceOf(this.graph, operator).inputs, flow, this.analysis.ranges),
      output: this.analysis.ranges.get(output) ?? [],
    }
    flow.needs(this.keptOf(output), ranges).forEach((needed, channel) => {
      if (needed) this.need(input, channel)
    })
  }

  /** A tensor without channels is none: of one that nobody needs, the first stays, unless readers can do without it. */
  needOneEach(): void {
    const read = new Set(
      this.graph.operators.flatMap((operator) =>
        this.analysis.flows.get(operator)?.dropsInputs === true ? [] : operator.inputs,
      ),
    )
    for (const tensor of this.first.keys()) {
      if (read.has(tensor) && !this.keptOf(tensor).includes(true)) this.need(tensor, 0)
    }
  }
}

/**
 * The channels that stay: those that outputs of the model are computed from, without the ones that are constant wherever
 * who reads them can do without, and with those that are tied to them, as the operands of a sum are.
 */
export function keptChannels(graph: Graph, analysis: ChannelAnalysis): KeptChannels {
  const liveness = new Liveness(graph, analysis)
  liveness.needFixed()
  liveness.spread()
  liveness.needOneEach()
  liveness.spread()
  return new Map([...analysis.ranges.keys()].map((tensor) => [tensor, liveness.keptOf(tensor)]))
}
