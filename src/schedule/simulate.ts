import type { OperatorFlow } from './flow.js'
import { peakBytes } from './peak.js'
import { pullOrder, siblingsOf } from './pull.js'
import { type Outlives, type Role, type StageStorage, stageStorages } from './stage-storage.js'
import type { Storage } from './storage.js'

/** One step of one operator: `flow` is its position in the stage. */
export interface Step {
  readonly flow: number
  readonly step: number
}

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

/** An order of steps, and what it needs. */
interface Order {
  readonly order: Int32Array
  readonly bytes: number
}

/**
 * The order in which operators run together. Of several readers of a tensor, one waits until its result is asked for, or
 * runs beside a reader that makes the same piece: whichever needs less.
 */
function bestOrder(flows: readonly OperatorFlow[], outlives: Outlives): Order {
  const ordered = (order: Int32Array): Order => ({ order, bytes: peakBytes(flows, order, outlives) })
  const lazy = ordered(pullOrder(flows, []))
  const siblings = siblingsOf(flows)
  if (siblings.every(({ length }) => length === 0)) return lazy
  const together = ordered(pullOrder(flows, siblings))
  return together.bytes < lazy.bytes ? together : lazy
}

/** The most bytes that are alive at one step when operators run together: what `simulate` finds, and no more than that. */
export function simulatedBytes(flows: readonly OperatorFlow[], outlives: Outlives): number {
  return bestOrder(flows, outlives).bytes
}

/** Runs operators together, and finds which bytes of each storage are alive at each step. */
export function simulate(flows: readonly OperatorFlow[], outlives: Outlives): Simulation {
  const { order, bytes } = bestOrder(flows, outlives)
  const traces = stageStorages(flows, outlives).map((storage) => traceOf(storage, flows, order))
  const done = new Int32Array(flows.length)
  const steps = Array.from(order, (flow): Step => {
    const step = done[flow] ?? 0
    done[flow] = step + 1
    return { flow, step }
  })
  return { steps, traces, accumulators: accumulatorTraces(flows, order), bytes }
}

function accumulatorTraces(flows: readonly OperatorFlow[], order: Int32Array): readonly AccumulatorTrace[] {
  return flows.flatMap(({ accumulatorBytes: bytes }, flow) =>
    bytes === 0 ? [] : [{ flow, bytes, first: order.indexOf(flow), last: order.lastIndexOf(flow) }],
  )
}

function traceOf(stored: StageStorage, flows: readonly OperatorFlow[], order: Int32Array): Trace {
  const { storage, role, producer } = stored
  const touches = flows.map((_, flow) => stored.isTouchedBy(flow))
  const from = new Int32Array(order.length)
  const to = new Int32Array(order.length)
  const done = new Int32Array(flows.length)
  let first = producer < 0 ? 0 : Infinity
  let last = stored.isKept ? order.length - 1 : -1
  let most = 0
  order.forEach((flow, time) => {
    from[time] = stored.begin
    if (touches[flow] === true) {
      stored.write(flow, done[flow] ?? 0)
      if (flow === producer) first = Math.min(first, time)
      last = Math.max(last, time)
      done[flow] = (done[flow] ?? 0) + 1
      stored.release(done)
    }
    to[time] = stored.written
    most = Math.max(most, stored.written - (from[time] ?? 0))
  })
  const ring = stored.ring(most)
  return { storage, role, from, to, first, last, ...(ring !== undefined && { ring }) }
}
