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
import type { Instance, OperatorDefinition, WindowAxis } from './definition.js'
import { ownLabels } from './channel-flow.js'
import { weightedChannels } from './weighted-channels.js'
import { foldedBias, weightElements } from './weights.js'
import {
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

/** Options of CONV_2D. */
export type Conv2dOptions = Windowed & Activated & Foldable

function filterSize(instance: Instance<Conv2dOptions>): { readonly height: number; readonly width: number } {
  const [, height = 0, width = 0] = present(instance.inputs[1]).shape
  return { height, width }
}

/** Groups of channels: those of a group of outputs are computed from those of one group of inputs. */
interface Groups {
  readonly count: number
  /** Input channels of a group: as many as the filter has. */
  readonly inputs: number
  readonly outputs: number
}

function groupsOf({ inputs: [input, filter] }: Instance): Groups {
  const inputs = present(filter).shape[3] ?? 1
  const count = (present(input).shape[3] ?? 1) / inputs
  return { count, inputs, outputs: (present(filter).shape[0] ?? 1) / count }
}

/** The one window of each image is all of it, without padding: the weights lie as those of a fully connected layer. */
function coversInput(instance: Instance<Conv2dOptions>): boolean {
  const [, height, width] = present(instance.inputs[0]).shape
  const [, outputHeight, outputWidth] = present(instance.outputs[0]).shape
  const { rows, columns } = windowAxes(instance, filterSize(instance))
  const covers = ({ size, dilation, before }: WindowAxis, extent: number | undefined): boolean =>
    size === extent && before === 0 && (size === 1 || dilation === 1)
  const single = outputHeight === 1 && outputWidth === 1
  return single && groupsOf(instance).count === 1 && covers(rows, height) && covers(columns, width)
}

function denseFields({ inputs, outputs }: Instance): Readonly<Record<'rows' | 'inputs' | 'outputs', number>> {
  const [images = 1, ...image] = present(inputs[0]).shape
  return { rows: images, inputs: elementCount(image), outputs: present(outputs[0]).shape[3] ?? 0 }
}

function inferShape(instance: Instance<Conv2dOptions>): readonly number[] {
  const input = present(instance.inputs[0])
  const [channels = 0] = present(instance.inputs[1]).shape
  return [input.shape[0] ?? 0, ...windowOutput(instance.options, input, filterSize(instance)), channels]
}

/** 2-D convolution, NHWC input, OHWI weights. */
export const conv2d: OperatorDefinition<Conv2dOptions> = {
  kind: 'CONV_2D',
  maxVersion: 6,
  summary: '2-D convolution, int8 (per tensor and per channel) and float32, any stride, dilation, padding and groups',
  parse: (table) => ({
    padding: parsePadding(table.int8(0, 0)),
    strideWidth: table.int32(1, 0),
    strideHeight: table.int32(2, 0),
    activation: parseActivation(table.int8(3, 0)),
    dilationWidth: table.int32(4, 1),
    dilationHeight: table.int32(5, 1),
  }),
  constraints: [
    arity(2, 1),
    inputType(0, 'input', ['int8', 'float32']),
    sameType,
    constantInput(1, 'filter'),
    constantInput(2, 'bias'),
    inputRank(0, 'input', 4),
    inputRank(1, 'filter', 4),
    ...weightConstraints(0),
    ...windowConstraints,
    {
      code: 'BAD_MODEL',
      rule: 'The filter has all input channels, or those of one of several groups that inputs and outputs divide into',
      help: 'The file is damaged: export it again.',
      prerequisite: true,
      holds: (instance) => {
        const { count, outputs } = groupsOf(instance)
        return Number.isInteger(count) && Number.isInteger(outputs)
      },
      found: ({ inputs }) => `${inputs[0]?.shape[3]} input channels, filter ${inputs[1]?.shape.join('x')}`,
    },
    perTensorQuantization([0]),
    outputShape(inferShape),
    ...activationConstraints,
    scalingInRange(convolutionScaling),
  ],
  units: windowUnits,
  dataFlow: (instance) => windowFlow(instance, filterSize(instance), false),
  channels(instance) {
    const [input, filter] = [present(instance.inputs[0]), present(instance.inputs[1])]
    const window = elementCount(filter.shape.slice(1))
    const { count, inputs, outputs } = groupsOf(instance)
    // of a group, all channels stay or none
    const labels = {
      inputs: [ownLabels(input).map((channel) => Math.floor(channel / inputs))],
      output: ownLabels(present(instance.outputs[0])).map((channel) => Math.floor(channel / outputs)),
    }
    const outputOf = (index: number): number => Math.floor(index / window)
    return weightedChannels(instance, {
      dimension: 0,
      outputOf,
      inputOf: (index) => Math.floor(outputOf(index) / outputs) * inputs + (index % inputs),
      inputChannels: count * inputs,
      padded: windowReach(instance, filterSize(instance)).padded,
      scaling: convolutionScaling(instance),
      ...(count > 1 && { labels }),
    })
  },
  macs: ({ inputs, outputs }) => {
    const [, ...window] = present(inputs[1]).shape
    return elementCount(present(outputs[0]).shape) * elementCount(window)
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
    const group = groupsOf(instance)
    const range = outputRange(instance, output)
    const input = inputs[0] as Elements
    let at = 0
    for (let b = 0; b < batches; b += 1) {
      for (let y = 0; y < outputHeight; y += 1) {
        const tapRows = validTaps(rows, y, inputHeight)
        for (let x = 0; x < outputWidth; x += 1) {
          const tapColumns = validTaps(columns, x, inputWidth)
          for (let o = 0; o < outputChannels; o += 1) {
            const firstChannel = Math.floor(o / group.outputs) * group.inputs
            let sum = integer ? (bias[o] ?? 0) : 0
            for (let ky = 0; ky < rows.size; ky += 1) {
              const inputY = y * rows.stride - rows.before + ky * rows.dilation
              for (let kx = 0; kx < columns.size; kx += 1) {
                const inputX = x * columns.stride - columns.before + kx * columns.dilation
                const inside = ky >= tapRows.from && ky < tapRows.to && kx >= tapColumns.from && kx < tapColumns.to
                if (!inside && padding + offset === 0) continue
                const inputAt = ((b * inputHeight + inputY) * inputWidth + inputX) * inputChannels + firstChannel
                const weightAt = ((o * rows.size + ky) * columns.size + kx) * group.inputs
                for (let c = 0; c < group.inputs; c += 1) {
                  const value = inside ? (input[inputAt + c] ?? 0) : padding
                  const product = (value + offset) * (weights[weightAt + c] ?? 0)
                  sum = integer ? (sum + product) | 0 : Math.fround(sum + Math.fround(product))
                }
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
    const filter = elementCount(present(instance.inputs[1]).shape.slice(1))
    return foldedBias(instance, (index) => Math.floor(index / filter))
  },
  accumulatorBytes: (instance) => (groupsOf(instance).count === 1 ? singleWindowAccumulatorBytes(instance) : undefined),
  lower(instance) {
    const output = present(instance.outputs[0])
    const size = filterSize(instance)
    const { weights, bias } = weightElements(instance, [], output.shape[3] ?? 0)
    const range = outputRange(instance, output)
    const { count, inputs, outputs } = groupsOf(instance)
    const groups = count === 1 ? {} : { group_inputs: inputs, group_outputs: outputs }
    const limits = { clamp_min: range.min, clamp_max: range.max }
    const dense = coversInput(instance)
    const extents = dense ? denseFields(instance) : { ...windowFields(instance, size), ...groups }
    const common = { ...extents, weights, bias, ...limits }
    const family = dense ? 'fully_connected' : count === 1 ? 'conv_2d' : 'grouped_conv_2d'
    const request = { family, reads: [0] }
    if (output.type === 'float32') return { ...request, type: 'f32', fields: common }
    const integer = {
      ...scalingFields(convolutionScaling(instance)),
      ...(dense ? {} : { padding_value: inputOffsets(instance).padding }),
      output_zero_point: zeroPointOf(output),
    }
    return { ...request, type: 's8', fields: { ...common, ...integer } }
  },
}
