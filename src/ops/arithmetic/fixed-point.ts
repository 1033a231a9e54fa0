/**
 * Fixed-point arithmetic on 32-bit integers as gemmlowp defines it, which the integer kernels of TensorFlow Lite are
 * written in. Numbers are JavaScript numbers that hold int32 values; `Qn` below means n integer bits, 31 - n fractional ones.
 */
const INT32_MAX = 2 ** 31 - 1
const INT32_MIN = -(2 ** 31)

/** Saturating rounding doubling high multiplication: round(a * b / 2^31), half towards plus infinity. */
export function multiplyHigh(a: number, b: number): number {
  if (a === INT32_MIN && b === INT32_MIN) return INT32_MAX
  // a * b needs 62 bits: b is split in 16-bit halves, so that every step stays below 2^53
  const high = b >> 16
  const low = b & 0xffff
  return Math.floor((a * high + Math.floor((a * low + 2 ** 30) / 65536)) / 32768)
}

/** Division by 2^exponent, rounded half away from zero. */
export function roundingShiftRight(value: number, exponent: number): number {
  if (exponent === 0) return value
  const divisor = 2 ** exponent
  const magnitude = Math.floor((Math.abs(value) + divisor / 2) / divisor)
  return value < 0 ? 0 - magnitude : magnitude
}

/** Multiplication by 2^exponent, saturated to 32 bits. */
function saturatingShiftLeft(value: number, exponent: number): number {
  return Math.max(INT32_MIN, Math.min(INT32_MAX, value * 2 ** exponent))
}

/** An accumulator scaled by a quantized multiplier, with gemmlowp's double rounding. The left shift wraps, as in the kernels. */
export function requantize(accumulator: number, multiplier: number, shift: number): number {
  const scaled = multiplyHigh(shift > 0 ? Math.imul(accumulator, 2 ** shift) : accumulator, multiplier)
  return shift < 0 ? roundingShiftRight(scaled, -shift) : scaled
}

/** exp(a) for a in [-1/4, 0), both Q0: a Taylor series of fourth order around -1/8. */
function expNearZero(a: number): number {
  const x = a + (1 << 28)
  const x2 = multiplyHigh(x, x)
  const x3 = multiplyHigh(x2, x)
  const x4 = multiplyHigh(x2, x2)
  const oneThird = 715827883
  const expMinusEighth = 1895147668
  const tail = roundingShiftRight(multiplyHigh(roundingShiftRight(x4, 2) + x3, oneThird) + x2, 1)
  return expMinusEighth + multiplyHigh(expMinusEighth, x + tail)
}

/** round(2^31 * exp(-2^i)) for i = -2 .. 4. */
const EXP_OF_MINUS_POWER_OF_TWO = [1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242]

/** exp(a) in Q0 for a <= 0 in Q`integerBits` (4 or 5). */
export function expOnNegative(a: number, integerBits: number): number {
  if (a === 0) return INT32_MAX
  const fractionBits = 31 - integerBits
  const quarter = 2 ** (fractionBits - 2)
  const modulo = (a & (quarter - 1)) - quarter
  let result = expNearZero(modulo * 2 ** integerBits)
  const remainder = modulo - a
  EXP_OF_MINUS_POWER_OF_TWO.forEach((factor, i) => {
    const exponent = i - 2
    if (integerBits > exponent && remainder & (2 ** (fractionBits + exponent))) result = multiplyHigh(result, factor)
  })
  return result
}

/** Half of a + b, rounded away from zero. */
function roundingHalfSum(a: number, b: number): number {
  const sum = a + b
  return Math.trunc((sum + (sum >= 0 ? 1 : -1)) / 2)
}

/** Newton-Raphson approximation of 1 / halfDenominator in Q2, for a half denominator in [1/2, 1) in Q0. */
function reciprocalOfHalfDenominator(halfDenominator: number): number {
  const fortyEightSeventeenths = 1515870810
  const minusThirtyTwoSeventeenths = -1010580540
  let x = fortyEightSeventeenths + multiplyHigh(halfDenominator, minusThirtyTwoSeventeenths)
  for (let i = 0; i < 3; i += 1) {
    const oneMinusProduct = 2 ** 29 - multiplyHigh(halfDenominator, x)
    x += saturatingShiftLeft(multiplyHigh(x, oneMinusProduct), 2)
  }
  return x
}

/** 1 / (1 + a) in Q0 for a in [0, 1) in Q0. */
export function oneOverOnePlus(a: number): number {
  return saturatingShiftLeft(reciprocalOfHalfDenominator(roundingHalfSum(a, INT32_MAX)), 1)
}

/** (1 - a) / (1 + a) in Q0 for a in [0, 1) in Q0. */
function oneMinusOverOnePlus(a: number): number {
  return saturatingShiftLeft(reciprocalOfHalfDenominator(roundingHalfSum(a, INT32_MAX)) - 2 ** 29, 2)
}

/** 1 / (1 + exp(-a)) in Q0 for a in Q4. */
export function logistic(a: number): number {
  if (a === 0) return 2 ** 30
  const positive = oneOverOnePlus(expOnNegative(-Math.abs(a), 4))
  return a > 0 ? positive : INT32_MAX - positive
}

/** tanh(a) in Q0 for a in Q4. */
export function tanh(a: number): number {
  if (a === 0) return 0
  // exp takes -2|a|: the same bits read with one integer bit more
  const magnitude = oneMinusOverOnePlus(expOnNegative(-Math.abs(a), 5))
  return a > 0 ? magnitude : -magnitude
}
