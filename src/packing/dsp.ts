/** Streams of the kernel set `dsp`, laid out as `src/kernels/README.md` says. */
import type { KernelRequest } from '../ops/index.js'
import { numberField, type WeightedChannels, weightedChannels, windowRuns } from '../select/index.js'

type Fields = KernelRequest['fields']

/** Words of a stream, each written modulo 2^32. */
export class Stream {
  private readonly words: number[] = []

  word(...values: readonly number[]): void {
    for (const value of values) this.words.push(value | 0)
  }

  /** Two int16 in a word, the first one in the lower half. */
  halves(low: number, high: number): void {
    this.word((low & 0xffff) | (high << 16))
  }

  bytes(values: readonly number[]): void {
    this.word(...new Int32Array(Int8Array.from(values).buffer))
  }

  finish(): Int32Array {
    return Int32Array.from(this.words)
  }
}

/** Channels behind the last one have no weights, and a scale that does no harm. */
export function filledUp(channels: WeightedChannels): WeightedChannels {
  const exists = (channel: number): boolean => channel < channels.channels
  return {
    ...channels,
    weight: (channel, input) =>
      exists(channel) && input >= 0 && input < channels.inputs ? channels.weight(channel, input) : 0,
    bias: (channel) => (exists(channel) ? channels.bias(channel) : 0),
    shift: (channel) => (exists(channel) ? channels.shift(channel) : 1),
    multiplier: (channel) => (exists(channel) ? channels.multiplier(channel) : 0),
    zeroPoint: (channel) => (exists(channel) ? channels.zeroPoint(channel) : 0),
  }
}

/** Start values of the sums P and Q of the channels `first` and the one behind it. */
function startPair(stream: Stream, { bias }: WeightedChannels, first: number): void {
  stream.word(256 * bias(first + 1) + bias(first), bias(first))
}

/** Weights of a pair of channels for one input. */
const pairedWeight = ({ weight }: WeightedChannels, first: number, input: number): number =>
  256 * weight(first + 1, input) + weight(first, input)

/** The scaling of a channel whose layer adds `zeroPoint`. One that is constant has a sum of its own: four times its output. */
export function scaleOf(channels: WeightedChannels, channel: number, zeroPoint: number) {
  const multiplier = channels.multiplier(channel)
  return multiplier === 0
    ? { bias: 4 * (channels.zeroPoint(channel) - zeroPoint), multiplier: 2 ** 30, shift: 1 }
    : { bias: channels.bias(channel), multiplier, shift: channels.shift(channel) }
}

/** A scale of two words: the multiplier; the bias and, in the low byte, the shift less 1. */
function narrowScale(stream: Stream, channels: WeightedChannels, channel: number, zeroPoint: number): void {
  const { bias, multiplier, shift } = scaleOf(channels, channel, zeroPoint)
  stream.word(multiplier, 256 * bias + shift - 1)
}

/** Twice a layer's zero point and 1: shifted to the left by a shift less 1, it is the rounding constant. */
export const oddOf = (fields: Fields): number => 2 * numberField(fields, 'output_zero_point') + 1

/** Multiplier, constant and shift of a channel. */
export function scale(stream: Stream, { multiplier, shift, zeroPoint }: WeightedChannels, channel: number): void {
  const by = shift(channel)
  stream.word(multiplier(channel), roundingConstant(by, zeroPoint(channel)), by)
}

/** The same for 256 times the accumulator. */
function scale256(stream: Stream, { multiplier, shift, zeroPoint }: WeightedChannels, channel: number): void {
  const by = shift(channel)
  stream.word(multiplier(channel), 2 ** 6 + 2 ** (by + 6) + zeroPoint(channel) * 2 ** (by + 7), by + 7)
}

/** Scales of a block of four channels, of which every second one is there 256 times behind a ReLU. */
function blockScales(stream: Stream, channels: WeightedChannels, first: number, fields: Fields): void {
  const relu = numberField(fields, 'relu') === 1
  for (let channel = first; channel < first + 4; channel += 1) {
    const write = relu && channel % 2 === 1 ? scale256 : scale
    write(stream, channels, channel)
  }
}

/** Which input of a window stands in either half of each of its words; -1 where none does. */
export function windowOrder(fields: Fields): readonly (readonly [number, number])[] {
  const { runs, length, words } = windowRuns(fields)
  const rest = length % 4
  const starts = Array.from({ length: runs }, (_, run) => run * length)
  const groups = starts.flatMap((start) =>
    Array.from({ length: (length - rest) / 4 }, (_, group) => start + 4 * group).flatMap((input) => [
      [input, input + 2] as const,
      [input + 1, input + 3] as const,
    ]),
  )
  const others = starts.flatMap((start) => Array.from({ length: rest }, (_, i) => start + length - rest + i))
  return Array.from({ length: words }, (_, word) => {
    const other = 2 * (word - groups.length)
    return groups[word] ?? ([others[other] ?? -1, others[other + 1] ?? -1] as const)
  })
}

/** Numbers that the kernel reads as they are. */
export function kept(fields: Fields, names: readonly string[]): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, numberField(fields, name)]))
}

/** Names of the numbers that make an `eonc_window`. */
export const WINDOW = [
  ...['batches', 'input_height', 'input_width', 'input_channels'],
  ...['output_height', 'output_width', 'output_channels', 'filter_height', 'filter_width'],
  ...['padding_top', 'padding_left', 'stride_height', 'stride_width', 'dilation_height', 'dilation_width'],
]
export const LIMITS = ['clamp_min', 'clamp_max', 'relu']

function conv2d(request: KernelRequest): Fields {
  const { fields } = request
  const count = numberField(fields, 'output_channels')
  const channels = filledUp(weightedChannels(request, count, 'channel outermost'))
  const order = windowOrder(fields)
  const wide = numberField(fields, 'wide') === 1
  const zeroPoint = numberField(fields, 'output_zero_point')
  const stream = new Stream()
  for (let block = 0; block < count; block += 4) {
    const pairs = [block, block + 2]
    if (wide) for (const first of pairs) startPair(stream, channels, first)
    for (const [low, high] of order) {
      for (const first of pairs) stream.halves(pairedWeight(channels, first, low), pairedWeight(channels, first, high))
    }
    if (wide) blockScales(stream, channels, block, fields)
    else for (const i of [0, 1, 2, 3]) narrowScale(stream, channels, block + i, zeroPoint)
  }
  return {
    stream: stream.finish(),
    ...kept(fields, [...WINDOW, 'padding_value', ...LIMITS]),
    window_words: order.length,
    odd: oddOf(fields),
  }
}

function depthwiseConv2d(request: KernelRequest): Fields {
  const { fields } = request
  const count = numberField(fields, 'output_channels')
  const channels = filledUp(weightedChannels(request, count, 'channel innermost'))
  const taps = numberField(fields, 'taps')
  const stream = new Stream()
  for (let block = 0; block < count; block += 4) {
    const four = [block, block + 1, block + 2, block + 3]
    stream.word(...four.map((channel) => channels.bias(channel)))
    for (let tap = 0; tap < taps; tap += 1) stream.bytes(four.map((channel) => channels.weight(channel, tap)))
    for (const channel of four) scale(stream, channels, channel)
  }
  return {
    stream: stream.finish(),
    padding: new Int8Array(count).fill(numberField(fields, 'padding_value')),
    ...kept(fields, [...WINDOW, 'taps', ...LIMITS]),
  }
}

/** Whether all channels are scaled alike. */
function sharesScale({ multiplier, shift, zeroPoint }: WeightedChannels, count: number): boolean {
  const same = (of: (channel: number) => number): boolean =>
    Array.from({ length: count }).every((_, channel) => of(channel) === of(0))
  return same(multiplier) && same(shift) && same(zeroPoint)
}

function fullyConnected(request: KernelRequest): Fields {
  const { fields } = request
  const [inputs, outputs, blocks] = ['inputs', 'outputs', 'blocks'].map((name) => numberField(fields, name)) as [
    number,
    number,
    number,
  ]
  const channels = filledUp(weightedChannels(request, outputs, 'channel outermost'))
  const shared = sharesScale(channels, outputs)
  const stream = new Stream()
  const scales = (first: number, count: number): void => {
    for (let channel = first; channel < first + count; channel += 1) scale(stream, channels, channel)
  }
  if (shared) scales(0, 1)
  const write = (pairs: readonly number[]): void => {
    for (let input = 0; input < inputs; input += 4) {
      for (const low of [input, input + 1]) {
        for (const first of pairs)
          stream.halves(pairedWeight(channels, first, low), pairedWeight(channels, first, low + 2))
      }
    }
  }
  for (let block = 0; block < blocks; block += 1) {
    const first = 8 * block
    const pairs = [first, first + 2, first + 4, first + 6]
    for (const each of pairs) startPair(stream, channels, each)
    write(pairs)
    if (!shared) scales(first, 8)
  }
  for (let first = 8 * blocks; first < outputs; first += 2) {
    stream.word(channels.bias(first), channels.bias(first + 1))
    write([first])
    if (!shared) scales(first, 2)
  }
  return {
    stream: stream.finish(),
    ...kept(fields, ['rows', 'inputs', 'outputs', 'blocks', 'clamp_min', 'clamp_max']),
    shared_scale: shared ? 1 : 0,
  }
}

/** The constant that rounds a value before it is shifted to the right, with the zero point in it. */
export const roundingConstant = (shift: number, zeroPoint = 0): number => 2 ** (shift - 1) + zeroPoint * 2 ** shift

function sum({ fields }: KernelRequest): Fields {
  // a half is exact: the value is shifted to the left once more, and to the right once
  const [shift1, shift2] = [-numberField(fields, 'shift_1'), -numberField(fields, 'shift_2')]
  const outputShift = -numberField(fields, 'output_shift')
  const { output_zero_point: _, ...others } = fields
  return {
    ...others,
    left_1: shift1 === 0 ? 22 : 21,
    left_2: shift2 === 0 ? 22 : 21,
    shift_1: Math.max(1, shift1),
    shift_2: Math.max(1, shift2),
    output_shift: outputShift,
    constant_1: roundingConstant(Math.max(1, shift1)),
    constant_2: roundingConstant(Math.max(1, shift2)),
    output_constant: roundingConstant(outputShift, numberField(fields, 'output_zero_point')),
  }
}

function mul({ fields }: KernelRequest): Fields {
  const { output_zero_point: _, ...others } = fields
  const shift = -numberField(fields, 'shift')
  return { ...others, shift, constant: roundingConstant(shift, numberField(fields, 'output_zero_point')) }
}

/** Layouts by family: the request that the set took, as the parameters of its kernel. */
export const dspLayouts: ReadonlyMap<string, (request: KernelRequest) => Fields> = new Map([
  ['add', sum],
  ['conv_2d', conv2d],
  ['depthwise_conv_2d', depthwiseConv2d],
  ['fully_connected', fullyConnected],
  ['mul', mul],
  ['sub', sum],
])
