import t from 'tap'
import type { Buffer } from '../../src/memory/index.js'
import { packBuffers } from '../../src/memory/pack.js'
import { seededRandom } from '../support/random.js'

const buffer = (bytes: number, begin: number, end: number, alignment = 4): Buffer => ({
  tensors: [],
  bytes,
  alignment,
  begin,
  end,
})

/** The first pair that is live at the same time and shares a byte. */
function overlap(buffers: readonly Buffer[], offsets: readonly number[]): readonly [number, number] | undefined {
  for (const [i, a] of buffers.entries()) {
    for (const [j, b] of buffers.entries()) {
      if (i >= j || a.begin > b.end || b.begin > a.end) continue
      const [from, to] = [offsets[i] ?? NaN, offsets[j] ?? NaN]
      if (from < to + b.bytes && to < from + a.bytes) return [i, j]
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
  const buffers = [
    buffer(27648, -1, 0),
    buffer(18432, 0, 1),
    buffer(18432, 1, 2),
    buffer(36864, 2, 3),
    buffer(9216, 3, 4),
  ]
  t.match(packBuffers(buffers), { bytes: 55296, bound: 55296 })
  t.end()
})

t.test('random buffers never overlap while both live, keep their alignment, and repeat', (t) => {
  const random = seededRandom(1)
  for (let round = 0; round < 200; round += 1) {
    const buffers = Array.from({ length: random.between(1, 25) }, () => {
      const begin = random.between(-1, 20)
      return buffer(random.between(1, 500), begin, begin + random.below(6), random.pick([1, 4, 8]))
    })
    const packing = packBuffers(buffers)
    t.equal(overlap(buffers, packing.offsets), undefined)
    t.ok(buffers.every(({ alignment }, i) => (packing.offsets[i] ?? NaN) % alignment === 0))
    t.ok(packing.bytes >= packing.bound)
    t.same(packBuffers(buffers), packing)
  }
  t.end()
})
