import type { KernelRequest } from '../ops/index.js'
import { requantize } from '../ops/arithmetic/fixed-point.js'
import { arrayField, numberField } from './fields.js'

/** What sums of products with constant weights have in common, channel by channel. */
export interface WeightedChannels {
  readonly channels: number
  /** Products of one sum. */
  readonly inputs: number
  weight(channel: number, input: number): number
  bias(channel: number): number
  multiplier(channel: number): number
  /** How far the scaled sum is shifted to the right; negative: to the left. */
  shift(channel: number): number
  /** What is added to the scaled sum. */
  zeroPoint(channel: number): number
}

/** Whether a weight of an array lies among those of its channel, or among those of its input. */
export type WeightOrder = 'channel outermost' | 'channel innermost'

/**
 * The weighted channels of an int8 request. A channel that gives the same output whatever the inputs are, as training
 * leaves behind whole layers of, has no weights, and the output for a zero point: it needs no range for its sum.
 */
export function weightedChannels(request: KernelRequest, channels: number, order: WeightOrder): WeightedChannels {
  const plain = plainChannels(request, channels, order)
  const low = numberField(request.fields, 'clamp_min')
  const high = numberField(request.fields, 'clamp_max')
  const constants = Array.from({ length: channels }, (_, channel) => constantOutput(plain, channel, low, high))
  const varies = (channel: number): boolean => constants[channel] === undefined
  return {
    ...plain,
    weight: (channel, input) => (varies(channel) ? plain.weight(channel, input) : 0),
    bias: (channel) => (varies(channel) ? plain.bias(channel) : 0),
    multiplier: (channel) => (varies(channel) ? plain.multiplier(channel) : 0),
    shift: (channel) => (varies(channel) ? plain.shift(channel) : 1),
    zeroPoint: (channel) => constants[channel] ?? plain.zeroPoint(channel),
  }
}

function plainChannels({ fields }: KernelRequest, channels: number, order: WeightOrder): WeightedChannels {
  const weights = arrayField(fields, 'weights', Int8Array)
  const bias = arrayField(fields, 'bias', Int32Array)
  const multiplier = arrayField(fields, 'multiplier', Int32Array)
  const shift = arrayField(fields, 'shift', Int8Array)
  const step = numberField(fields, 'channel_step')
  const zeroPoint = numberField(fields, 'output_zero_point')
  const inputs = weights.length / channels
  return {
    channels,
    inputs,
    weight:
      order === 'channel outermost'
        ? (channel, input) => weights[channel * inputs + input] ?? 0
        : (channel, input) => weights[input * channels + channel] ?? 0,
    bias: (channel) => bias[channel] ?? 0,
    multiplier: (channel) => multiplier[channel * step] ?? 0,
    shift: (channel) => -(shift[channel * step] ?? 0),
    zeroPoint: () => zeroPoint,
  }
}

/** The least and the largest accumulator of a channel for any int8 inputs, before it wraps. */
function sumRange({ inputs, weight, bias }: WeightedChannels, channel: number): readonly [number, number] {
  let low = bias(channel)
  let high = low
  for (let input = 0; input < inputs; input += 1) {
    const value = weight(channel, input)
    low += value < 0 ? 127 * value : -128 * value
    high += value < 0 ? -128 * value : 127 * value
  }
  return [low, high]
}

/** The largest magnitude that the accumulator of a channel takes for any int8 inputs, before it wraps. */
export function largestSum(channels: WeightedChannels, channel: number): number {
  const [low, high] = sumRange(channels, channel)
  return Math.max(-low, high)
}

/** The only output that a channel gives; undefined if there are more. Scaling is monotone as long as nothing wraps. */
function constantOutput(channels: WeightedChannels, channel: number, min: number, max: number): number | undefined {
  const shift = channels.shift(channel)
  const left = 2 ** Math.max(0, -shift)
  const range = sumRange(channels, channel)
  if (range.some((sum) => sum * left < -(2 ** 31) || sum * left >= 2 ** 31)) return undefined
  const scaled = range.map((sum) => requantize(sum, channels.multiplier(channel), -shift))
  // next to the limits of int32 a scaled sum wraps when the zero point is added
  if (scaled.some((value) => Math.abs(value) >= 2 ** 30)) return undefined
  const [first, last] = scaled.map((value) => Math.min(max, Math.max(min, value + channels.zeroPoint(channel))))
  return first === last ? first : undefined
}
