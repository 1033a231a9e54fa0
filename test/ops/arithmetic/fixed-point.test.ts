import t from 'tap'
import {
  expOnNegative,
  logistic,
  multiplyHigh,
  oneOverOnePlus,
  requantize,
  roundingShiftRight,
  tanh,
} from '../../../src/ops/arithmetic/fixed-point.js'
import { seededRandom } from '../../support/random.js'

const MAX = 2 ** 31 - 1
const MIN = -(2 ** 31)
const EDGES = [0, 1, -1, 2, -2, 3, -3, 2 ** 30, -(2 ** 30), 2 ** 30 + 1, MAX - 1, MAX, MIN + 1, MIN]

const random = seededRandom(2)
/** An int32, small ones as likely as large ones. */
const int32 = (): number => (random.below(2 ** 32) | 0) >> random.below(31)

/** round(a * b / 2^31), half towards plus infinity, saturated. */
function highByBigInt(a: number, b: number): number {
  const rounded = (BigInt(a) * BigInt(b) + (1n << 30n)) >> 31n
  return Number(rounded > BigInt(MAX) ? BigInt(MAX) : rounded)
}

/** value / 2^exponent, half away from zero. */
function shiftByBigInt(value: number, exponent: number): number {
  const magnitude = ((BigInt(Math.abs(value)) << 1n) + (1n << BigInt(exponent))) >> BigInt(exponent + 1)
  return Number(value < 0 ? -magnitude : magnitude)
}

t.test('the high multiplication rounds half towards plus infinity', (t) => {
  t.equal(multiplyHigh(3, 2 ** 30), 2)
  t.equal(multiplyHigh(-3, 2 ** 30), -1)
  t.equal(multiplyHigh(MIN, MIN), MAX, 'the only product that saturates')
  const edges = EDGES.flatMap((a) => EDGES.map((b) => [a, b] as const))
  const pairs = [...edges, ...Array.from({ length: 3000 }, () => [int32(), int32()] as const)]
  const wrong = pairs.filter(([a, b]) => multiplyHigh(a, b) !== highByBigInt(a, b))
  t.same(wrong, [], `all of ${pairs.length} products`)
  t.end()
})

t.test('the right shift rounds half away from zero', (t) => {
  t.equal(roundingShiftRight(3, 1), 2)
  t.equal(roundingShiftRight(-3, 1), -2)
  t.equal(roundingShiftRight(-1, 2), 0)
  const exponents = Array.from({ length: 32 }, (_, exponent) => exponent)
  const pairs = exponents.flatMap((exponent) => [...EDGES, int32(), int32()].map((value) => [value, exponent] as const))
  const wrong = pairs.filter(
    ([value, exponent]) => roundingShiftRight(value, exponent) !== shiftByBigInt(value, exponent),
  )
  t.same(wrong, [], `all of ${pairs.length} shifts`)
  t.end()
})

/** Left shift that wraps, high multiplication, right shift. */
function requantizeByBigInt(value: number, multiplier: number, shift: number): number {
  const shifted = Number(BigInt.asIntN(32, BigInt(value) << BigInt(Math.max(0, shift))))
  return shiftByBigInt(highByBigInt(shifted, multiplier), Math.max(0, -shift))
}

t.test('requantization rounds twice, and its left shift wraps', (t) => {
  t.equal(requantize(100, 2 ** 30, 1), 100, 'factor 1')
  t.equal(requantize(100, 2 ** 30, -1), 25, 'factor 1/4')
  t.equal(requantize(1, 2 ** 30, -1), 1, '0.25 becomes 0.5, then 1')
  t.equal(requantize(2 ** 20, 2 ** 30, 11), MIN / 2, '2^31 wraps to -2^31')
  const cases = Array.from(
    { length: 3000 },
    () => [int32(), 2 ** 30 + random.below(2 ** 30), random.between(-31, 30)] as const,
  )
  const wrong = cases.filter((each) => requantize(...each) !== requantizeByBigInt(...each))
  t.same(wrong, [], `all of ${cases.length} cases`)
  t.end()
})

/** int32 values from -2^31 + 1 to 0, dense next to 0. */
const NEGATIVES = Array.from({ length: 2000 }, (_, i) => -Math.floor((i / 2000) ** 3 * MAX))

/** The largest difference between a fixed-point function with results in Q0 and the real one. */
function largestError(
  values: readonly number[],
  integerBits: number,
  fixed: (value: number) => number,
  real: (value: number) => number,
): number {
  return Math.max(...values.map((a) => Math.abs(fixed(a) / 2 ** 31 - real(a / 2 ** (31 - integerBits)))))
}

t.test('exp, logistic and tanh are close to the real functions', (t) => {
  const both = NEGATIVES.flatMap((a) => [a, -a])
  for (const bits of [4, 5]) t.ok(largestError(NEGATIVES, bits, (a) => expOnNegative(a, bits), Math.exp) < 3e-7)
  t.ok(largestError(both, 4, logistic, (x) => 1 / (1 + Math.exp(-x))) < 3e-7)
  t.ok(largestError(both, 4, tanh, Math.tanh) < 3e-7)
  t.end()
})

t.test('their values at zero are exact', (t) => {
  t.equal(expOnNegative(0, 5), MAX)
  t.equal(logistic(0), 2 ** 30)
  t.equal(tanh(0), 0)
  t.equal(oneOverOnePlus(0), MAX)
  t.end()
})

t.test('they are as gemmlowp defines them, to the last bit', (t) => {
  const rows = [
    // a, exp of -a in Q5, logistic of a and of -a in Q4, tanh of a in Q4, 1 / (1 + a) in Q0
    [1, 2147483124, 1073741948, 1073741699, 260, 2147483647],
    [12345, 2147088157, 1073791326, 1073692321, 197756, 2147471304],
    [1048576, 2114189749, 1077936196, 1069547451, 16776996, 2146435584],
    [33554431, 1302515061, 1207264688, 940218959, 525958528, 2114445440],
    [67108864, 790015308, 1336721090, 810762557, 992388804, 2082408382],
    [123456789, 341177383, 1535464548, 612019099, 1558674772, 2030738432],
    [134217728, 290630390, 1569936226, 577547421, 1635510876, 2021161076],
    [987654321, 872, 2146116376, 1367271, 2147481900, 1470967488],
    [2013265919, 0, 2147482988, 659, 2147483647, 1108378656],
  ] as const
  for (const [a, exponential, sigmoid, mirrored, hyperbolic, reciprocal] of rows) {
    t.equal(expOnNegative(-a, 5), exponential)
    t.equal(logistic(a), sigmoid)
    t.equal(logistic(-a), mirrored)
    t.equal(tanh(a), hyperbolic)
    t.equal(tanh(-a), -hyperbolic)
    t.equal(oneOverOnePlus(a), reciprocal)
  }
  t.end()
})
