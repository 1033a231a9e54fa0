import { elementCount, type Graph, type Operator, outputTensors } from '../ir/index.js'
import { instanceOf, type OperatorSet } from '../ops/index.js'

/** How many of something the model has, and how many are left. */
export interface Reduction {
  readonly before: number
  readonly after: number
}

/** A layer with weights that has lost some of its channels, or of those that it reads. */
export interface ReducedLayer {
  /** Position in the model file. */
  readonly index: number
  readonly kind: string
  /** Name of its output. */
  readonly name: string
  /** Channels of its output. None are left of a layer that is not needed at all. */
  readonly channels: Reduction
  readonly weights: Reduction
  /** Multiply-accumulates of one inference. */
  readonly macs: Reduction
}

/** What a model loses with its constant and dead channels. */
export interface RemovedChannels {
  /** Over all layers, reduced or not. */
  readonly weights: Reduction
  readonly macs: Reduction
  /** The layers that are reduced, in the order of the file. */
  readonly layers: readonly ReducedLayer[]
}

interface Size {
  readonly channels: number
  readonly weights: number
  readonly macs: number
}

const NOTHING: Size = { channels: 0, weights: 0, macs: 0 }

/** The size of an operator with weights; undefined for any other. */
function sizeOf(graph: Graph, operator: Operator, operators: OperatorSet): Size | undefined {
  const macs = operators.get(operator.kind)?.macs
  if (macs === undefined) return undefined
  const instance = instanceOf(graph, operator)
  const [output] = outputTensors(graph, operator)
  return {
    channels: output?.shape.at(-1) ?? 1,
    weights: elementCount(instance.inputs[1]?.shape ?? []),
    macs: macs(instance),
  }
}

/** All operators of a graph, by index in the file: the name of the output, and multiply-accumulates where it has weights. */
export function operatorSizes(
  graph: Graph,
  operators: OperatorSet,
): ReadonlyMap<number, { readonly name: string; readonly macs: number }> {
  return new Map(
    graph.operators.map((operator) => {
      const name = outputTensors(graph, operator)[0]?.name ?? ''
      return [operator.index, { name, macs: sizeOf(graph, operator, operators)?.macs ?? 0 }]
    }),
  )
}

function total(sizes: readonly (readonly [Size, Size])[], of: keyof Size): Reduction {
  return {
    before: sizes.reduce((sum, [before]) => sum + before[of], 0),
    after: sizes.reduce((sum, [, after]) => sum + after[of], 0),
  }
}

/** Compares a graph as it is in its file with what passes have left of it. */
export function removedChannels(source: Graph, graph: Graph, operators: OperatorSet): RemovedChannels {
  const left = new Map(graph.operators.map((operator) => [operator.index, operator]))
  const layers = source.operators.flatMap((operator) => {
    const before = sizeOf(source, operator, operators)
    if (before === undefined) return []
    const kept = left.get(operator.index)
    const after = (kept && sizeOf(graph, kept, operators)) ?? NOTHING
    return [{ operator, before, after }]
  })
  const sizes = layers.map(({ before, after }) => [before, after] as const)
  return {
    weights: total(sizes, 'weights'),
    macs: total(sizes, 'macs'),
    layers: layers
      .filter(({ before, after }) => after.weights < before.weights)
      .map(({ operator, before, after }) => ({
        index: operator.index,
        kind: operator.kind,
        name: outputTensors(source, operator)[0]?.name ?? '',
        channels: total([[before, after]], 'channels'),
        weights: total([[before, after]], 'weights'),
        macs: total([[before, after]], 'macs'),
      })),
  }
}
