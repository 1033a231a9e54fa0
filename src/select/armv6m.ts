/**
 * Which requests the kernel set `armv6m` computes exactly, and what scratch that takes. `src/kernels/README.md` says why
 * the limits are what they are.
 */
import type { KernelRequest } from '../ops/index.js'
import { asConvolution, averagePool2d, mul, sum, windowRuns } from './dsp.js'
import { numberField } from './fields.js'
import type { AccumulatingKernel, FastKernel, Goal } from './kernel-set.js'
import { cutsBelowZeroPoint, roundUp } from './scaled.js'
import { largestSum, type WeightedChannels, weightedChannels } from './weighted.js'

type Fields = KernelRequest['fields']

/** In how many parts a multiplier is multiplied, and of how many bits each. */
const PARTS = [
  { bits: 11, count: 3 },
  { bits: 8, count: 4 },
] as const

/** How sums are scaled: the names of the functions in `common/armv6m.h`; the last one takes any scale. */
export const SCALINGS = ['3 linear', '3 relu', '4 linear', '4 relu', 'any'] as const
const ANY = SCALINGS.indexOf('any')

/** A scaling as the names of functions in assembler have it; undefined for that of any scale, which has no core. */
export function scalingName(scaling: number): string | undefined {
  return scaling === ANY ? undefined : SCALINGS[scaling]?.replace(' ', '_')
}

/** Bits behind the point of a product, of whose lowest bits all but one part's are cut off. */
export function fractionBits(parts: 3 | 4): number {
  const { bits, count } = PARTS[parts - 3] ?? PARTS[0]
  return 31 - bits * (count - 1)
}

/** Whether a sum of at most this magnitude can be multiplied in such parts, and rounded, within 32 bits. */
function multiplies(parts: 3 | 4, sum: number, shift: number): boolean {
  const { bits } = PARTS[parts - 3] ?? PARTS[0]
  return sum < 2 ** (31 - bits) && shift >= 1 && fractionBits(parts) + shift <= 31
}

/** How the sums of a request are scaled. What is below the output zero point may be cut off, so that signs do not count. */
export function scalingOf(request: KernelRequest, channels: WeightedChannels): number {
  const fits = (parts: 3 | 4): boolean =>
    Array.from({ length: channels.channels }).every((_, channel) =>
      multiplies(parts, largestSum(channels, channel), channels.shift(channel)),
    )
  const first = fits(3) ? 0 : fits(4) ? 2 : ANY
  return first < ANY && cutsBelowZeroPoint(request) ? first + 1 : first
}

/** Whether the sum of two products always fits 16 bits: both weights are not -128. */
export function productsPair({ channels, inputs, weight }: WeightedChannels): boolean {
  for (let channel = 0; channel < channels; channel += 1) {
    let lowest = 0
    for (let input = 0; input < inputs; input += 1) if (weight(channel, input) === -128) lowest += 1
    if (lowest > 1) return false
  }
  return true
}

/** A request with the parameters that every kernel of weights has, and whether a weight takes two bytes. */
function weighted(request: KernelRequest, channels: WeightedChannels, goal: Goal, others: Fields = {}) {
  const wide = goal === 'speed'
  const scaling = scalingOf(request, channels)
  return {
    request: { ...request, fields: { ...request.fields, scaling, wide: wide ? 1 : 0, ...others } },
    ...(wide && ({ set: 'armv6m_wide' } as const)),
  }
}

/** Scratch that rows of words may take. */
const MOST_ROW_BYTES = 1024

/** Words of all inputs that windows along a row read, when they lie so that every window is words of it; else 0. */
function rowWords(fields: Fields): number {
  const names = ['filter_height', 'filter_width', 'input_channels', 'output_width', 'stride_width', 'dilation_width']
  const [height = 0, width = 0, depth = 0, outputs = 0, stride = 0, dilation = 0] = names.map((name) =>
    numberField(fields, name),
  )
  const overlaps = dilation === 1 && width > stride && (width * depth) % 8 === 0 && (stride * depth) % 2 === 0
  const words = (((outputs - 1) * stride + width) * depth) / 2
  return overlaps && 4 * height * words <= MOST_ROW_BYTES ? words : 0
}

/** Whether all windows are single pixels of the input, none of them padding, whose words are those of groups of four. */
function isPointwise(fields: Fields): boolean {
  const reaches = (axis: 'height' | 'width', before: 'padding_top' | 'padding_left'): boolean => {
    const last = (numberField(fields, `output_${axis}`) - 1) * numberField(fields, `stride_${axis}`)
    const [filter, input] = [numberField(fields, `filter_${axis}`), numberField(fields, `input_${axis}`)]
    return filter === 1 && numberField(fields, before) === 0 && last < input
  }
  return (
    reaches('height', 'padding_top') &&
    reaches('width', 'padding_left') &&
    numberField(fields, 'input_channels') % 4 === 0
  )
}

/** The core of pixels, which has the scaling in it; none where windows are more, or any scale may come. */
function pointwiseCore(fields: Fields): string | undefined {
  const scaling = scalingName(numberField(fields, 'scaling'))
  return scaling !== undefined && isPointwise(fields) ? `conv_2d_s8_armv6m_pointwise_${scaling}` : undefined
}

/** Scratch holds the windows of a pair of pixels; with wide weights, which need no unpacking, that of one, or rows. */
const conv2d: FastKernel = (request, goal) => {
  const { fields } = request
  const channels = weightedChannels(request, numberField(fields, 'output_channels'), 'channel outermost')
  if (!productsPair(channels)) return undefined
  const { words } = windowRuns(fields)
  if (goal !== 'speed') {
    const pair = numberField(fields, 'output_width') > 1
    return { ...weighted(request, channels, goal), scratchBytes: (pair ? 8 : 4) * words }
  }
  const inRow = rowWords(fields)
  const fitted = weighted(request, channels, goal, { row_words: inRow })
  const core = pointwiseCore(fitted.request.fields)
  if (core !== undefined) return { ...fitted, set: 'armv6m_pointwise', template: [core], scratchBytes: 4 * words }
  const rowBytes = 4 * inRow * numberField(fields, 'filter_height')
  return { ...fitted, scratchBytes: rowBytes || 4 * words }
}

/** Words for each tap: where it lies for either pixel of a pair, and its weights. */
const TAP_WORDS = 3

const depthwiseConv2d: FastKernel = (request, goal) => {
  const { fields } = request
  if (numberField(fields, 'input_channels') === 1) return conv2d(asConvolution(request), goal)
  if (numberField(fields, 'depth_multiplier') !== 1) return undefined
  const channels = weightedChannels(request, numberField(fields, 'output_channels'), 'channel innermost')
  const scaling = scalingOf(request, channels)
  const taps = roundUp(numberField(fields, 'filter_height') * numberField(fields, 'filter_width'), 3)
  return { request: { ...request, fields: { ...fields, scaling, taps } }, scratchBytes: 4 * TAP_WORDS * taps }
}

/** Outputs that are scaled alike share a scale, which takes two words. */
const fullyConnected: FastKernel = (request, goal) => {
  const channels = weightedChannels(request, numberField(request.fields, 'outputs'), 'channel outermost')
  if (!productsPair(channels)) return undefined
  return { ...weighted(request, channels, goal, { scale_step: isUniform(channels) ? 0 : 2 }), scratchBytes: 0 }
}

/** Whether all channels are scaled alike. */
function isUniform({ channels, multiplier, shift, zeroPoint }: WeightedChannels): boolean {
  const same = (of: (channel: number) => number): boolean =>
    Array.from({ length: channels }).every((_, channel) => of(channel) === of(0))
  return same(multiplier) && same(shift) && same(zeroPoint)
}

/** Weights of four inputs are read together. */
const fullyConnectedAccumulate: AccumulatingKernel = (request, count, goal) =>
  count % 4 === 0 ? fullyConnected(request, goal) : undefined

/** The kernels of the set that take their input piece by piece, by family. */
export const armv6mAccumulators: ReadonlyMap<string, AccumulatingKernel> = new Map([
  ['fully_connected', fullyConnectedAccumulate],
])

/** The kernels of the set, by family. */
export const armv6mKernels: ReadonlyMap<string, FastKernel> = new Map([
  ['add', sum],
  ['average_pool_2d', averagePool2d],
  ['conv_2d', conv2d],
  ['depthwise_conv_2d', depthwiseConv2d],
  ['fully_connected', fullyConnected],
  ['mul', mul],
  ['sub', sum],
])
