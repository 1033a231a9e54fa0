import type { Elements } from '../ir/index.js'
import { multiplyHigh, roundingShiftRight } from './arithmetic/fixed-point.js'
import { quantizeMultiplier, type QuantizedMultiplier } from './arithmetic/quantized-multiplier.js'
import { binaryFields, evaluateBinary, type BinaryOptions } from './binary.js'
import { present, scaleOf, zeroPointOf } from './constraints.js'
import type { Constraint, Instance, KernelRequest } from './definition.js'

/** Bits that operands of an int8 sum gain before they are scaled. */
const HEADROOM_BITS = 20

/** Rounds each intermediate scale: to float32, or not at all. */
export type Precision = (value: number) => number

/** The factors of an int8 sum: both inputs relative to twice the larger input scale, then that to the output. */
function factors({ inputs, outputs }: Instance, round: Precision): readonly [number, number, number] {
  const [scale1, scale2] = [scaleOf(present(inputs[0])), scaleOf(present(inputs[1]))]
  const twice = round(2 * Math.max(scale1, scale2))
  const output = round(2 ** HEADROOM_BITS * scaleOf(present(outputs[0])))
  return [round(scale1 / twice), round(scale2 / twice), round(twice / output)]
}

function multipliers(instance: Instance, round: Precision): readonly QuantizedMultiplier[] {
  return factors(instance, round).map(quantizeMultiplier)
}

/** The factors are ones that TensorFlow Lite Micro does not abort on: above 0 and below 1. */
export function sumScalingInRange(round: Precision): Constraint<BinaryOptions> {
  return {
    code: 'UNSUPPORTED_QUANTIZATION',
    rule: 'The output scale is above 2^-19 of the larger input scale, and no ratio of the scales underflows',
    help: 'Quantize the model again with representative data: its scales are out of proportion.',
    holds: (instance) => {
      if (present(instance.outputs[0]).type === 'float32') return true
      const inRange = factors(instance, round).every((factor) => factor > 0 && factor < 1)
      return inRange && multipliers(instance, round).every(({ shift }) => shift <= 0)
    },
    found: ({ inputs, outputs }) => {
      const [a, b, output] = [...inputs, ...outputs].map((tensor) => scaleOf(present(tensor)))
      return `input scales ${a} and ${b}, output scale ${output}`
    },
  }
}

/** Reference semantics of `first + sign * second`. */
export function evaluateSum(
  instance: Instance<BinaryOptions>,
  inputs: readonly (Elements | undefined)[],
  round: Precision,
  sign: 1 | -1,
): readonly Elements[] {
  const output = present(instance.outputs[0])
  if (output.type === 'float32') return evaluateBinary(instance, inputs, (a, b) => Math.fround(a + sign * b))
  const [scale1, scale2, scaleOut] = multipliers(instance, round)
  const scaled = (value: number, by: QuantizedMultiplier | undefined): number =>
    by === undefined ? 0 : roundingShiftRight(multiplyHigh(value, by.multiplier), -by.shift)
  const [zeroPoint1, zeroPoint2] = instance.inputs.map((tensor) => zeroPointOf(present(tensor)))
  return evaluateBinary(instance, inputs, (a, b) => {
    const first = scaled((a - (zeroPoint1 ?? 0)) * 2 ** HEADROOM_BITS, scale1)
    const second = scaled((b - (zeroPoint2 ?? 0)) * 2 ** HEADROOM_BITS, scale2)
    return scaled(first + sign * second, scaleOut) + zeroPointOf(output)
  })
}

/** The kernel call of a sum or difference of the given family. */
export function lowerSum(instance: Instance<BinaryOptions>, family: string, round: Precision): KernelRequest {
  const request = { family, reads: [0, 1] }
  const output = present(instance.outputs[0])
  if (output.type === 'float32') return { ...request, type: 'f32', fields: binaryFields(instance) }
  const [first, second, last] = multipliers(instance, round)
  const [input1, input2] = instance.inputs.map(present)
  return {
    ...request,
    type: 's8',
    fields: {
      ...binaryFields(instance),
      multiplier_1: first?.multiplier ?? 0,
      multiplier_2: second?.multiplier ?? 0,
      output_multiplier: last?.multiplier ?? 0,
      zero_point_1: zeroPointOf(present(input1)),
      zero_point_2: zeroPointOf(present(input2)),
      output_zero_point: zeroPointOf(output),
      shift_1: first?.shift ?? 0,
      shift_2: second?.shift ?? 0,
      output_shift: last?.shift ?? 0,
    },
  }
}
