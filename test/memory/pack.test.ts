import t from 'tap'
import type { Buffer } from '../../src/memory/index.js'
import { packBuffers } from '../../src/memory/pack.js'
import { type Random, seededRandom } from '../support/random.js'

const purpose = { kind: 'storage', storages: [] } as const

/** A buffer that is all alive from one moment to another, both included. */
function buffer(bytes: number, begin: number, end: number, alignment = 4): Buffer {
  const moments = end - begin + 1
  return { purpose, bytes, alignment, begin, from: new Int32Array(moments), to: new Int32Array(moments).fill(bytes) }
}

/** A buffer whose alive part moves: `spans` are first byte and one past the last, from moment `begin` on. */
function moving(begin: number, spans: readonly (readonly [number, number])[]): Buffer {
  const from = Int32Array.from(spans, ([first]) => first)
  const to = Int32Array.from(spans, ([, last]) => last)
  return { purpose, bytes: Math.max(...to), alignment: 4, begin, from, to }
}

/** The first moment at which two buffers share an alive byte. */
function overlap(buffers: readonly Buffer[], offsets: readonly number[]): number | undefined {
  const owners = new Map<string, number>()
  for (const [i, { begin, from, to }] of buffers.entries()) {
    for (const [moment, first] of from.entries()) {
      for (let byte = first; byte < (to[moment] ?? 0); byte += 1) {
        const key = `${begin + moment} ${(offsets[i] ?? NaN) + byte}`
        if (owners.has(key)) return begin + moment
        owners.set(key, i)
      }
    }
  }
  return undefined
}

t.test('nothing needs nothing', (t) => {
  t.match(packBuffers([]), { bytes: 0, bound: 0 })
  t.end()
})

t.test('buffers that live apart share their memory', (t) => {
  t.match(packBuffers([buffer(100, 0, 1), buffer(80, 2, 3)]), { bytes: 100, bound: 100, offsets: [0, 0] })
  t.end()
})

t.test('a layout that first fit by size misses is found', (t) => {
  // as in a MobileNet: the largest pair is not live with the one that fragments it
  const sizes = [27648, 18432, 18432, 36864, 9216]
  const buffers = sizes.map((bytes, i) => buffer(bytes, i, i + 1))
  t.match(packBuffers(buffers), { bytes: 55296, bound: 55296 })
  t.end()
})

t.test('a result follows what is used up', (t) => {
  const input = moving(0, [[0, 40], [8, 40], [16, 40], [24, 40], [32, 40]]) // prettier-ignore
  const output = moving(0, [[0, 8], [0, 16], [0, 24], [0, 32], [0, 40]]) // prettier-ignore
  const { offsets, bytes } = packBuffers([input, output])
  t.equal(bytes, 48, 'one row more than either')
  t.same(offsets, [8, 0])
  t.end()
})

function randomBuffer(random: Random): Buffer {
  const begin = random.below(12)
  const moments = random.between(1, 6)
  if (random.chance(0.5)) return buffer(random.between(1, 90), begin, begin + moments - 1, random.pick([4, 8]))
  const size = random.between(2, 90)
  const spans = Array.from({ length: moments }, () => {
    const first = random.below(size)
    return [first, random.between(first, size)] as const
  })
  return moving(begin, spans)
}

t.test('random buffers never share an alive byte, keep their alignment, and repeat', (t) => {
  const random = seededRandom(1)
  for (let round = 0; round < 150; round += 1) {
    const buffers = Array.from({ length: random.between(1, 16) }, () => randomBuffer(random))
    const packing = packBuffers(buffers)
    t.equal(overlap(buffers, packing.offsets), undefined)
    t.ok(buffers.every(({ alignment }, i) => (packing.offsets[i] ?? NaN) % alignment === 0))
    t.ok(packing.bytes >= packing.bound)
    t.same(packBuffers(buffers), packing)
  }
  t.end()
})
