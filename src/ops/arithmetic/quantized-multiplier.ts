/** A positive real number as `multiplier / 2^31 * 2^shift`, the form in which integer kernels scale. */
export interface QuantizedMultiplier {
  /** 0, or in [2^30, 2^31). */
  readonly multiplier: number
  /** Left shift when positive, right shift when negative; at least -31. */
  readonly shift: number
}

/** Splits a finite positive double into a fraction in [0.5, 1) and a power of two, as C's `frexp` does. */
function frexp(value: number): { fraction: number; exponent: number } {
  if (value === 0) return { fraction: 0, exponent: 0 }
  let exponent = Math.max(-1023, Math.floor(Math.log2(value)) + 1)
  let fraction = value * 2 ** -exponent
  // log2 may be off by one next to a power of two
  while (fraction < 0.5) {
    fraction *= 2
    exponent -= 1
  }
  while (fraction >= 1) {
    fraction /= 2
    exponent += 1
  }
  return { fraction, exponent }
}

/**
 * TensorFlow Lite's `QuantizeMultiplier` (double rounding build): rounds half up to 31 bits, and gives zero for
 * numbers below 2^-32, whose shift would leave the range of the kernels.
 */
export function quantizeMultiplier(real: number): QuantizedMultiplier {
  if (real === 0) return { multiplier: 0, shift: 0 }
  const { fraction, exponent } = frexp(real)
  const rounded = Math.floor(fraction * 2 ** 31 + 0.5)
  const [multiplier, shift] = rounded === 2 ** 31 ? [2 ** 30, exponent + 1] : [rounded, exponent]
  return shift < -31 ? { multiplier: 0, shift: 0 } : { multiplier, shift }
}

/** Parameters of the input scaling of SOFTMAX: `beta * scale * 2^(31 - integerBits)`, saturated (TensorFlow Lite's `PreprocessSoftmaxScaling`). */
export function softmaxMultiplier(beta: number, scale: number, integerBits: number): QuantizedMultiplier {
  return quantizeMultiplier(Math.min(beta * scale * 2 ** (31 - integerBits), 2 ** 31 - 1))
}

/** Largest input whose scaled value still fits `integerBits` (TensorFlow Lite's `CalculateInputRadius` with 31 bits). */
export function inputRadius(integerBits: number, leftShift: number): number {
  return Math.floor(((2 ** integerBits - 1) * 2 ** (31 - integerBits)) / 2 ** leftShift)
}
