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
interface Conflict {
  readonly other: number
  readonly above: number
  readonly below: number
}

const align = (offset: number, alignment: number): number => Math.ceil(offset / alignment) * alignment
const endOf = ({ begin, from }: Buffer): number => begin + from.length - 1

/** Distances between two buffers; undefined when they are never alive together. Alive parts may move. */
function distances(a: Buffer, b: Buffer): { readonly above: number; readonly below: number } | undefined {
  let above = -Infinity
  let below = -Infinity
  const last = Math.min(endOf(a), endOf(b))
  for (let moment = Math.max(a.begin, b.begin); moment <= last; moment += 1) {
    const [fromA = 0, toA = 0] = [a.from[moment - a.begin], a.to[moment - a.begin]]
    const [fromB = 0, toB = 0] = [b.from[moment - b.begin], b.to[moment - b.begin]]
    if (toA === fromA || toB === fromB) continue
    above = Math.max(above, toA - fromB)
    below = Math.max(below, toB - fromA)
  }
  return above === -Infinity ? undefined : { above, below }
}

function conflictsOf(buffers: readonly Buffer[]): readonly (readonly Conflict[])[] {
  const conflicts: Conflict[][] = buffers.map(() => [])
  buffers.forEach((a, i) => {
    for (let j = i + 1; j < buffers.length; j += 1) {
      const between = distances(a, buffers[j] as Buffer)
      if (between === undefined) continue
      conflicts[j]?.push({ other: i, ...between })
      conflicts[i]?.push({ other: j, above: between.below, below: between.above })
    }
  })
  return conflicts
}

/** The most bytes that are alive at one moment. */
function lowerBound(buffers: readonly Buffer[]): number {
  const alive = new Map<number, number>()
  for (const { begin, from, to } of buffers) {
    from.forEach((first, i) => alive.set(begin + i, (alive.get(begin + i) ?? 0) + (to[i] ?? 0) - first))
  }
  return [...alive.values()].reduce((a, b) => Math.max(a, b), 0)
}

/**
 * Places buffers one after the other, each at the lowest offset that those before it leave. Undefined as soon as that
 * takes more than `limit` bytes.
 */
function placeInOrder(
  buffers: readonly Buffer[],
  heights: readonly number[],
  conflicts: readonly (readonly Conflict[])[],
  order: readonly number[],
  limit: number,
): { readonly offsets: readonly number[]; readonly bytes: number } | undefined {
  const offsets = new Array<number>(buffers.length).fill(-1)
  let bytes = 0
  for (const index of order) {
    const { alignment } = buffers[index] as Buffer
    const placed = conflicts[index] ?? []
    let offset = 0
    // what is in the way moves it up; that is done when nothing is
    for (let moved = true; moved;) {
      moved = false
      for (const { other, above, below } of placed) {
        const at = offsets[other] ?? -1
        if (at < 0 || offset >= at + above || offset <= at - below) continue
        offset = align(at + above, alignment)
        moved = true
      }
    }
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
  const heights = buffers.map(({ to }) => to.reduce((a, b) => Math.max(a, b), 0))
  const indices = buffers.map((_, index) => index)
  const at = (index: number): Buffer => buffers[index] as Buffer
  const by = (key: (buffer: Buffer) => number): readonly number[] =>
    [...indices].sort((a, b) => key(at(b)) - key(at(a)) || a - b)
  const orders = [by(({ bytes }) => bytes), by(({ from }) => from.length), by(endOf), by(({ begin }) => begin), indices]
  let bestOrder: readonly number[] = indices
  let best: { readonly offsets: readonly number[]; readonly bytes: number } = { offsets: [], bytes: Infinity }
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
  return { ...best, bytes: buffers.length === 0 ? 0 : best.bytes, bound }
}
