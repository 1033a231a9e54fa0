import type { OperatorFlow } from './flow.js'
import { type Outlives, type StageStorage, stageStorages } from './stage-storage.js'

/** For each operator of a stage the storages that it reads or writes, as positions. */
type Touched = readonly (readonly number[])[]

/** Bytes that are alive of the storages that steps touch, step after step. */
interface Changes {
  /** Before the first step, of each storage. */
  readonly start: Int32Array
  /** The most, of each storage. */
  readonly most: Int32Array
  /** During the steps: what a step reads is alive until it has written, and what it writes is alive as it does. */
  readonly during: Int32Array
  /** After the steps. */
  readonly after: Int32Array
}

/**
 * The most bytes that are alive at one step of a stage whose operators run in this order; storages that it does not touch
 * are left out. Only what a step touches changes with it: the work is a few storages for each step, however many the
 * stage has.
 */
export function peakBytes(flows: readonly OperatorFlow[], order: Int32Array, outlives: Outlives): number {
  const storages = stageStorages(flows, outlives)
  const touched = flows.map((_, flow) => storages.flatMap((each, id) => (each.isTouchedBy(flow) ? [id] : [])))
  const changes = changesOf(flows, order, storages, touched)
  const rings = Int32Array.from(storages, (storage, id) => storage.ring(changes.most[id] ?? 0) ?? 0)
  return mostHeld(flows, order, touched, changes, rings)
}

function changesOf(
  flows: readonly OperatorFlow[],
  order: Int32Array,
  storages: readonly StageStorage[],
  touched: Touched,
): Changes {
  const touches = flows.reduce((sum, { steps }, flow) => sum + steps * (touched[flow]?.length ?? 0), 0)
  const start = Int32Array.from(storages, ({ written, begin }) => written - begin)
  const most = new Int32Array(storages.length)
  const during = new Int32Array(touches)
  const after = new Int32Array(touches)
  const done = new Int32Array(flows.length)
  let touch = 0
  for (const flow of order) {
    const ids = touched[flow] as readonly number[]
    const step = done[flow] ?? 0
    done[flow] = step + 1
    for (const id of ids) {
      const storage = storages[id] as StageStorage
      storage.write(flow, step)
      const alive = storage.written - storage.begin
      storage.release(done)
      during[touch] = alive
      after[touch] = storage.written - storage.begin
      if (alive > (most[id] ?? 0)) most[id] = alive
      touch += 1
    }
  }
  return { start, most, during, after }
}

/** What a storage holds of memory: a ring that holds nothing that is still needed lends its memory to others. */
const held = (alive: number, ring: number): number => (alive > 0 && ring > 0 ? ring : alive)

/** Adds up what is held, step by step. Rings of no bytes are none. */
function mostHeld(
  flows: readonly OperatorFlow[],
  order: Int32Array,
  touched: Touched,
  { start, during, after }: Changes,
  rings: Int32Array,
): number {
  const done = new Int32Array(flows.length)
  const now = start.map((alive, id) => held(alive, rings[id] ?? 0))
  let sum = now.reduce((all, bytes) => all + bytes, 0)
  let peak = 0
  let touch = 0
  for (const flow of order) {
    const { steps, accumulatorBytes, scratchBytes } = flows[flow] as OperatorFlow
    const ids = touched[flow] as readonly number[]
    const step = done[flow] ?? 0
    done[flow] = step + 1
    if (step === 0) sum += accumulatorBytes
    let extra = scratchBytes
    let change = 0
    for (const id of ids) {
      const ring = rings[id] ?? 0
      const before = now[id] ?? 0
      const then = held(after[touch] ?? 0, ring)
      extra += held(during[touch] ?? 0, ring) - before
      change += then - before
      now[id] = then
      touch += 1
    }
    if (sum + extra > peak) peak = sum + extra
    sum += change
    if (step + 1 === steps) sum -= accumulatorBytes
  }
  return peak
}
