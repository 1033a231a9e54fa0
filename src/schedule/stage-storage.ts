import { type OperatorFlow, writtenAfter } from './flow.js'
import { commonMultiple } from './multiples.js'
import type { Storage } from './storage.js'

/** What a storage is to a stage: whole from before it, whole after it, or only needed within it. */
export type Role = 'source' | 'result' | 'inner'

/** Which storages outlive a stage, and so must be whole after it. */
export type Outlives = (storage: Storage) => boolean

/** An operator of the stage that reads a storage: the first byte that each of its steps, or a later one, needs. */
interface Consumer {
  readonly flow: number
  readonly needed: Int32Array
}

/** A storage while a stage runs: what of it is there, and what is still needed. */
export class StageStorage {
  readonly role: Role
  /** Bytes that are there, and the first of them that is still needed. */
  written: number
  begin = 0
  /** Position of the operator that makes it, or -1. */
  readonly producer: number
  /** It must be whole after the stage. */
  readonly isKept: boolean
  private readonly consumers: readonly Consumer[]

  constructor(
    readonly storage: Storage,
    private readonly flows: readonly OperatorFlow[],
    outlives: Outlives,
  ) {
    this.producer = flows.findIndex(({ output }) => output === storage)
    this.isKept = outlives(storage)
    this.role = this.producer < 0 ? 'source' : this.isKept ? 'result' : 'inner'
    this.written = this.producer < 0 ? storage.bytes : 0
    this.consumers = flows.flatMap(({ inputs }, flow) =>
      inputs.filter((input) => input.storage === storage).map((input) => ({ flow, needed: input.from })),
    )
    this.release(new Int32Array(flows.length))
  }

  /** What is there once an operator has done a step. */
  write(flow: number, step: number): void {
    if (flow === this.producer) this.written = writtenAfter(this.flows[flow] as OperatorFlow, step)
  }

  /** What is still needed where `done` tells how many steps each operator has done. */
  release(done: Int32Array): void {
    if (this.isKept) return
    let first = this.written
    for (const { flow, needed } of this.consumers) {
      const step = done[flow] ?? 0
      const from = step < needed.length ? (needed[step] ?? 0) : this.storage.bytes
      if (from < first) first = from
    }
    this.begin = first
  }

  /** Whether an operator of the stage reads or writes it. */
  isTouchedBy(flow: number): boolean {
    return flow === this.producer || this.consumers.some((consumer) => consumer.flow === flow)
  }

  /**
   * Bytes of a ring that holds the `most` bytes that are alive at a time; undefined when that is all of the storage, when
   * it is not an inner one, or when the operator runs by itself, as it then writes its output whole. No piece that is
   * written or read as one is torn where the ring begins anew: it is a multiple of all of them, and each begins at a
   * multiple of itself.
   */
  ring(most: number): number | undefined {
    const { pieceBytes = 0, steps = 1 } = this.flows[this.producer] ?? {}
    if (this.role !== 'inner' || steps === 1 || this.flows.length === 1) return undefined
    const readers = this.flows.flatMap(({ inputs }) => inputs).filter(({ storage }) => storage === this.storage)
    const whole = readers.reduce((multiple, reader) => commonMultiple(multiple, reader.pieceBytes), pieceBytes)
    if (whole === this.storage.bytes) return undefined
    const bytes = Math.ceil(most / whole) * whole
    return bytes < this.storage.bytes ? bytes : undefined
  }
}

/** The storages that operators of a stage read or write. */
export function stageStorages(flows: readonly OperatorFlow[], outlives: Outlives): readonly StageStorage[] {
  const storages = new Set(flows.flatMap(({ inputs, output }) => [...inputs.map(({ storage }) => storage), output]))
  return [...storages].map((storage) => new StageStorage(storage, flows, outlives))
}
