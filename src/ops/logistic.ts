import { logistic as logisticCurve } from './arithmetic/fixed-point.js'
import { present, zeroPointOf } from './constraints.js'
import { inputScaleInRange, saturatingFunction } from './saturating-function.js'
import { unaryOperator } from './unary.js'

/** Above this the result rounds to 1. */
const ONE_FROM = Math.fround(16.619047164916992)
/** Below this TensorFlow Lite takes exp(x) for the result. */
const EXPONENTIAL_BELOW = -9

/** Logistic function, 1 / (1 + exp(-x)). Int8 results are in steps of 1/256 above -128, whatever the output's scale. */
export const logistic = unaryOperator<null>({
  kind: 'LOGISTIC',
  maxVersion: 3,
  summary: 'Logistic function (sigmoid), int8 and float32',
  parse: () => null,
  constraints: [
    {
      code: 'UNSUPPORTED_QUANTIZATION',
      rule: 'An int8 output has zero point -128',
      help: 'Quantize the model again with the current converter, which gives the output scale 1/256 and zero point -128.',
      holds: ({ outputs }) => present(outputs[0]).type !== 'int8' || zeroPointOf(present(outputs[0])) === -128,
      found: ({ outputs }) => `zero point ${zeroPointOf(present(outputs[0]))}`,
    },
    inputScaleInRange,
  ],
  quantized: (instance) => saturatingFunction(instance, logisticCurve, 8, -128),
  real: () => (value) => {
    if (value > ONE_FROM) return 1
    if (value < EXPONENTIAL_BELOW) return Math.exp(value)
    return 1 / Math.fround(1 + Math.fround(Math.exp(-value)))
  },
  family: 'logistic',
  fields: () => ({}),
})
