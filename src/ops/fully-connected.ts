import type { Elements } from '../ir/index.js'
import { elementCount, newElements } from '../ir/index.js'
import { activationConstraints, outputRange, parseActivation, type Activated } from './activation.js'
import {
  inputOffsets,
  scaleChannel,
  scaling,
  scalingFields,
  scalingInRange,
  weightConstraints,
  type ChannelScaling,
  type Foldable,
} from './channel-scaling.js'
import {
  arity,
  constantInput,
  inputRank,
  inputType,
  perTensorQuantization,
  present,
  sameType,
  scaleOf,
  zeroPointOf,
} from './constraints.js'
import type { Instance, OperatorDefinition } from './definition.js'
import { channelCount } from './channel-ranges.js'
import { greatestCommonDivisor } from './channel-flow.js'
import { weightedChannels } from './weighted-channels.js'
import { foldedBias, weightElements } from './weights.js'

/** Options of FULLY_CONNECTED. */
export interface FullyConnectedOptions extends Activated, Foldable {
  /** Layout of the weights; 0 is the plain one. */
  readonly weightsFormat: number
}

/** Rows of the product: how many vectors of `inputs` elements become vectors of `outputs` elements. */
function extents(instance: Instance): { readonly rows: number; readonly inputs: number; readonly outputs: number } {
  const [outputs = 0, inputs = 0] = present(instance.inputs[1]).shape
  return { rows: elementCount(present(instance.inputs[0]).shape) / inputs, inputs, outputs }
}

/** Scales are float32; TensorFlow Lite Micro multiplies and divides them in double. */
function fullyConnectedScaling(instance: Instance): ChannelScaling {
  const scales = present(instance.inputs[1]).quantization?.scales ?? []
  const input = scaleOf(present(instance.inputs[0]))
  const output = scaleOf(present(instance.outputs[0]))
  return scaling(scales, (scale) => (input * scale) / output)
}

/** Matrix product with constant weights, [outputs][inputs], over the last dimension of the output. */
export const fullyConnected: OperatorDefinition<FullyConnectedOptions> = {
  kind: 'FULLY_CONNECTED',
  maxVersion: 12,
  summary: 'Fully connected layer, int8 (per tensor and per channel) and float32, input of any rank',
  parse: (table) => ({ activation: parseActivation(table.int8(0, 0)), weightsFormat: table.int8(1, 0) }),
  constraints: [
    arity(2, 1),
    inputType(0, 'input', ['int8', 'float32']),
    sameType,
    constantInput(1, 'weights'),
    constantInput(2, 'bias'),
    inputRank(1, 'weights', 2),
    {
      code: 'UNSUPPORTED_OPTION',
      rule: 'Weights are stored in the default format',
      help: 'Convert the model again without shuffled weights.',
      holds: ({ options }) => options.weightsFormat === 0,
      found: ({ options }) => `weights_format = ${options.weightsFormat}`,
    },
    ...weightConstraints(0),
    perTensorQuantization([0]),
    {
      code: 'BAD_MODEL',
      rule: 'The input is rows of as many elements as the weights have columns, and gives as many rows of outputs',
      help: 'The file is damaged: export it again.',
      prerequisite: true,
      holds: (instance) => {
        const { rows, outputs } = extents(instance)
        const shape = present(instance.outputs[0]).shape
        return Number.isInteger(rows) && elementCount(shape) === rows * outputs && shape.at(-1) === outputs
      },
      found: ({ inputs, outputs }) =>
        `input ${inputs[0]?.shape.join('x')}, weights ${inputs[1]?.shape.join('x')}, output ${outputs[0]?.shape.join('x')}`,
    },
    ...activationConstraints,
    {
      code: 'UNSUPPORTED_QUANTIZATION',
      rule: 'The scale of the bias is the product of the scales of input and weights, within 2 % of the output scale',
      help: 'Quantize the model again with the current converter.',
      holds: ({ inputs, outputs }) => {
        const [input, weights, bias] = inputs
        // as TensorFlow Lite Micro: it looks at this only where weights are quantized per tensor
        if (input?.type !== 'int8' || bias === undefined || weights?.quantization?.scales.length !== 1) return true
        const difference = Math.abs(scaleOf(input) * scaleOf(weights) - (bias.quantization?.scales[0] ?? 0))
        return difference / scaleOf(present(outputs[0])) <= 0.02
      },
      found: ({ inputs }) => `bias scale ${inputs[2]?.quantization?.scales[0]}`,
    },
    scalingInRange(fullyConnectedScaling),
  ],
  dataFlow: (instance) => {
    const { inputs: input, outputs: output } = extents(instance)
    const vectors = { kind: 'vectors', input, output } as const
    const inputs = instance.inputs.map((_, index) => (index === 0 ? vectors : ({ kind: 'whole' } as const)))
    return { inputs, inPlace: [], lanewise: false, accumulates: true }
  },
  accumulatorBytes: (instance) => {
    const { rows, outputs } = extents(instance)
    return rows === 1 ? 4 * outputs : undefined
  },
  channels(instance) {
    const { inputs } = extents(instance)
    // the weights are a matrix over vectors that may be cut out of the last dimension, or be several of its length
    const inputChannels = greatestCommonDivisor(inputs, channelCount(present(instance.inputs[0])))
    return weightedChannels(instance, {
      dimension: 0,
      outputOf: (index) => Math.floor(index / inputs),
      inputOf: (index) => (index % inputs) % inputChannels,
      inputChannels,
      padded: false,
      scaling: fullyConnectedScaling(instance),
    })
  },
  macs: (instance) => {
    const { rows, inputs, outputs } = extents(instance)
    return rows * inputs * outputs
  },
  evaluate(instance, inputs) {
    const output = present(instance.outputs[0])
    const result = newElements(output.type, elementCount(output.shape)) as Elements
    const integer = output.type === 'int8'
    const { rows, inputs: depth, outputs } = extents(instance)
    const { offset } = integer ? inputOffsets(instance) : { offset: 0 }
    const factors = integer ? fullyConnectedScaling(instance) : undefined
    const { weights, bias } = weightElements(instance, inputs, outputs)
    const range = outputRange(instance, output)
    const input = inputs[0] as Elements
    for (let row = 0; row < rows; row += 1) {
      for (let o = 0; o < outputs; o += 1) {
        let sum = integer ? (bias[o] ?? 0) : 0
        for (let i = 0; i < depth; i += 1) {
          const product = ((input[row * depth + i] ?? 0) + offset) * (weights[o * depth + i] ?? 0)
          sum = integer ? (sum + product) | 0 : Math.fround(sum + Math.fround(product))
        }
        const value = factors
          ? (scaleChannel(factors, o, sum) + zeroPointOf(output)) | 0
          : Math.fround(sum + (bias[o] ?? 0))
        result[row * outputs + o] = Math.min(range.max, Math.max(range.min, value))
      }
    }
    return [result]
  },
  foldedBias: (instance) => {
    const { inputs } = extents(instance)
    return foldedBias(instance, (index) => Math.floor(index / inputs))
  },
  lower(instance) {
    const output = present(instance.outputs[0])
    const { rows, inputs, outputs } = extents(instance)
    const { weights, bias } = weightElements(instance, [], outputs)
    const range = outputRange(instance, output)
    const common = { rows, inputs, outputs, weights, bias, clamp_min: range.min, clamp_max: range.max }
    const request = { family: 'fully_connected', reads: [0] }
    if (output.type === 'float32') return { ...request, type: 'f32', fields: common }
    const integer = { ...scalingFields(fullyConnectedScaling(instance)), output_zero_point: zeroPointOf(output) }
    return { ...request, type: 's8', fields: { ...common, ...integer } }
  },
}
