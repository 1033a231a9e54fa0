import { type InputFlow, type OperatorFlow, writtenAfter } from './flow.js'
import type { Storage } from './storage.js'

/** One step of one operator: `flow` is its position in the stage. */
export interface Step {
  readonly flow: number
  readonly step: number
}

/** What a storage is to a stage: whole from before it, whole after it, or only needed within it. */
export type Role = 'source' | 'result' | 'inner'

/** Which bytes of a storage are alive at each step of a stage. */
export interface Trace {
  readonly storage: Storage
  readonly role: Role
  /** First byte that is still needed, and one past the last that is there, at each step. */
  readonly from: Int32Array
  readonly to: Int32Array
  /** Steps between which it holds anything, both included. */
  readonly first: number
  readonly last: number
  /** Bytes of the ring buffer that replaces an inner storage, or undefined when it is kept in its place. */
  readonly ring?: number
}

/** Operators run together: the order of their steps, and what that needs. */
export interface Simulation {
  readonly steps: readonly Step[]
  readonly traces: readonly Trace[]
  readonly accumulators: readonly AccumulatorTrace[]
  /** The most bytes that are alive at one step, storages that the stage does not touch left out. */
  readonly bytes: number
}

/** Accumulators of one operator of a stage, and the steps from which and to which they live, both included. */
export interface AccumulatorTrace {
  readonly flow: number
  readonly bytes: number
  readonly first: number
  readonly last: number
}

/** Which storages outlive a stage, and so must be whole after it. */
export type Outlives = (storage: Storage) => boolean

/** For each operator of a stage, those that run beside it as soon as they can. */
type Siblings = readonly (readonly number[])[]

/** Steps in the order in which the last operator pulls what it needs, piece by piece; side results follow. */
function pullSteps(flows: readonly OperatorFlow[], siblings: Siblings): readonly Step[] {
  const producers = new Map(flows.map((flow, index) => [flow.output, index]))
  const done = flows.map(() => 0)
  const steps: Step[] = []
  /** The operator that has yet to write what a step needs of an input, if any. */
  const awaited = ({ storage, to }: InputFlow, step: number): number | undefined => {
    const producer = producers.get(storage)
    if (producer === undefined) return undefined
    const written = writtenAfter(flows[producer] as OperatorFlow, (done[producer] ?? 0) - 1)
    return written < (to[step] ?? 0) ? producer : undefined
  }
  const isReady = (index: number, step: number): boolean =>
    flows[index]?.inputs.every((input) => awaited(input, step) === undefined) === true
  const run = (index: number): void => {
    const step = done[index] ?? 0
    steps.push({ flow: index, step })
    done[index] = step + 1
    // each of these runs the others in turn, which then have nothing left to do
    for (const sibling of siblings[index] ?? []) if (done[sibling] === step && isReady(sibling, step)) run(sibling)
  }
  const pull = (index: number): void => {
    const step = done[index] ?? 0
    for (const input of flows[index]?.inputs ?? []) {
      for (let next = awaited(input, step); next !== undefined; next = awaited(input, step)) pull(next)
    }
    // what it pulled may have run it as a sibling
    if (done[index] === step) run(index)
  }
  for (let index = flows.length - 1; index >= 0; index -= 1) {
    while ((done[index] ?? 0) < (flows[index]?.steps ?? 0)) pull(index)
  }
  return steps
}

/** For each operator, those that read what it reads and make as many pieces. */
function siblingsOf(flows: readonly OperatorFlow[]): Siblings {
  return flows.map(({ inputs, steps }, index) =>
    flows.flatMap((other, sibling) => {
      const shares = other.inputs.some(({ storage }) => inputs.some((input) => input.storage === storage))
      return sibling !== index && steps > 1 && other.steps === steps && shares ? [sibling] : []
    }),
  )
}

/**
 * Runs operators together, and finds which bytes of each storage are alive at each step. Of several readers of a tensor,
 * one waits until its result is asked for, or runs beside a reader that makes the same piece: whichever needs less.
 */
export function simulate(flows: readonly OperatorFlow[], outlives: Outlives): Simulation {
  const lazy = simulateWith([], flows, outlives)
  const siblings = siblingsOf(flows)
  if (siblings.every(({ length }) => length === 0)) return lazy
  const together = simulateWith(siblings, flows, outlives)
  return together.bytes < lazy.bytes ? together : lazy
}

function simulateWith(siblings: Siblings, flows: readonly OperatorFlow[], outlives: Outlives): Simulation {
  const steps = pullSteps(flows, siblings)
  const storages = new Set(flows.flatMap(({ inputs, output }) => [...inputs.map(({ storage }) => storage), output]))
  const traces = [...storages].map((storage) => traceOf(storage, flows, steps, outlives))
  const accumulators = accumulatorTraces(flows, steps)
  return { steps, traces, accumulators, bytes: mostAlive(traces, accumulators, steps.length) }
}

function accumulatorTraces(flows: readonly OperatorFlow[], steps: readonly Step[]): readonly AccumulatorTrace[] {
  return flows.flatMap(({ accumulatorBytes: bytes }, flow) => {
    if (bytes === 0) return []
    const first = steps.findIndex((step) => step.flow === flow)
    const last = steps.findLastIndex((step) => step.flow === flow)
    return [{ flow, bytes, first, last }]
  })
}

/** The most bytes that are alive at one step. */
function mostAlive(traces: readonly Trace[], accumulators: readonly AccumulatorTrace[], steps: number): number {
  const alive = new Float64Array(steps)
  for (const { first, last, bytes } of accumulators)
    for (let time = first; time <= last; time += 1) alive[time] = (alive[time] ?? 0) + bytes
  for (const { first, last, ring, from, to } of traces) {
    for (let time = first; time <= last; time += 1) {
      const held = (to[time] ?? 0) - (from[time] ?? 0)
      // a ring that holds nothing that is still needed lends its memory to others
      if (held > 0) alive[time] = (alive[time] ?? 0) + (ring ?? held)
    }
  }
  return alive.reduce((most, bytes) => Math.max(most, bytes), 0)
}

function traceOf(storage: Storage, flows: readonly OperatorFlow[], steps: readonly Step[], outlives: Outlives): Trace {
  const producer = flows.findIndex(({ output }) => output === storage)
  const kept = outlives(storage)
  const role = producer < 0 ? 'source' : kept ? 'result' : 'inner'
  const consumers = flows.flatMap(({ inputs }, flow) =>
    inputs.filter((input) => input.storage === storage).map((input) => ({ flow, needed: input.from, next: 0 })),
  )
  const reads = flows.map((_, flow) => consumers.some((consumer) => consumer.flow === flow))
  const from = new Int32Array(steps.length)
  const to = new Int32Array(steps.length)
  let written = producer < 0 ? storage.bytes : 0
  let first = producer < 0 ? 0 : Infinity
  let last = kept ? steps.length - 1 : -1
  /** First byte that any of the steps to come needs. */
  let needed = kept ? 0 : storage.bytes
  const lookAhead = (): void => {
    if (kept) return
    needed = storage.bytes
    for (const { needed: starts, next } of consumers) needed = Math.min(needed, starts[next] ?? storage.bytes)
  }
  lookAhead()
  for (let time = 0; time < steps.length; time += 1) {
    const { flow, step } = steps[time] as Step
    // what is written is alive as it is written, even when a window that strides beyond it never reads it
    const already = written
    if (flow === producer) {
      written = writtenAfter(flows[flow] as OperatorFlow, step)
      first = Math.min(first, time)
      last = Math.max(last, time)
    }
    // what a step reads is alive until it has written
    from[time] = kept ? 0 : Math.min(already, needed)
    to[time] = written
    if (reads[flow] !== true) continue
    last = Math.max(last, time)
    for (const consumer of consumers) if (consumer.flow === flow) consumer.next = step + 1
    lookAhead()
  }
  const trace = { storage, role, from, to, first, last } as const
  const ring = role === 'inner' ? ringBytes(trace, flows, producer) : undefined
  return ring === undefined ? trace : { ...trace, ring }
}

/**
 * Bytes of a ring that holds what is alive of an inner storage; undefined when that is all of it, or when the operator
 * runs by itself, as it then writes its output whole. No piece that is written or read as one is torn where the ring
 * begins anew: it is a multiple of all of them, and each begins at a multiple of itself.
 */
function ringBytes(
  { storage, from, to, first, last }: Pick<Trace, 'storage' | 'from' | 'to' | 'first' | 'last'>,
  flows: readonly OperatorFlow[],
  producer: number,
): number | undefined {
  const { pieceBytes = 0, steps = 1 } = flows[producer] ?? {}
  if (steps === 1 || flows.length === 1) return undefined
  const readers = flows.flatMap(({ inputs }) => inputs).filter((input) => input.storage === storage)
  const whole = readers.reduce((most, reader) => Math.max(most, reader.pieceBytes), pieceBytes)
  const fit = [pieceBytes, ...readers.map((reader) => reader.pieceBytes)].every((bytes) => whole % bytes === 0)
  if (!fit || whole === storage.bytes) return undefined
  let most = 0
  for (let time = first; time <= last; time += 1) most = Math.max(most, (to[time] ?? 0) - (from[time] ?? 0))
  const bytes = Math.ceil(most / whole) * whole
  return bytes < storage.bytes ? bytes : undefined
}
