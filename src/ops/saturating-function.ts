import { requantize, roundingShiftRight } from './arithmetic/fixed-point.js'
import { inputRadius, quantizeMultiplier } from './arithmetic/quantized-multiplier.js'
import { present, scaleOf, zeroPointOf } from './constraints.js'
import type { Constraint, Instance } from './definition.js'

/** Integer bits of the input of the fixed-point functions. */
const INPUT_BITS = 4

/** The input as multiplier and shift of its scale in Q4. */
function inputScaling(instance: Instance): { readonly multiplier: number; readonly shift: number } {
  return quantizeMultiplier(scaleOf(present(instance.inputs[0])) * 2 ** (31 - INPUT_BITS))
}

/**
 * An int8 function that runs into its limits, by fixed-point arithmetic: `curve` maps Q4 to Q0, and the result has
 * `fractionBits` and `zeroPoint`. Inputs that leave Q4 give -128 and 127, even where that is not the nearest result.
 */
export function saturatingFunction(
  instance: Instance,
  curve: (value: number) => number,
  fractionBits: number,
  zeroPoint: number,
): (value: number) => number {
  const { multiplier, shift } = inputScaling(instance)
  const radius = inputRadius(INPUT_BITS, shift)
  const inputZeroPoint = zeroPointOf(present(instance.inputs[0]))
  return (value) => {
    const centred = value - inputZeroPoint
    if (centred <= -radius) return -128
    if (centred >= radius) return 127
    return roundingShiftRight(curve(requantize(centred, multiplier, shift)), 31 - fractionBits) + zeroPoint
  }
}

/** The input scale can be expressed in Q4. Beyond, the reference kernels shift by more bits than there are. */
export const inputScaleInRange: Constraint = {
  code: 'UNSUPPORTED_QUANTIZATION',
  rule: 'The scale of an int8 input is at least 2^-28 and below 2^35',
  help: 'Quantize the model again with representative data: the input scale is out of proportion.',
  holds: ({ inputs }) => {
    const input = present(inputs[0])
    return input.type !== 'int8' || (scaleOf(input) >= 2 ** -28 && scaleOf(input) < 2 ** 35)
  },
  found: ({ inputs }) => `input scale ${scaleOf(present(inputs[0]))}`,
}
