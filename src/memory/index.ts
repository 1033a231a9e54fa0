import type { Graph, TensorIndex } from '../ir/index.js'
import type { OperatorSet } from '../ops/index.js'
import type { Stage } from '../schedule/index.js'
import { liveRanges, type Buffer } from './live-ranges.js'
import { packBuffers } from './pack.js'

export type { Buffer } from './live-ranges.js'
export { checkPlan } from './check.js'

/** The arena of a schedule: which bytes each tensor has while it lives. */
export interface MemoryPlan {
  /** Offset in bytes of each tensor that lives in the arena. */
  readonly offsets: ReadonlyMap<TensorIndex, number>
  readonly bytes: number
  /** No layout of this schedule can be smaller. */
  readonly bound: number
  readonly alignment: number
  readonly buffers: readonly Buffer[]
}

/** Plans the arena of a schedule. */
export function planMemory(graph: Graph, stages: readonly Stage[], operators: OperatorSet): MemoryPlan {
  const buffers = liveRanges(graph, stages, operators)
  const packing = packBuffers(buffers)
  const offsets = new Map<TensorIndex, number>()
  buffers.forEach(({ tensors }, i) => {
    for (const index of tensors) offsets.set(index, packing.offsets[i] ?? 0)
  })
  const alignment = Math.max(4, ...buffers.map((buffer) => buffer.alignment))
  return { offsets, bytes: packing.bytes, bound: packing.bound, alignment, buffers }
}
