import type { Buffer } from './occupancy.js'

/** Where buffers lie in the arena. */
export interface Packing {
  /** Offset in bytes of each buffer, in the order in which they were given. */
  readonly offsets: readonly number[]
  readonly bytes: number
  /** No packing can be smaller: the most bytes that are alive at one moment. */
  readonly bound: number
}

/** How far apart two buffers must lie that are alive at the same time: the second above the first, or below it. */
interface Distances {
  readonly above: number
  readonly below: number
}

/** The buffers that one is ever alive together with, and how far above or below each it must lie. */
interface Conflicts {
  readonly others: Int32Array
  readonly above: Int32Array
  readonly below: Int32Array
}

const align = (offset: number, alignment: number): number => Math.ceil(offset / alignment) * alignment
const endOf = ({ begin, from }: Buffer): number => begin + from.length - 1

/** Distances between two buffers; undefined when they are never alive together. Alive parts may move. */
function distances(a: Buffer, b: Buffer): Distances | undefined {
  let above = -Infinity
  let below = -Infinity
  const last = Math.min(endOf(a), endOf(b))
  for (let moment = Math.max(a.begin, b.begin); moment <= last; moment += 1) {
    const fromA = a.from[moment - a.begin] ?? 0
    const toA = a.to[moment - a.begin] ?? 0
    const fromB = b.from[moment - b.begin] ?? 0
    const toB = b.to[moment - b.begin] ?? 0
    if (toA === fromA || toB === fromB) continue
    if (toA - fromB > above) above = toA - fromB
    if (toB - fromA > below) below = toB - fromA
  }
  return above === -Infinity ? undefined : { above, below }
}

function conflictsOf(buffers: readonly Buffer[]): readonly Conflicts[] {
  const conflicts: (Distances & { readonly other: number })[][] = buffers.map(() => [])
  buffers.forEach((a, i) => {
    for (let j = i + 1; j < buffers.length; j += 1) {
      const between = distances(a, buffers[j] as Buffer)
      if (between === undefined) continue
      conflicts[j]?.push({ other: i, ...between })
      conflicts[i]?.push({ other: j, above: between.below, below: between.above })
    }
  })
  return conflicts.map((each) => ({
    others: Int32Array.from(each, ({ other }) => other),
    above: Int32Array.from(each, ({ above }) => above),
    below: Int32Array.from(each, ({ below }) => below),
  }))
}

/** The most bytes that are alive at one moment. */
function lowerBound(buffers: readonly Buffer[]): number {
  const alive = new Float64Array(1 + buffers.reduce((last, buffer) => Math.max(last, endOf(buffer)), 0))
  for (const { begin, from, to } of buffers) {
    for (let i = 0; i < from.length; i += 1) alive[begin + i] = (alive[begin + i] ?? 0) + (to[i] ?? 0) - (from[i] ?? 0)
  }
  return alive.reduce((most, bytes) => Math.max(most, bytes), 0)
}

/** Offsets of buffers, and the end of the highest. */
interface Placement {
  readonly offsets: Int32Array
  readonly bytes: number
}

/** The lowest offset of a buffer that those leave which are placed: their offsets are not negative. */
function lowestOffset({ others, above, below }: Conflicts, offsets: Int32Array, alignment: number): number {
  let offset = 0
  for (let i = 0; i < others.length; i += 1) {
    const at = offsets[others[i] ?? 0] ?? 0
    const up = at + (above[i] ?? 0)
    if (at < 0 || offset >= up || offset <= at - (below[i] ?? 0)) continue
    // nothing below this will do; whether it does is seen from the start again
    offset = align(up, alignment)
    i = -1
  }
  return offset
}

/**
 * Places buffers one after the other, each at the lowest offset that those before it leave. Undefined as soon as that
 * takes more than `limit` bytes.
 */
function placeInOrder(
  buffers: readonly Buffer[],
  heights: readonly number[],
  conflicts: readonly Conflicts[],
  order: readonly number[],
  limit: number,
): Placement | undefined {
  const offsets = new Int32Array(buffers.length).fill(-1)
  let bytes = 0
  for (const index of order) {
    const { alignment } = buffers[index] as Buffer
    const offset = lowestOffset(conflicts[index] as Conflicts, offsets, alignment)
    offsets[index] = offset
    bytes = Math.max(bytes, offset + (heights[index] ?? 0))
    if (bytes > limit) return undefined
  }
  return { offsets, bytes }
}

/** A small deterministic generator (xorshift, 32 bits), so that the same model gives the same arena everywhere. */
function randomIntegers(): (below: number) => number {
  let state = 0x9e3779b9
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

/** How many shuffled orders are tried after the sorted ones have missed the bound, for few and for many buffers. */
const tries = (buffers: number): number => Math.min(6000, Math.floor(2e7 / buffers ** 2))
/** Tries without any gain after which no more is expected. */
const PATIENCE = 1500

/**
 * Places buffers so that no byte that is alive is shared: for A below B, the distance of their offsets is at least
 * what A's end exceeds B's begin by at any moment. First fit over several orders, then over random changes of the best
 * one, until the lower bound is reached.
 */
export function packBuffers(buffers: readonly Buffer[]): Packing {
  const bound = lowerBound(buffers)
  const conflicts = conflictsOf(buffers)
  const heights = buffers.map(({ to }) => to.reduce((most, end) => Math.max(most, end), 0))
  const indices = buffers.map((_, index) => index)
  const at = (index: number): Buffer => buffers[index] as Buffer
  const by = (key: (buffer: Buffer) => number): readonly number[] =>
    [...indices].sort((a, b) => key(at(b)) - key(at(a)) || a - b)
  const orders = [by(({ bytes }) => bytes), by(({ from }) => from.length), by(endOf), by(({ begin }) => begin), indices]
  let bestOrder: readonly number[] = indices
  let best: Placement = { offsets: new Int32Array(), bytes: Infinity }
  let idle = 0
  const attempt = (order: readonly number[]): void => {
    const packing = placeInOrder(buffers, heights, conflicts, order, best.bytes)
    idle += 1
    if (packing === undefined) return
    if (packing.bytes < best.bytes) {
      best = packing
      idle = 0
    }
    bestOrder = order
  }
  orders.forEach(attempt)
  const random = randomIntegers()
  const worthTrying = (): boolean => best.bytes > align(bound, 4) && buffers.length > 1 && idle < PATIENCE
  for (let i = 0; i < tries(buffers.length) && worthTrying(); i += 1) {
    const order = [...bestOrder]
    for (let moves = 0; moves <= i % 3; moves += 1) {
      const [moved = 0] = order.splice(random(order.length), 1)
      order.splice(random(order.length + 1), 0, moved)
    }
    attempt(order)
  }
  return { offsets: [...best.offsets], bytes: buffers.length === 0 ? 0 : best.bytes, bound }
}
