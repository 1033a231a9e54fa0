/** Streams of the kernel set `mve`, laid out as `src/kernels/README.md` says. */
import type { KernelRequest } from '../ops/index.js'
import {
  columnBytes,
  depthwiseStrip,
  isDirect,
  numberField,
  type Strip,
  stripOf,
  type WeightedChannels,
  weightedChannels,
} from '../select/index.js'
import { kept, scaleOf, Stream, WINDOW } from './dsp.js'

type Fields = KernelRequest['fields']

/** Inputs of a vector. */
const LANES = 16

/** Blocks of 4 channels, then the others by themselves. */
function blocksStream(channels: WeightedChannels, blocks: number, zeroPoint: number): Int32Array {
  const { inputs, weight } = channels
  const stream = new Stream()
  const weights = (channel: number, from: number, to: number): readonly number[] =>
    Array.from({ length: to - from }, (_, i) => weight(channel, from + i))
  for (let block = 0; block < blocks; block += 1) {
    const four = [0, 1, 2, 3].map((i) => 4 * block + i)
    const scales = four.map((channel) => scaleOf(channels, channel, zeroPoint))
    stream.word(...scales.map(({ bias }) => bias))
    for (let input = 0; input < inputs; input += LANES) {
      stream.bytes(four.flatMap((channel) => weights(channel, input, Math.min(input + LANES, inputs))))
    }
    stream.word(...scales.map(({ multiplier }) => multiplier))
    stream.bytes(scales.map(({ shift }) => -shift))
  }
  for (let channel = 4 * blocks; channel < channels.channels; channel += 1) {
    const { bias, multiplier, shift } = scaleOf(channels, channel, zeroPoint)
    stream.word(bias, multiplier, -shift)
    const filling = Array.from({ length: -inputs & 3 }, () => 0)
    stream.bytes([...weights(channel, 0, inputs), ...filling])
  }
  return stream.finish()
}

/** The members of `eonc_blocks_mve`. */
const blocksOf = (fields: Fields, { inputs, channels }: WeightedChannels, blocks: number, step: number) => ({
  whole: inputs - (inputs % LANES),
  rest: inputs % LANES,
  block_channels: 4 * blocks,
  input_step: step,
  output_step: channels,
  ...kept(fields, ['output_zero_point', 'clamp_min', 'clamp_max']),
})

/** Columns that are copied at once: as many as fit a vector, and as the bytes of its offsets reach. */
function lanesOf(depth: number, pitch: number, { phase_step }: Strip): { lanes: number; columns: number } {
  if (phase_step > 1 || depth > LANES) return { lanes: 0, columns: 0 }
  const columns = Math.min(Math.floor(LANES / depth), Math.floor((256 - depth) / pitch) + 1)
  return { lanes: columns * depth, columns }
}

/** The channels with their inputs column by column, which is how windows lie in a strip. */
function byColumns(channels: WeightedChannels, fields: Fields): WeightedChannels {
  const [height, width] = [numberField(fields, 'filter_height'), numberField(fields, 'filter_width')]
  const depth = channels.inputs / height / width
  return {
    ...channels,
    weight: (channel, input) => {
      const tap = Math.floor(input / depth)
      const [column, row] = [Math.floor(tap / height), tap % height]
      return channels.weight(channel, (row * width + column) * depth + (input % depth))
    },
  }
}

function conv2d(request: KernelRequest): Fields {
  const { fields } = request
  const [depth, count, stride] = ['input_channels', 'output_channels', 'stride_width'].map((name) =>
    numberField(fields, name),
  ) as [number, number, number]
  const channels = byColumns(weightedChannels(request, count, 'channel outermost'), fields)
  const blocks = Math.floor(count / 4)
  const pitch = columnBytes(fields)
  const strip = stripOf(fields, pitch)
  const { lanes, columns } = lanesOf(depth, strip.phases * pitch, strip)
  const step = isDirect(fields) ? stride * depth : strip.pixel_columns * strip.phases * pitch
  return {
    stream: blocksStream(channels, blocks, numberField(fields, 'output_zero_point')),
    ...kept(fields, [...WINDOW, 'padding_value', 'relu']),
    ...blocksOf(fields, channels, blocks, step),
    ...strip,
    depth,
    column_distance: strip.phase_step * depth,
    column_pitch: strip.phases * pitch,
    lanes,
    lane_step: columns * strip.phases * pitch,
    offsets: Int8Array.from({ length: LANES }, (_, i) =>
      i < lanes ? Math.floor(i / depth) * strip.phases * pitch + (i % depth) : 0,
    ),
  }
}

function depthwiseConv2d(request: KernelRequest): Fields {
  const { fields } = request
  const count = numberField(fields, 'output_channels')
  const plain = weightedChannels(request, count, 'channel innermost')
  const { inputs, weight } = byColumns(plain, fields)
  const scales = Array.from({ length: count }, (_, channel) =>
    scaleOf(plain, channel, numberField(fields, 'output_zero_point')),
  )
  const { channels: _, ...strip } = depthwiseStrip(fields)
  const height = numberField(fields, 'filter_height')
  return {
    weights: Int8Array.from({ length: count * inputs }, (_, i) => weight(Math.floor(i / inputs), i % inputs)),
    bias: Int32Array.from(scales, ({ bias }) => bias | 0),
    multiplier: Int32Array.from(scales, ({ multiplier }) => multiplier),
    shift: Int8Array.from(scales, ({ shift }) => -shift),
    ...kept(fields, [...WINDOW, 'padding_value', 'clamp_min', 'clamp_max', 'relu', 'output_zero_point']),
    ...strip,
    taps: inputs,
    pixel_step: strip.pixel_columns * strip.phases * height,
    output_step: count,
    column_distance: strip.phase_step * count,
    column_pitch: strip.phases * height,
  }
}

function fullyConnected(request: KernelRequest): Fields {
  const { fields } = request
  const [inputs, outputs, blocks] = ['inputs', 'outputs', 'blocks'].map((name) => numberField(fields, name)) as [
    number,
    number,
    number,
  ]
  const channels = weightedChannels(request, outputs, 'channel outermost')
  return {
    stream: blocksStream(channels, blocks, numberField(fields, 'output_zero_point')),
    ...blocksOf(fields, channels, blocks, inputs),
    ...kept(fields, ['rows', 'relu']),
  }
}

/** A half is exact: the value is shifted to the left once more, and to the right once. */
function sum({ fields }: KernelRequest): Fields {
  const operand = (of: 1 | 2): Fields => {
    const shift = numberField(fields, `shift_${of}`)
    return { [`left_${of}`]: shift === 0 ? 21 : 20, [`shift_${of}`]: Math.min(-1, shift) }
  }
  return { ...fields, ...operand(1), ...operand(2) }
}

/** Layouts by family: the request that the set took, as the parameters of its kernel. */
export const mveLayouts: ReadonlyMap<string, (request: KernelRequest) => Fields> = new Map([
  ['add', sum],
  ['conv_2d', conv2d],
  ['depthwise_conv_2d', depthwiseConv2d],
  ['fully_connected', fullyConnected],
  ['sub', sum],
])
