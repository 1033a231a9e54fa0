/** Streams of the kernel set `armv6m`, laid out as `src/kernels/README.md` says. */
import type { KernelRequest } from '../ops/index.js'
import { arrayField, fractionBits, numberField, scalingName, SCALINGS } from '../select/index.js'
import { type WeightedChannels, weightedChannels } from '../select/index.js'
import type { KernelFunction, LaidFields } from './fields.js'
import { filledUp, kept, Stream, WINDOW, windowOrder } from './dsp.js'

type Fields = KernelRequest['fields']

/** The two words of a multiplier in 3 parts, a shift to the right and a zero point. */
function threeParts(multiplier: number, shift: number, zeroPoint: number): readonly [number, number] {
  const high = (multiplier >> 22) | ((fractionBits(3) + shift) << 16) | (zeroPoint << 24)
  return [(multiplier & 0x7ff) | (((multiplier >> 11) & 0x7ff) << 16), high]
}

/** The two words by which a channel is scaled. */
function scaleWords(stream: Stream, fields: Fields, channels: WeightedChannels, channel: number): void {
  const [multiplier, shift] = [channels.multiplier(channel), channels.shift(channel)]
  const zeroPoint = channels.zeroPoint(channel)
  const scaling = SCALINGS[numberField(fields, 'scaling')] ?? 'any'
  if (scaling === 'any') {
    stream.word(multiplier)
    stream.halves(-shift, zeroPoint)
  } else if (scaling.startsWith('3')) {
    stream.word(...threeParts(multiplier, shift, zeroPoint))
  } else {
    stream.word(multiplier)
    stream.halves(0, (fractionBits(4) + shift) | (zeroPoint << 8))
  }
}

/** The word of two weights: in a product the halves that belong together are the lower one and the upper one. */
const twoWeights = (low: number, high: number): number => high + low * 2 ** 16

/** Weights of one channel that meet two words of inputs: bytes that hold them + 128, or two words. */
function fourWeights(
  stream: Stream,
  wide: boolean,
  [a, b]: readonly [number, number],
  [c, d]: readonly [number, number],
) {
  if (wide) stream.word(twoWeights(a, b), twoWeights(c, d))
  else stream.bytes([b, d, a, c].map((weight) => weight + 128))
}

/** Blocks of two channels: both biases, weights for each two words of inputs, both scales unless they lie elsewhere. */
function blocks(
  request: KernelRequest,
  count: number,
  order: readonly (readonly [number, number])[],
  scaled: boolean,
): Int32Array {
  const { fields } = request
  const wide = numberField(fields, 'wide') === 1
  const channels = filledUp(weightedChannels(request, count, 'channel outermost'))
  const stream = new Stream()
  for (let block = 0; block < count; block += 2) {
    const both = [block, block + 1]
    stream.word(...both.map((channel) => channels.bias(channel)))
    for (let word = 0; word < order.length; word += 2) {
      for (const channel of both) {
        const weights = [order[word], order[word + 1]].map(
          ([low, high] = [-1, -1]) => [channels.weight(channel, low), channels.weight(channel, high)] as const,
        )
        fourWeights(stream, wide, weights[0] ?? [0, 0], weights[1] ?? [0, 0])
      }
    }
    if (scaled) for (const channel of both) scaleWords(stream, fields, channels, channel)
  }
  return stream.finish()
}

const LIMITS = ['clamp_min', 'clamp_max']

/** The function that scales, by its address, so that only those that a network needs are linked. */
const scale = (fields: Fields): { readonly scale: KernelFunction } => ({
  scale: { function: `armv6m_scale_${scalingName(numberField(fields, 'scaling')) ?? 'any'}` },
})

/** Which inputs stand in the words of a window: those of rows of words one after the other. */
export function armv6mWindowOrder(fields: Fields): readonly (readonly [number, number])[] {
  const order = windowOrder(fields)
  return (fields['row_words'] ?? 0) === 0 ? order : order.map((_, word) => [2 * word, 2 * word + 1])
}

function conv2d(request: KernelRequest): LaidFields {
  const { fields } = request
  const order = armv6mWindowOrder(fields)
  const wide = numberField(fields, 'wide') === 1
  return {
    stream: blocks(request, numberField(fields, 'output_channels'), order, true),
    ...scale(fields),
    ...kept(fields, [...WINDOW, 'padding_value', ...LIMITS, ...(wide ? ['row_words'] : [])]),
    window_words: order.length,
  }
}

/** Windows that are single pixels of the input, none of them padding. */
function pointwise(request: KernelRequest): LaidFields {
  const order = windowOrder(request.fields)
  return {
    stream: blocks(request, numberField(request.fields, 'output_channels'), order, true),
    ...kept(request.fields, [...WINDOW, ...LIMITS]),
    window_words: order.length,
  }
}

/** The inputs of a vector in words, filled up to a multiple of 8. */
export function vectorOrder(inputs: number): readonly (readonly [number, number])[] {
  return windowOrder({ filter_height: 1, filter_width: 1, input_channels: inputs, dilation_width: 1 })
}

function fullyConnected(request: KernelRequest): LaidFields {
  const { fields } = request
  const outputs = numberField(fields, 'outputs')
  const channels = weightedChannels(request, outputs, 'channel outermost')
  const scales = new Stream()
  const scaled = numberField(fields, 'scale_step') === 0 ? 1 : outputs
  for (let output = 0; output < scaled; output += 1) scaleWords(scales, fields, channels, output)
  return {
    stream: blocks(request, outputs, vectorOrder(numberField(fields, 'inputs')), false),
    scales: scales.finish(),
    ...scale(fields),
    ...kept(fields, ['rows', 'inputs', 'outputs', 'scale_step', ...LIMITS]),
  }
}

function depthwiseConv2d(request: KernelRequest): LaidFields {
  const { fields } = request
  const count = numberField(fields, 'output_channels')
  const channels = weightedChannels(request, count, 'channel innermost')
  const taps = numberField(fields, 'taps')
  const weights = new Int8Array(taps * count)
  weights.set(arrayField(fields, 'weights', Int8Array))
  const scales = new Stream()
  for (let channel = 0; channel < count; channel += 1) {
    scales.word(channels.bias(channel))
    scaleWords(scales, fields, channels, channel)
    for (let tap = 0; tap < channels.inputs; tap += 1) weights[tap * count + channel] = channels.weight(channel, tap)
  }
  return {
    weights,
    scales: scales.finish(),
    padding: new Int8Array(count).fill(numberField(fields, 'padding_value')),
    ...scale(fields),
    ...kept(fields, [...WINDOW, 'taps', ...LIMITS]),
  }
}

/** Filters of 3x3, channel by channel: words of rows 0 and 1, weights of row 2, the bias, the scale. */
function depthwiseColumns({ fields, ...request }: KernelRequest): LaidFields {
  const count = numberField(fields, 'output_channels')
  const channels = weightedChannels({ ...request, fields }, count, 'channel innermost')
  const stream = new Stream()
  for (let channel = 0; channel < count; channel += 1) {
    const [row0, row1, row2] = [0, 3, 6].map((row) => [0, 1, 2].map((column) => channels.weight(channel, row + column)))
    row0?.forEach((weight, column) => stream.word(twoWeights(weight, row1?.[column] ?? 0)))
    stream.word(...(row2 ?? []), channels.bias(channel))
    scaleWords(stream, fields, channels, channel)
  }
  return { stream: stream.finish(), ...kept(fields, [...WINDOW, 'padding_value', ...LIMITS]) }
}

/** The constant that rounds a value before it is shifted to the right, with the zero point in it. */
const roundingConstant = (shift: number, zeroPoint = 0): number => 2 ** (shift - 1) + zeroPoint * 2 ** shift

/** The operand of a sum. A half is exact: the value is multiplied by one, and shifted to the right once. */
function operand(fields: Fields, index: 1 | 2): Fields {
  const shift = -numberField(fields, `shift_${index}`)
  const multiplier = numberField(fields, `multiplier_${index}`) * (shift === 0 ? 2 : 1)
  return {
    [`high_${index}`]: Math.floor(multiplier / 2 ** 11),
    [`low_${index}`]: multiplier % 2 ** 11,
    [`constant_${index}`]: roundingConstant(Math.max(1, shift)),
    [`shift_${index}`]: Math.max(1, shift),
  }
}

function sum({ fields }: KernelRequest): Fields {
  const { output_zero_point: _, multiplier_1: _1, multiplier_2: _2, output_multiplier: _3, ...others } = fields
  const shift = -numberField(fields, 'output_shift')
  const multiplier = numberField(fields, 'output_multiplier')
  return {
    ...others,
    ...operand(fields, 1),
    ...operand(fields, 2),
    output_high: multiplier >> 16,
    output_low: multiplier & 0xffff,
    output_shift: shift,
    output_constant: roundingConstant(shift, numberField(fields, 'output_zero_point')),
  }
}

function mul({ fields }: KernelRequest): Fields {
  const { output_zero_point: zeroPoint, multiplier: _, shift, ...others } = fields
  const [low, high] = threeParts(numberField(fields, 'multiplier'), -Number(shift), Number(zeroPoint))
  return { ...others, scale_0: low, scale_1: high }
}

/** Layouts by family: the request that the set took, as the parameters of its kernel. */
export const armv6mLayouts: ReadonlyMap<string, (request: KernelRequest) => LaidFields> = new Map([
  ['add', sum],
  ['conv_2d', conv2d],
  ['depthwise_conv_2d', depthwiseConv2d],
  ['fully_connected', fullyConnected],
  ['mul', mul],
  ['sub', sum],
])

export const armv6mColumnLayouts: ReadonlyMap<string, (request: KernelRequest) => LaidFields> = new Map([
  ['depthwise_conv_2d', depthwiseColumns],
])

export const armv6mPointwiseLayouts: ReadonlyMap<string, (request: KernelRequest) => LaidFields> = new Map([
  ['conv_2d', pointwise],
])
