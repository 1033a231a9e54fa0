import type { Elements } from '../ir/index.js'
import { elementCount, newElements } from '../ir/index.js'
import { activationConstraints, outputRange, parseActivation, type Activated } from './activation.js'
import {
  convolutionScaling,
  inputOffsets,
  scaleChannel,
  scalingFields,
  scalingInRange,
  weightConstraints,
  type Foldable,
} from './channel-scaling.js'
import {
  arity,
  constantInput,
  inputRank,
  inputType,
  outputShape,
  perTensorQuantization,
  present,
  sameType,
  zeroPointOf,
} from './constraints.js'
import type { Instance, OperatorDefinition } from './definition.js'
import { channelCount } from './channel-ranges.js'
import { ownLabels } from './channel-flow.js'
import { weightedChannels } from './weighted-channels.js'
import { foldedBias, weightElements } from './weights.js'
import {
  MAX_STEP,
  parsePadding,
  singleWindowAccumulatorBytes,
  validTaps,
  windowAxes,
  windowConstraints,
  windowFields,
  windowFlow,
  windowOutput,
  windowReach,
  type Windowed,
} from './window.js'
import { windowUnits } from './units.js'

/** Options of DEPTHWISE_CONV_2D: each input channel gives `depthMultiplier` output channels. */
export interface DepthwiseConv2dOptions extends Windowed, Activated, Foldable {
  readonly depthMultiplier: number
}

function filterSize(instance: Instance<DepthwiseConv2dOptions>): { readonly height: number; readonly width: number } {
  const [, height = 0, width = 0] = present(instance.inputs[1]).shape
  return { height, width }
}

function inferShape(instance: Instance<DepthwiseConv2dOptions>): readonly number[] {
  const input = present(instance.inputs[0])
  const [batches = 0, , , channels = 0] = input.shape
  const spatial = windowOutput(instance.options, input, filterSize(instance))
  return [batches, ...spatial, channels * instance.options.depthMultiplier]
}

/** 2-D depthwise convolution, NHWC input, weights as 1 x height x width x output channels. */
export const depthwiseConv2d: OperatorDefinition<DepthwiseConv2dOptions> = {
  kind: 'DEPTHWISE_CONV_2D',
  maxVersion: 6,
  summary: '2-D depthwise convolution, int8 (per tensor and per channel) and float32, any depth multiplier',
  parse: (table) => ({
    padding: parsePadding(table.int8(0, 0)),
    strideWidth: table.int32(1, 0),
    strideHeight: table.int32(2, 0),
    depthMultiplier: table.int32(3, 0),
    activation: parseActivation(table.int8(4, 0)),
    dilationWidth: table.int32(5, 1),
    dilationHeight: table.int32(6, 1),
  }),
  constraints: [
    arity(2, 1),
    inputType(0, 'input', ['int8', 'float32']),
    sameType,
    constantInput(1, 'filter'),
    constantInput(2, 'bias'),
    {
      code: 'UNSUPPORTED_GRAPH',
      rule: 'A bias that is left out does not stand in the list of inputs: TensorFlow Lite Micro fails on it',
      help: 'Give the layer a bias of zeros.',
      holds: ({ inputs }) => inputs.length < 3 || inputs[2] !== undefined,
    },
    inputRank(0, 'input', 4),
    inputRank(1, 'filter', 4),
    ...weightConstraints(3),
    ...windowConstraints,
    {
      code: 'BAD_MODEL',
      rule: 'The filter has depth_multiplier channels for each input channel',
      help: 'The file is damaged: export it again.',
      prerequisite: true,
      holds: ({ inputs, options }) =>
        inputs[1]?.shape[0] === 1 && inputs[1].shape[3] === (inputs[0]?.shape[3] ?? 0) * options.depthMultiplier,
      found: ({ inputs, options }) =>
        `${inputs[0]?.shape[3]} input channels, filter ${inputs[1]?.shape.join('x')}, depth_multiplier ${options.depthMultiplier}`,
    },
    {
      code: 'UNSUPPORTED_OPTION',
      rule: `The depth multiplier is at most ${MAX_STEP}`,
      help: 'Use a smaller depth multiplier.',
      holds: ({ options }) => options.depthMultiplier <= MAX_STEP,
      found: ({ options }) => `depth_multiplier = ${options.depthMultiplier}`,
    },
    perTensorQuantization([0]),
    outputShape(inferShape),
    ...activationConstraints,
    scalingInRange(convolutionScaling),
  ],
  units: windowUnits,
  accumulatorBytes: singleWindowAccumulatorBytes,
  dataFlow: (instance) => windowFlow(instance, filterSize(instance), instance.options.depthMultiplier === 1),
  channels(instance) {
    const [input, output] = [present(instance.inputs[0]), present(instance.outputs[0])]
    const { depthMultiplier } = instance.options
    const channels = channelCount(output)
    const outputOf = (index: number): number => index % channels
    const inputOf = (index: number): number => Math.floor(outputOf(index) / depthMultiplier)
    return weightedChannels(instance, {
      dimension: 3,
      outputOf,
      inputOf,
      inputChannels: channelCount(input),
      padded: windowReach(instance, filterSize(instance)).padded,
      scaling: convolutionScaling(instance),
      // all that is computed from one channel stays, or nothing; with a single one, there may be any number
      ...(channels === depthMultiplier
        ? { options: (outputs) => ({ ...instance.options, depthMultiplier: outputs }) }
        : { labels: { inputs: [ownLabels(input)], output: ownLabels(output).map(inputOf) } }),
    })
  },
  macs: ({ inputs, outputs }) => {
    const [, height = 0, width = 0] = present(inputs[1]).shape
    return elementCount(present(outputs[0]).shape) * height * width
  },
  evaluate(instance, inputs) {
    const output = present(instance.outputs[0])
    const result = newElements(output.type, elementCount(output.shape)) as Elements
    const integer = output.type === 'int8'
    const [batches = 0, outputHeight = 0, outputWidth = 0, outputChannels = 0] = output.shape
    const [, inputHeight = 0, inputWidth = 0, inputChannels = 0] = present(instance.inputs[0]).shape
    const { rows, columns } = windowAxes(instance, filterSize(instance))
    const { padding, offset } = integer ? inputOffsets(instance) : { padding: 0, offset: 0 }
    const scaling = integer ? convolutionScaling(instance) : undefined
    const { weights, bias } = weightElements(instance, inputs, outputChannels)
    const range = outputRange(instance, output)
    const input = inputs[0] as Elements
    let at = 0
    for (let b = 0; b < batches; b += 1) {
      for (let y = 0; y < outputHeight; y += 1) {
        const tapRows = validTaps(rows, y, inputHeight)
        for (let x = 0; x < outputWidth; x += 1) {
          const tapColumns = validTaps(columns, x, inputWidth)
          for (let o = 0; o < outputChannels; o += 1) {
            const channel = Math.floor(o / instance.options.depthMultiplier)
            let sum = integer ? (bias[o] ?? 0) : 0
            for (let ky = 0; ky < rows.size; ky += 1) {
              const inputY = y * rows.stride - rows.before + ky * rows.dilation
              for (let kx = 0; kx < columns.size; kx += 1) {
                const inputX = x * columns.stride - columns.before + kx * columns.dilation
                const inside = ky >= tapRows.from && ky < tapRows.to && kx >= tapColumns.from && kx < tapColumns.to
                if (!inside && padding + offset === 0) continue
                const inputAt = ((b * inputHeight + inputY) * inputWidth + inputX) * inputChannels + channel
                const value = inside ? (input[inputAt] ?? 0) : padding
                const product = (value + offset) * (weights[(ky * columns.size + kx) * outputChannels + o] ?? 0)
                sum = integer ? (sum + product) | 0 : Math.fround(sum + Math.fround(product))
              }
            }
            const value = scaling
              ? (scaleChannel(scaling, o, sum) + zeroPointOf(output)) | 0
              : Math.fround(sum + (bias[o] ?? 0))
            result[at] = Math.min(range.max, Math.max(range.min, value))
            at += 1
          }
        }
      }
    }
    return [result]
  },
  foldedBias: (instance) => {
    const channels = present(instance.inputs[1]).shape[3] ?? 1
    return foldedBias(instance, (index) => index % channels)
  },
  lower(instance) {
    const output = present(instance.outputs[0])
    const size = filterSize(instance)
    const { weights, bias } = weightElements(instance, [], output.shape[3] ?? 0)
    const range = outputRange(instance, output)
    const common = {
      ...windowFields(instance, size),
      weights,
      bias,
      clamp_min: range.min,
      clamp_max: range.max,
      depth_multiplier: instance.options.depthMultiplier,
    }
    const request = { family: 'depthwise_conv_2d', reads: [0] }
    if (output.type === 'float32') return { ...request, type: 'f32', fields: common }
    const integer = {
      ...scalingFields(convolutionScaling(instance)),
      padding_value: inputOffsets(instance).padding,
      output_zero_point: zeroPointOf(output),
    }
    return { ...request, type: 's8', fields: { ...common, ...integer } }
  },
}
