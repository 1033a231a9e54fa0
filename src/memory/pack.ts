import type { Buffer } from './live-ranges.js'

/** Where buffers lie in the arena. */
export interface Packing {
  /** Offset in bytes of each buffer, in the order in which they were given. */
  readonly offsets: readonly number[]
  readonly bytes: number
  /** No packing can be smaller: the most bytes that are live at one time. */
  readonly bound: number
}

const align = (offset: number, alignment: number): number => Math.ceil(offset / alignment) * alignment

const overlapInTime = (a: Buffer, b: Buffer): boolean => a.begin <= b.end && b.begin <= a.end

/** The most bytes that are live at one time. */
function lowerBound(buffers: readonly Buffer[]): number {
  const times = new Set(buffers.map(({ begin }) => begin))
  return [...times].reduce((most, time) => {
    const live = buffers.filter(({ begin, end }) => begin <= time && time <= end)
    return Math.max(
      most,
      live.reduce((sum, { bytes }) => sum + bytes, 0),
    )
  }, 0)
}

/** Places buffers one after the other, each at the lowest gap that is free while it lives. */
function placeInOrder(buffers: readonly Buffer[], order: readonly number[]): { offsets: number[]; bytes: number } {
  const offsets = new Array<number>(buffers.length).fill(0)
  const placed: number[] = []
  let total = 0
  for (const index of order) {
    const buffer = buffers[index] as Buffer
    const others = placed
      .filter((other) => overlapInTime(buffer, buffers[other] as Buffer))
      .sort((a, b) => (offsets[a] ?? 0) - (offsets[b] ?? 0))
    let offset = 0
    for (const other of others) {
      const start = offsets[other] ?? 0
      if (offset + buffer.bytes <= start) break
      offset = Math.max(offset, align(start + (buffers[other] as Buffer).bytes, buffer.alignment))
    }
    offsets[index] = offset
    placed.push(index)
    total = Math.max(total, offset + buffer.bytes)
  }
  return { offsets, bytes: total }
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
const tries = (buffers: number): number => Math.min(4000, Math.floor(2e7 / buffers ** 2))

/**
 * Places buffers so that those that live at the same time do not overlap. First fit over several orders, then over
 * random swaps of the best one, until the lower bound is reached.
 */
export function packBuffers(buffers: readonly Buffer[]): Packing {
  const bound = lowerBound(buffers)
  const indices = buffers.map((_, index) => index)
  const at = (index: number): Buffer => buffers[index] as Buffer
  const by = (key: (buffer: Buffer) => number): readonly number[] =>
    [...indices].sort((a, b) => key(at(b)) - key(at(a)) || a - b)
  const orders = [by(({ bytes }) => bytes), by(({ begin, end }) => end - begin), indices, [...indices].reverse()]
  let bestOrder: readonly number[] = indices
  let best = { offsets: [] as readonly number[], bytes: Infinity }
  const attempt = (order: readonly number[]): void => {
    const packing = placeInOrder(buffers, order)
    if (packing.bytes < best.bytes) {
      best = packing
      bestOrder = order
    }
  }
  orders.forEach(attempt)
  const random = randomIntegers()
  for (let i = 0; i < tries(buffers.length) && best.bytes > bound && buffers.length > 2; i += 1) {
    const order = [...bestOrder]
    for (let swaps = 0; swaps <= i % 3; swaps += 1) {
      const [a, b] = [random(order.length), random(order.length)]
      ;[order[a], order[b]] = [order[b] as number, order[a] as number]
    }
    attempt(order)
  }
  return { ...best, bytes: buffers.length === 0 ? 0 : best.bytes, bound }
}
