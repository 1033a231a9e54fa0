import { roundingShiftRight } from './arithmetic/fixed-point.js'
import { quantizeMultiplier } from './arithmetic/quantized-multiplier.js'
import { present, scaleOf, zeroPointOf } from './constraints.js'
import type { Constraint, Instance } from './definition.js'
import { unaryOperator } from './unary.js'

const INT16_MAX = 2 ** 15 - 1
const INT16_MIN = -(2 ** 15)

/** Inputs are widened to steps of 1/128 of their scale. */
const WIDENED = 128
/** The scale on which -3 and 3 are the ends of 16 bits. */
const RELU_SCALE = Math.fround(3 / 2 ** 15)

/** A real number as `multiplier / 2^15 * 2^shift`. */
interface NarrowMultiplier {
  readonly multiplier: number
  readonly shift: number
}

/** TensorFlow Lite's `QuantizeMultiplier`, and of its 31 bits the upper 15 (`DownScaleInt32ToInt16Multiplier`). */
function narrowMultiplier(real: number): NarrowMultiplier {
  const { multiplier, shift } = quantizeMultiplier(real)
  return { multiplier: Math.min(INT16_MAX, (multiplier + 2 ** 15) >> 16), shift }
}

const saturate = (value: number): number => Math.max(INT16_MIN, Math.min(INT16_MAX, value))

/** Both factors of the result: of the input to the output's scale, and to that of the ReLU inside. */
function multipliers({ inputs, outputs }: Instance): {
  readonly output: NarrowMultiplier
  readonly relu: NarrowMultiplier
} {
  const widened = Math.fround(scaleOf(present(inputs[0])) / WIDENED)
  const output = Math.fround(widened / scaleOf(present(outputs[0])))
  return { output: narrowMultiplier(output), relu: narrowMultiplier(Math.fround(widened / RELU_SCALE)) }
}

/** min(max(x + 3, 0), 6) / 6 in units of 2^-15, of an input in units of 1/128 of its scale. */
function reluish(widened: number, { multiplier, shift }: NarrowMultiplier): number {
  const before = shift > 0 ? saturate(widened * 2 ** (shift - 1)) : widened
  const scaled = Math.floor((before * multiplier + 2 ** 14) / 2 ** 15)
  const after = shift > 0 ? saturate(scaled * 2) : roundingShiftRight(scaled, -shift)
  return (after + 2 ** 15) >> 1
}

/** The reference kernel of TensorFlow Lite in its 16-bit fixed-point arithmetic, before the output is saturated to int8. */
function hardSwishOf(instance: Instance): (value: number) => number {
  const { output, relu } = multipliers(instance)
  const inputZeroPoint = zeroPointOf(present(instance.inputs[0]))
  const outputZeroPoint = zeroPointOf(present(instance.outputs[0]))
  return (value) => {
    const widened = (value - inputZeroPoint) * WIDENED
    const scaled = Math.floor((widened * output.multiplier + 2 ** 14) / 2 ** 15)
    const product = Math.trunc((reluish(widened, relu) * scaled) / 2 ** 15)
    return roundingShiftRight(product, -output.shift) + outputZeroPoint
  }
}

/** Shifts that the reference kernel's 16 bits allow: it asserts the first, and computes nonsense beyond the others. */
const scalesInRange: Constraint = {
  code: 'UNSUPPORTED_QUANTIZATION',
  rule: 'The scales of int8 tensors allow 16-bit arithmetic: the input scale is at least 2^-20 and below 2^8, and 2^-8 to 128 times that of the output',
  help: 'Quantize the model again with representative data: the scales are out of proportion.',
  holds: (instance) => {
    const input = present(instance.inputs[0])
    if (input.type !== 'int8') return true
    const { output } = multipliers(instance)
    return scaleOf(input) >= 2 ** -20 && scaleOf(input) < 2 ** 8 && output.shift <= 0 && output.shift >= -14
  },
  found: ({ inputs, outputs }) =>
    `input scale ${scaleOf(present(inputs[0]))}, output scale ${scaleOf(present(outputs[0]))}`,
}

/** x * min(max(x + 3, 0), 6) / 6: the swish of MobileNetV3. */
export const hardSwish = unaryOperator<null>({
  kind: 'HARD_SWISH',
  maxVersion: 1,
  summary: 'x * min(max(x + 3, 0), 6) / 6, int8 and float32',
  parse: () => null,
  constraints: [scalesInRange],
  quantized: hardSwishOf,
  real: () => (value) => {
    const limited = Math.min(6, Math.max(0, Math.fround(value + 3)))
    return Math.fround(value * limited) / 6
  },
  family: 'hard_swish',
  fields: () => ({}),
})
