import { quantizeMultiplier } from './arithmetic/quantized-multiplier.js'
import { factorInRange, present, scaleOf, zeroPointOf } from './constraints.js'
import type { Instance } from './definition.js'
import { rescaleBy } from './rescaling.js'
import { unaryOperator } from './unary.js'

/** Options of LEAKY_RELU. */
export interface LeakyReluOptions {
  /** Factor of negative values, of any sign and size. */
  readonly alpha: number
}

/** Factors of quantized values that are negative and of the others; TensorFlow Lite computes them in float32. */
function factors({ inputs, outputs, options }: Instance<LeakyReluOptions>): {
  readonly negative: number
  readonly positive: number
} {
  const [input, output] = [scaleOf(present(inputs[0])), scaleOf(present(outputs[0]))]
  return {
    negative: Math.fround(Math.fround(input * options.alpha) / output),
    positive: Math.fround(input / output),
  }
}

/** Rectified linear unit that multiplies negative values by alpha. */
export const leakyRelu = unaryOperator<LeakyReluOptions>({
  kind: 'LEAKY_RELU',
  maxVersion: 2,
  summary: 'Leaky rectified linear unit, int8 and float32, alpha of any sign',
  parse: (table) => ({ alpha: table.float32(0, 0) }),
  constraints: [
    {
      code: 'UNSUPPORTED_OPTION',
      rule: 'alpha is finite',
      help: 'The file is damaged, or training diverged: export the model again.',
      prerequisite: true,
      holds: ({ options }) => Number.isFinite(options.alpha),
      found: ({ options }) => `alpha ${options.alpha}`,
    },
    factorInRange(
      'The scale of the input is below 2^30 times that of the output, with and without alpha',
      (instance) => {
        const { negative, positive } = factors(instance)
        return quantizeMultiplier(Math.max(Math.abs(negative), positive))
      },
    ),
  ],
  quantized(instance) {
    const inputZeroPoint = zeroPointOf(present(instance.inputs[0]))
    const zeroPoint = zeroPointOf(present(instance.outputs[0]))
    const { negative, positive } = factors(instance)
    const [rescaleNegative, rescalePositive] = [rescaleBy(negative), rescaleBy(positive)]
    return (value) => {
      const centred = value - inputZeroPoint
      return ((centred >= 0 ? rescalePositive(centred) : rescaleNegative(centred)) + zeroPoint) | 0
    }
  },
  real:
    ({ options }) =>
    (value) =>
      value > 0 ? value : value * options.alpha,
  family: 'leaky_relu',
  fields: ({ options }) => ({ alpha: options.alpha }),
})
