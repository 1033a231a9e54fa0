import { elementBytes, type Graph, tensorAt, tensorBytes, type TensorIndex } from '../ir/index.js'
import type { OperatorSet } from '../ops/index.js'

/** Memory of one tensor and of its other shapes, which are the same bytes. */
export interface Storage {
  /** The tensor that the others are shapes of. */
  readonly root: TensorIndex
  readonly bytes: number
  /** In bytes. */
  readonly alignment: number
}

/** The storage of each tensor that is fed or computed; constants have none. */
export type StorageMap = ReadonlyMap<TensorIndex, Storage>

/** Gives each tensor its storage: operators that only change a shape give none of their own. */
export function storagesOf(graph: Graph, operators: OperatorSet): StorageMap {
  const storages = new Map<TensorIndex, Storage>()
  const open = (root: TensorIndex): Storage => {
    const tensor = tensorAt(graph, root)
    return { root, bytes: tensorBytes(tensor), alignment: Math.max(4, elementBytes(tensor.type) ?? 4) }
  }
  for (const index of graph.inputs) storages.set(index, open(index))
  for (const { kind, inputs, outputs } of graph.operators) {
    const shared = operators.get(kind)?.aliases === true ? storages.get(inputs[0] ?? -1) : undefined
    for (const output of outputs) {
      if (tensorAt(graph, output).data === undefined) storages.set(output, shared ?? open(output))
    }
  }
  return storages
}
