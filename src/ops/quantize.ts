import { elementCount } from '../ir/index.js'
import { roundHalfAway } from './activation.js'
import { quantizeMultiplier } from './arithmetic/quantized-multiplier.js'
import {
  arity,
  describeTensor,
  factorInRange,
  inputType,
  outputShape,
  perTensorQuantization,
  present,
  scaleOf,
  withHelp,
  zeroPointOf,
} from './constraints.js'
import { tableChannels } from './channel-flow.js'
import type { Instance, OperatorDefinition } from './definition.js'
import { applyTable, elementwiseFlow, float32Elements, int8Elements, lowerTable, tabulate } from './lookup.js'
import { rescaleBy } from './rescaling.js'
import { elementUnits } from './units.js'

/** From one quantization to another the scales are divided in double. */
function factor({ inputs, outputs }: Instance): number {
  return scaleOf(present(inputs[0])) / scaleOf(present(outputs[0]))
}

/** The table of int8 to int8: from one quantization to another. */
function requantization(instance: Instance): Int8Array {
  const inputZeroPoint = zeroPointOf(present(instance.inputs[0]))
  const zeroPoint = zeroPointOf(present(instance.outputs[0]))
  const rescale = rescaleBy(factor(instance))
  return tabulate((value) => (rescale(value - inputZeroPoint) + zeroPoint) | 0)
}

/**
 * The quantized value of a real one, saturated. The division is in float32. What leaves 32 bits saturates too, and NaN
 * counts as 0, as a floating-point unit of Arm converts them: TensorFlow Lite Micro leaves both to the machine.
 */
function quantizeReal(value: number, scale: number, zeroPoint: number): number {
  const steps = roundHalfAway(Math.fround(value / scale))
  return Math.max(-128, Math.min(127, (Number.isNaN(steps) ? 0 : steps) + zeroPoint))
}

const CONVERT_AGAIN =
  'Convert the model again to full int8, with inference_input_type and inference_output_type int8 or float32.'

/** From float32 to int8, or from one int8 quantization to another. */
export const quantize: OperatorDefinition<null> = {
  kind: 'QUANTIZE',
  maxVersion: 4,
  summary: 'Quantization of float32 to int8, and from one int8 quantization to another',
  parse: () => null,
  constraints: [
    arity(1),
    withHelp(inputType(0, 'input', ['float32', 'int8']), CONVERT_AGAIN),
    {
      code: 'UNSUPPORTED_TYPE',
      rule: 'The output is int8',
      help: CONVERT_AGAIN,
      prerequisite: true,
      holds: ({ outputs }) => present(outputs[0]).type === 'int8',
      found: ({ outputs }) => describeTensor(outputs[0]),
    },
    outputShape(({ inputs }) => present(inputs[0]).shape),
    perTensorQuantization([0]),
    factorInRange('The scale of an int8 input is below 2^30 times that of the output', (instance) =>
      quantizeMultiplier(present(instance.inputs[0]).type === 'int8' ? factor(instance) : 1),
    ),
  ],
  // an int8 element lies at or before the float32 element that it comes from, when both tensors begin at one address
  units: elementUnits,
  dataFlow: ({ inputs }) => ({ ...elementwiseFlow, lanewise: present(inputs[0]).type === 'int8' }),
  channels: (instance) => tableChannels(present(instance.inputs[0]), () => requantization(instance)),
  evaluate(instance, [input]) {
    if (present(instance.inputs[0]).type === 'int8') return [applyTable(requantization(instance), int8Elements(input))]
    const output = present(instance.outputs[0])
    const [scale, zeroPoint] = [scaleOf(output), zeroPointOf(output)]
    return [Int8Array.from(float32Elements(input), (value) => quantizeReal(value, scale, zeroPoint))]
  },
  lower(instance) {
    const [input, output] = [present(instance.inputs[0]), present(instance.outputs[0])]
    const count = elementCount(input.shape)
    if (input.type === 'int8') return lowerTable(requantization(instance), count)
    const fields = { count, scale: scaleOf(output), zero_point: zeroPointOf(output) }
    return { family: 'quantize', type: 'f32_s8', fields, reads: [0] }
  },
}
