/** What calls of CMSIS-NN read: TensorFlow Lite's own arrays, and a multiplier and a shift for each channel. */
import type { KernelRequest } from '../ops/index.js'
import { arrayField, isPadded, numberField } from '../select/index.js'

type Fields = KernelRequest['fields']

/** A multiplier and a shift for each of the channels, as int32. */
function scales(fields: Fields, channels: number): Readonly<Record<'multiplier' | 'shift', Int32Array>> {
  const multiplier = arrayField(fields, 'multiplier', Int32Array)
  const shift = arrayField(fields, 'shift', Int8Array)
  const step = numberField(fields, 'channel_step')
  const each = (values: Int32Array | Int8Array): Int32Array =>
    Int32Array.from({ length: channels }, (_, channel) => values[channel * step] ?? 0)
  return { multiplier: each(multiplier), shift: each(shift) }
}

/**
 * Bias and input offset of a convolution. Its bias has the zero point in it already, so that there is no offset to add;
 * but CMSIS-NN pads with what the offset makes zero, so that padded convolutions get both as the model file has them.
 */
function offsets(fields: Fields, channels: number, channelOf: (weight: number) => number): Fields {
  const folded = arrayField(fields, 'bias', Int32Array)
  if (!isPadded(fields)) return { bias: folded, input_offset: 0 }
  const zeroPoint = numberField(fields, 'padding_value')
  const sums = new Int32Array(channels)
  arrayField(fields, 'weights', Int8Array).forEach((weight, index) => {
    const channel = channelOf(index)
    sums[channel] = (sums[channel] ?? 0) + weight
  })
  const bias = Int32Array.from(folded, (value, channel) => value + Math.imul(zeroPoint, sums[channel] ?? 0))
  return { bias, input_offset: -zeroPoint }
}

function convolution(
  { fields }: KernelRequest,
  channelOf: (weight: number, channels: number, weights: number) => number,
): Fields {
  const channels = numberField(fields, 'output_channels')
  const { length } = arrayField(fields, 'weights', Int8Array)
  const { padding_value: _value, channel_step: _step, ...others } = fields
  const own = offsets(fields, channels, (weight) => channelOf(weight, channels, length))
  return { ...others, ...own, ...scales(fields, channels) }
}

/** The layouts of the set, by family. */
export const cmsisNnLayouts: ReadonlyMap<string, (request: KernelRequest) => Fields> = new Map([
  ['conv_2d', (request) => convolution(request, (weight, channels, all) => Math.floor((weight * channels) / all))],
  ['depthwise_conv_2d', (request) => convolution(request, (weight, channels) => weight % channels)],
  [
    'fully_connected',
    ({ fields }) => {
      const { multiplier: _multiplier, shift: _shift, channel_step: _step, ...others } = fields
      const [multiplier, shift] = [arrayField(fields, 'multiplier', Int32Array), arrayField(fields, 'shift', Int8Array)]
      return { ...others, multiplier: multiplier[0] ?? 0, shift: shift[0] ?? 0 }
    },
  ],
  [
    'softmax',
    ({ fields }) => {
      const { exponentials: _exponentials, distances: _distances, entries: _entries, ...others } = fields
      return others
    },
  ],
  ...['add', 'mul'].map((family): [string, (request: KernelRequest) => Fields] => [
    family,
    ({ fields }) => {
      const { outer: _outer, dimensions: _dimensions, rows: _rows, step_1: _1, step_2: _2, row = 0, ...others } = fields
      return { ...others, elements: row }
    },
  ]),
])
