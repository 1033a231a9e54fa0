import { type Graph, InternalError } from '../ir/index.js'
import type { Schedule, Stage, Storage, Trace } from '../schedule/index.js'

/** What a piece of the arena is for. */
export type Purpose =
  | { readonly kind: 'storage'; readonly storages: readonly Storage[] }
  | { readonly kind: 'ring'; readonly storages: readonly Storage[] }
  | { readonly kind: 'accumulators' | 'scratch'; readonly operator: number }

/** Which bytes of a buffer are alive, from one moment to another. A moment is a step of the schedule. */
export interface Buffer {
  readonly purpose: Purpose
  readonly bytes: number
  /** In bytes. */
  readonly alignment: number
  /** The moment that the first entries of `from` and `to` are for. */
  readonly begin: number
  /** First byte that is alive, and one past the last; equal where none is. */
  readonly from: Int32Array
  readonly to: Int32Array
}

/** A buffer that is being filled in, moment by moment over the whole schedule. */
class OpenBuffer {
  /** The first moment at which anything is alive, and one past the last. */
  private begin = Infinity
  private end = 0
  private from = new Int32Array()
  private to = new Int32Array()

  constructor(
    readonly storages: Storage[],
    readonly kind: 'storage' | 'ring',
    readonly bytes: number,
  ) {}

  /** Keeps bytes, besides those that are kept already; moments that were left out lie between. */
  keep(moment: number, from: number, to: number): void {
    if (to <= from) return
    if (this.begin === Infinity) this.begin = moment
    const i = moment - this.begin
    if (i < 0) throw new InternalError('a buffer is alive before it is there')
    if (i >= this.from.length) this.grow(i + 1)
    this.end = Math.max(this.end, moment + 1)
    const isEmpty = this.from[i] === this.to[i]
    this.from[i] = isEmpty ? from : Math.min(this.from[i] ?? 0, from)
    this.to[i] = Math.max(this.to[i] ?? 0, to)
  }

  close(): Buffer {
    const begin = this.begin === Infinity ? 0 : this.begin
    const moments = Math.max(1, this.end - begin)
    if (this.from.length < moments) this.grow(moments)
    const alignment = this.storages.reduce((most, storage) => Math.max(most, storage.alignment), 4)
    const [from, to] = [this.from.slice(0, moments), this.to.slice(0, moments)]
    return { purpose: { kind: this.kind, storages: this.storages }, bytes: this.bytes, alignment, begin, from, to }
  }

  private grow(moments: number): void {
    const grown = (values: Int32Array): Int32Array<ArrayBuffer> => {
      const copy = new Int32Array(2 * moments)
      copy.set(values)
      return copy
    }
    this.from = grown(this.from)
    this.to = grown(this.to)
  }
}

/** Fills in buffers, stage after stage. */
class Timeline {
  private moment = 1
  private readonly open = new Map<Storage, OpenBuffer>()
  private readonly others: Buffer[] = []

  constructor(private readonly ends: ReadonlyMap<Storage, number>) {}

  /** Storages that are whole at this moment: before the first stage, or after the last. */
  whole(storages: readonly Storage[], moment = this.moment): void {
    for (const storage of storages) this.bufferOf(storage).keep(moment, 0, storage.bytes)
  }

  run(stage: Stage, position: number): void {
    const { simulation, flows } = stage
    const touched = new Set(simulation.traces.map(({ storage }) => storage))
    for (const storage of this.open.keys()) {
      const passes = !touched.has(storage) && (this.ends.get(storage) ?? -1) >= position
      if (passes)
        simulation.steps.forEach((_, step) => this.bufferOf(storage).keep(this.moment + step, 0, storage.bytes))
    }
    for (const trace of simulation.traces) this.touch(stage, trace)
    for (const { flow, bytes, first, last } of simulation.accumulators) {
      const moments = last - first + 1
      this.others.push({
        purpose: { kind: 'accumulators', operator: flows[flow]?.selected.operator.index ?? -1 },
        bytes,
        alignment: 4,
        begin: this.moment + first,
        from: new Int32Array(moments),
        to: new Int32Array(moments).fill(bytes),
      })
    }
    flows.forEach((_, flow) => this.scratch(stage, flow))
    this.moment += simulation.steps.length
  }

  /** What an operator of a stage needs beside its tensors, at its own steps alone. */
  private scratch({ simulation: { steps }, flows }: Stage, position: number): void {
    const { scratchBytes: bytes = 0, selected } = flows[position] ?? {}
    if (bytes === 0) return
    const first = steps.findIndex(({ flow }) => flow === position)
    const last = steps.findLastIndex(({ flow }) => flow === position)
    this.others.push({
      purpose: { kind: 'scratch', operator: selected?.operator.index ?? -1 },
      bytes,
      alignment: 4,
      begin: this.moment + first,
      from: new Int32Array(last - first + 1),
      to: Int32Array.from(steps.slice(first, last + 1), ({ flow }) => (flow === position ? bytes : 0)),
    })
  }

  close(): readonly Buffer[] {
    return [...[...new Set(this.open.values())].map((buffer) => buffer.close()), ...this.others]
  }

  /** What a stage keeps of one storage at each of its steps. */
  private touch({ simulation, flows, inPlace }: Stage, { storage, ring, from, to }: Trace): void {
    const shared = inPlace !== undefined && (storage === inPlace || storage === flows[0]?.output)
    if (ring !== undefined) this.open.set(storage, new OpenBuffer([storage], 'ring', ring))
    if (shared && storage !== inPlace) this.share(storage, inPlace)
    const buffer = this.bufferOf(storage)
    simulation.steps.forEach((_, step) => {
      const [first, last] = [from[step] ?? 0, to[step] ?? 0]
      // a ring, and a buffer in which one storage takes the place of another, are alive whole
      if (shared || (ring !== undefined && last > first)) buffer.keep(this.moment + step, 0, buffer.bytes)
      else buffer.keep(this.moment + step, first, last)
    })
  }

  private share(storage: Storage, host: Storage): void {
    const buffer = this.bufferOf(host)
    buffer.storages.push(storage)
    this.open.set(storage, buffer)
  }

  private bufferOf(storage: Storage): OpenBuffer {
    const buffer = this.open.get(storage) ?? new OpenBuffer([storage], 'storage', storage.bytes)
    this.open.set(storage, buffer)
    return buffer
  }
}

/** The buffers that a schedule needs, and which of their bytes are alive at each of its moments. */
export function occupancyOf(graph: Graph, { stages, storages, kept }: Schedule): readonly Buffer[] {
  const timeline = new Timeline(lastStages(stages, kept))
  const inputs = graph.inputs.flatMap((index) => storages.get(index) ?? [])
  timeline.whole(inputs, 0)
  stages.forEach((stage, position) => timeline.run(stage, position))
  timeline.whole(kept)
  return timeline.close()
}

/** The last stage that each storage is needed in; what is kept is needed after all. */
function lastStages(stages: readonly Stage[], kept: readonly Storage[]): ReadonlyMap<Storage, number> {
  const ends = new Map<Storage, number>()
  stages.forEach(({ flows }, position) => {
    for (const { inputs, output } of flows) {
      for (const { storage } of inputs) ends.set(storage, position)
      ends.set(output, Math.max(position, ends.get(output) ?? position))
    }
  })
  for (const storage of kept) ends.set(storage, stages.length)
  return ends
}
