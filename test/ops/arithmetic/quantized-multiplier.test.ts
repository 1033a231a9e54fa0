import t from 'tap'
import { inputRadius, quantizeMultiplier, softmaxMultiplier } from '../../../src/ops/arithmetic/quantized-multiplier.js'
import { seededRandom } from '../../support/random.js'

/** Multiplier and shift of a normal double, from its bits: 53 bits of fraction rounded half up to 31. */
function byBits(real: number): { multiplier: number; shift: number } {
  const bits = new BigUint64Array(Float64Array.of(real).buffer)[0] ?? 0n
  const fraction = (bits & ((1n << 52n) - 1n)) | (1n << 52n)
  const shift = Number((bits >> 52n) & 0x7ffn) - 1022
  const multiplier = Number((fraction + (1n << 21n)) >> 22n)
  return multiplier === 2 ** 31 ? { multiplier: 2 ** 30, shift: shift + 1 } : { multiplier, shift }
}

t.test('known multipliers', (t) => {
  t.same(quantizeMultiplier(0), { multiplier: 0, shift: 0 })
  t.same(quantizeMultiplier(0.5), { multiplier: 2 ** 30, shift: 0 })
  t.same(quantizeMultiplier(0.75), { multiplier: 3 * 2 ** 29, shift: 0 })
  t.same(quantizeMultiplier(1), { multiplier: 2 ** 30, shift: 1 })
  t.same(quantizeMultiplier(3), { multiplier: 3 * 2 ** 29, shift: 2 })
  t.same(quantizeMultiplier(0.1), { multiplier: 1717986918, shift: -3 })
  t.end()
})

t.test('a fraction that rounds up to 1 moves to the next power of two', (t) => {
  t.same(quantizeMultiplier(1 - 2 ** -31), { multiplier: 2 ** 31 - 1, shift: 0 })
  t.same(quantizeMultiplier(1 - 2 ** -32), { multiplier: 2 ** 30, shift: 1 })
  t.end()
})

t.test('numbers that would be shifted right by more than 31 bits are zero', (t) => {
  t.same(quantizeMultiplier(2 ** -32), { multiplier: 2 ** 30, shift: -31 })
  t.same(quantizeMultiplier(2 ** -32 * (1 - 2 ** -20)), { multiplier: 0, shift: 0 })
  t.same(quantizeMultiplier(Number.MIN_VALUE), { multiplier: 0, shift: 0 })
  t.end()
})

t.test('numbers of all sizes are rounded half up', (t) => {
  const random = seededRandom(1)
  const reals = Array.from({ length: 3000 }, () => {
    const fraction = 1 + random.below(2 ** 32) / 2 ** 32 + random.below(2 ** 20) / 2 ** 52
    return fraction * 2 ** random.between(-31, 1000)
  })
  const wrong = reals.filter((real) => {
    const [found, expected] = [quantizeMultiplier(real), byBits(real)]
    return found.multiplier !== expected.multiplier || found.shift !== expected.shift
  })
  t.same(wrong, [], `all of ${reals.length} numbers`)
  t.end()
})

t.test('the input scaling of softmax saturates at 31 bits', (t) => {
  t.same(softmaxMultiplier(1, 2 ** -4, 5), { multiplier: 2 ** 30, shift: 23 })
  t.same(softmaxMultiplier(0.5, 0.25, 5), { multiplier: 2 ** 30, shift: 24 })
  t.same(softmaxMultiplier(1, 32, 5), { multiplier: 2 ** 31 - 1, shift: 31 })
  t.end()
})

t.test('the input radius is the largest input that still fits after the shift', (t) => {
  t.equal(inputRadius(4, 0), 15 * 2 ** 27)
  t.equal(inputRadius(4, 27), 15)
  t.equal(inputRadius(5, 20), 1984)
  t.equal(inputRadius(4, 30), 1)
  t.equal(inputRadius(4, 31), 0)
  t.end()
})
