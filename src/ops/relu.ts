import { quantizeMultiplier } from './arithmetic/quantized-multiplier.js'
import { factorInRange, present, scaleOf, zeroPointOf } from './constraints.js'
import type { Instance } from './definition.js'
import { rescaleBy } from './rescaling.js'
import { unaryOperator } from './unary.js'

/** TensorFlow Lite divides the scales in float32. */
function factor({ inputs, outputs }: Instance): number {
  return Math.fround(scaleOf(present(inputs[0])) / scaleOf(present(outputs[0])))
}

/** Rectified linear unit: negative values become zero. On int8 it also goes from one quantization to another. */
export const relu = unaryOperator<null>({
  kind: 'RELU',
  maxVersion: 3,
  summary: 'Rectified linear unit, int8 and float32',
  parse: () => null,
  constraints: [
    factorInRange('The scale of the input is below 2^30 times that of the output', (instance) =>
      quantizeMultiplier(factor(instance)),
    ),
  ],
  quantized(instance) {
    const inputZeroPoint = zeroPointOf(present(instance.inputs[0]))
    const zeroPoint = zeroPointOf(present(instance.outputs[0]))
    const rescale = rescaleBy(factor(instance))
    return (value) => Math.max(zeroPoint, (rescale(value - inputZeroPoint) + zeroPoint) | 0)
  },
  real: () => (value) => (value < 0 ? 0 : value),
  family: 'relu',
  fields: () => ({}),
})
