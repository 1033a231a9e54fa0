/**
 * Which requests the kernel set `dsp` computes exactly, and what scratch that takes. `src/kernels/README.md` says why the
 * limits are what they are.
 */
import type { KernelRequest } from '../ops/index.js'
import { arrayField, numberField } from './fields.js'
import type { AccumulatingKernel, FastKernel } from './kernel-set.js'
import { cutsBelowZeroPoint, elementwiseKernels, roundUp } from './scaled.js'
import { largestSum, type WeightedChannels, weightedChannels } from './weighted.js'

/** Twice an accumulator, and the sum that the multiplication is rounded in, stay within 32 bits. */
const SUM_LIMIT = 2 ** 30
/** 256 times the accumulator of an odd channel stays within 32 bits. */
const ODD_SUM_LIMIT = 2 ** 23
const LEAST_SHIFT = 1
/** The rounding constant holds the zero point, shifted to the left. */
const MOST_SHIFT = 22
/** The same for 256 times an accumulator, behind a ReLU. */
const MOST_RELU_SHIFT = 16

const words = (inputs: number): number => Math.ceil(inputs / 2)

/** Whether every sum can be scaled by one multiplication that rounds as two do. */
export function scales(channels: WeightedChannels): boolean {
  return Array.from({ length: channels.channels }).every((_, channel) => {
    const shift = channels.shift(channel)
    return shift >= LEAST_SHIFT && shift <= MOST_SHIFT && largestSum(channels, channel) < SUM_LIMIT
  })
}

/** Whether 256 times the sums of odd channels stay within 32 bits. */
function sumsPair(channels: WeightedChannels): boolean {
  for (let odd = 1; odd < channels.channels; odd += 2) if (largestSum(channels, odd) >= ODD_SUM_LIMIT) return false
  return true
}

/** Whether the weights of two channels fit into the half words of a stream, as 256 * B + A. */
function weightsPair(channels: WeightedChannels): boolean {
  for (let odd = 1; odd < channels.channels; odd += 2) {
    for (let input = 0; input < channels.inputs; input += 1) {
      if (256 * channels.weight(odd, input) + channels.weight(odd - 1, input) < -(2 ** 15)) return false
    }
  }
  return true
}

/** Whether what is below the output zero point is cut off, so that the faster scaling is exact. */
export function isRelu(request: KernelRequest, channels: WeightedChannels): boolean {
  return (
    cutsBelowZeroPoint(request) &&
    Array.from({ length: channels.channels }).every((_, i) => channels.shift(i) <= MOST_RELU_SHIFT)
  )
}

/** How the inputs of a convolution's window lie side by side. */
export interface WindowRuns {
  readonly runs: number
  /** Inputs of each run. */
  readonly length: number
  /** Words of two inputs that a window takes, filled up to what the core takes in a turn. */
  readonly words: number
}

/** The runs of inputs that a window of a convolution is gathered from. */
export function windowRuns(fields: KernelRequest['fields']): WindowRuns {
  const [height, width, depth] = ['filter_height', 'filter_width', 'input_channels'].map((name) =>
    numberField(fields, name),
  ) as [number, number, number]
  const joined = numberField(fields, 'dilation_width') === 1
  const runs = joined ? height : height * width
  const length = joined ? width * depth : depth
  const groups = runs * Math.floor(length / 4)
  return { runs, length, words: roundUp(2 * groups + words(runs * (length % 4)), 4) }
}

/** Biases share a word with a shift. */
const BIAS_LIMIT = 2 ** 23

/** Whether scales of two words will do, which hold the biases; sums of products are without them then. */
function isNarrow(channels: WeightedChannels): boolean {
  const biases = Array.from({ length: channels.channels }, (_, channel) => channels.bias(channel))
  return biases.every((bias) => Math.abs(bias) < BIAS_LIMIT) && sumsPair({ ...channels, bias: () => 0 })
}

/** For speed, and where biases are large, sums begin with the biases, and scales take three words. */
const conv2d: FastKernel = (request, goal) => {
  const { fields } = request
  const channels = weightedChannels(request, numberField(fields, 'output_channels'), 'channel outermost')
  if (!scales(channels) || !weightsPair(channels)) return undefined
  const wide = goal === 'speed' || !isNarrow(channels)
  if (wide && !sumsPair(channels)) return undefined
  const relu = wide ? isRelu(request, channels) : cutsBelowZeroPoint(request)
  return {
    request: { ...request, fields: { ...fields, relu: relu ? 1 : 0, wide: wide ? 1 : 0 } },
    scratchBytes: 8 * windowRuns(fields).words,
    ...(wide && ({ set: 'dsp_wide' } as const)),
  }
}

/** With one input channel every output channel reads the same inputs: a convolution. */
export function asConvolution({ fields, ...request }: KernelRequest): KernelRequest {
  const { depth_multiplier: channels, weights: _, ...others } = fields
  const count = typeof channels === 'number' ? channels : 1
  const weights = arrayField(fields, 'weights', Int8Array)
  const taps = weights.length / count
  const turned = Int8Array.from(weights, (_, i) => weights[(i % taps) * count + Math.floor(i / taps)] ?? 0)
  return { ...request, family: 'conv_2d', fields: { ...others, weights: turned } }
}

const depthwiseConv2d: FastKernel = (request, goal) => {
  const { fields } = request
  if (numberField(fields, 'input_channels') === 1) return conv2d(asConvolution(request), goal)
  if (numberField(fields, 'depth_multiplier') !== 1) return undefined
  const channels = weightedChannels(request, numberField(fields, 'output_channels'), 'channel innermost')
  if (!scales(channels)) return undefined
  const relu = isRelu(request, channels) ? 1 : 0
  const taps = roundUp(numberField(fields, 'filter_height') * numberField(fields, 'filter_width'), 3)
  return { request: { ...request, fields: { ...fields, relu, taps } }, scratchBytes: 8 * taps }
}

const fullyConnected: FastKernel = (request) => {
  const { fields } = request
  const outputs = numberField(fields, 'outputs')
  const channels = weightedChannels(request, outputs, 'channel outermost')
  if (!scales(channels) || !weightsPair(channels)) return undefined
  const inBlocks = numberField(fields, 'inputs') % 4 === 0 && sumsPair(channels)
  const blocks = inBlocks ? Math.floor(outputs / 8) : 0
  return { request: { ...request, fields: { ...fields, blocks } }, scratchBytes: 0 }
}

/** Sums of int8 in half words. */
const MOST_POOLED = 256

export const averagePool2d: FastKernel = (request) => {
  const { fields } = request
  const taps = numberField(fields, 'filter_height') * numberField(fields, 'filter_width')
  return taps <= MOST_POOLED ? { request, scratchBytes: 0 } : undefined
}

const averagePool2dAccumulate: AccumulatingKernel = (request, count) => {
  const channels = numberField(request.fields, 'input_channels')
  return channels % 4 === 0 && count / channels <= MOST_POOLED ? { request, scratchBytes: 0 } : undefined
}

export const { sum, mul } = elementwiseKernels(MOST_SHIFT)

/** The layout of pairs alone has the weights of any four inputs where they are found. */
const fullyConnectedAccumulate: AccumulatingKernel = (request, count, goal) => {
  const fitted = count % 4 === 0 ? fullyConnected(request, goal) : undefined
  return fitted && { ...fitted, request: { ...request, fields: { ...fitted.request.fields, blocks: 0 } } }
}

/** The kernels of the set that take their input piece by piece, by family. */
export const dspAccumulators: ReadonlyMap<string, AccumulatingKernel> = new Map([
  ['average_pool_2d', averagePool2dAccumulate],
  ['fully_connected', fullyConnectedAccumulate],
])

/** The kernels of the set, by family. */
export const dspKernels: ReadonlyMap<string, FastKernel> = new Map([
  ['add', sum],
  ['average_pool_2d', averagePool2d],
  ['conv_2d', conv2d],
  ['depthwise_conv_2d', depthwiseConv2d],
  ['fully_connected', fullyConnected],
  ['max_pool_2d', (request) => ({ request, scratchBytes: 0 })],
  ['mul', mul],
  ['sub', sum],
])
