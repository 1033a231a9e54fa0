import { roundHalfAway } from './activation.js'
import { present, scaleOf, zeroPointOf } from './constraints.js'
import type { Instance } from './definition.js'
import { unaryOperator } from './unary.js'

/** Six in steps of the input's quantization; TensorFlow Lite divides in float32. */
function sixInSteps({ inputs }: Instance): number {
  return roundHalfAway(Math.fround(6 / scaleOf(present(inputs[0]))))
}

/**
 * Rectified linear unit limited to [0, 6]. On int8 it limits the values in the quantization of the input and leaves
 * that of the output out of account, as TensorFlow Lite Micro does: converters give both the same.
 */
export const relu6 = unaryOperator<null>({
  kind: 'RELU6',
  maxVersion: 3,
  summary: 'Rectified linear unit limited to 6, int8 and float32',
  parse: () => null,
  constraints: [
    {
      code: 'UNSUPPORTED_QUANTIZATION',
      rule: 'The limit 6 fits 32 bits in the quantization of the input',
      help: 'Quantize the model again with representative data: the input scale is far too small.',
      holds: (instance) => present(instance.inputs[0]).type !== 'int8' || sixInSteps(instance) < 2 ** 31,
      found: ({ inputs }) => `input scale ${scaleOf(present(inputs[0]))}`,
    },
  ],
  quantized(instance) {
    const zeroPoint = zeroPointOf(present(instance.inputs[0]))
    const six = Math.min(127, sixInSteps(instance) + zeroPoint)
    return (value) => Math.min(six, Math.max(zeroPoint, value))
  },
  real: () => (value) => (value > 6 ? 6 : value < 0 ? 0 : value),
  family: 'relu6',
  fields: () => ({}),
})
