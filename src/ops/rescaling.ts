import { requantize } from './arithmetic/fixed-point.js'
import { quantizeMultiplier } from './arithmetic/quantized-multiplier.js'
import { present } from './constraints.js'
import type { Constraint, Instance } from './definition.js'

/** The largest left shift of a multiplier: the factor 2^30 still fits 31 bits. */
const MAX_LEFT_SHIFT = 30

/** Multiplication of int32 values by a real factor of any sign, as integer kernels do it; the result wraps at 32 bits. */
export function rescaleBy(factor: number): (value: number) => number {
  const { multiplier, shift } = quantizeMultiplier(Math.abs(factor))
  return (value) => {
    const scaled = requantize(value, multiplier, shift)
    return (factor < 0 ? -scaled : scaled) | 0
  }
}

/** The factors between quantized values stay within what the kernels can shift. */
export function factorsInRange<Options>(
  factors: (instance: Instance<Options>) => readonly number[],
): Constraint<Options> {
  const shifts = (instance: Instance<Options>) =>
    factors(instance).map((factor) => quantizeMultiplier(Math.abs(factor)).shift)
  return {
    code: 'UNSUPPORTED_QUANTIZATION',
    rule: 'Scales of input and output give a factor below 2^30',
    help: 'Quantize the model again with representative data: its scales are out of proportion.',
    holds: (instance) =>
      present(instance.inputs[0]).type !== 'int8' || shifts(instance).every((shift) => shift <= MAX_LEFT_SHIFT),
    found: (instance) => `factors ${factors(instance).join(' and ')}`,
  }
}
