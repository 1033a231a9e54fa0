import { requantize } from './arithmetic/fixed-point.js'
import { quantizeMultiplier } from './arithmetic/quantized-multiplier.js'

/** Multiplication of int32 values by a real factor of any sign, as integer kernels do it; the result wraps at 32 bits. */
export function rescaleBy(factor: number): (value: number) => number {
  const { multiplier, shift } = quantizeMultiplier(Math.abs(factor))
  return (value) => {
    const scaled = requantize(value, multiplier, shift)
    return (factor < 0 ? -scaled : scaled) | 0
  }
}
