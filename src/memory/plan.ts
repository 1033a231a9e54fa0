import type { Graph, TensorIndex } from '../ir/index.js'
import type { Schedule } from '../schedule/index.js'
import { type Buffer, occupancyOf } from './occupancy.js'
import { packBuffers } from './pack.js'

/** The arena of a schedule: which bytes each tensor has while it lives. */
export interface MemoryPlan {
  /** Offset in bytes of each tensor that lives in the arena; of its ring, where it has one. */
  readonly offsets: ReadonlyMap<TensorIndex, number>
  /** Bytes of the ring of rows that holds a tensor; only of tensors that are never whole. */
  readonly rings: ReadonlyMap<TensorIndex, number>
  /** Offset in bytes of the accumulators of an operator, by its index. */
  readonly accumulators: ReadonlyMap<number, number>
  /** Offset in bytes of what an operator needs beside its tensors, by its index. */
  readonly scratch: ReadonlyMap<number, number>
  readonly bytes: number
  /** No layout of this schedule can be smaller. */
  readonly bound: number
  readonly alignment: number
  readonly buffers: readonly (Buffer & { readonly offset: number })[]
}

/** Plans the arena of a schedule. */
export function planMemory(graph: Graph, schedule: Schedule): MemoryPlan {
  const buffers = occupancyOf(graph, schedule)
  const packing = packBuffers(buffers)
  const offsets = new Map<TensorIndex, number>()
  const rings = new Map<TensorIndex, number>()
  const accumulators = new Map<number, number>()
  const scratch = new Map<number, number>()
  const tensorsOf = (storages: readonly unknown[]): readonly TensorIndex[] =>
    [...schedule.storages].flatMap(([tensor, storage]) => (storages.includes(storage) ? [tensor] : []))
  buffers.forEach(({ purpose, bytes: ringBytes }, i) => {
    const offset = packing.offsets[i] ?? 0
    if ('operator' in purpose) {
      const offsetsOfKind = purpose.kind === 'accumulators' ? accumulators : scratch
      offsetsOfKind.set(purpose.operator, offset)
    } else {
      for (const tensor of tensorsOf(purpose.storages)) {
        offsets.set(tensor, offset)
        if (purpose.kind === 'ring') rings.set(tensor, ringBytes)
      }
    }
  })
  const alignment = buffers.reduce((most, buffer) => Math.max(most, buffer.alignment), 4)
  const placed = buffers.map((buffer, i) => ({ ...buffer, offset: packing.offsets[i] ?? 0 }))
  const { bytes, bound } = packing
  return { offsets, rings, accumulators, scratch, bytes, bound, alignment, buffers: placed }
}
