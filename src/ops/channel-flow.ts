import type { Tensor } from '../ir/index.js'
import type { ChannelRanges } from './channel-ranges.js'
import { channelCount, rangesModulo, tableRanges } from './channel-ranges.js'

/**
 * Channels of an operator's tensors that stay or go together have the same label. An int8 input without labels stays
 * whole; an output without labels may lose any channel.
 */
export interface ChannelLabels {
  readonly inputs: readonly (readonly number[] | undefined)[]
  readonly output?: readonly number[]
}

/** Which channels of an operator's tensors stay; undefined for a tensor that has none, as a list of numbers. */
export interface KeptChannels {
  readonly inputs: readonly (readonly boolean[] | undefined)[]
  readonly output: readonly boolean[]
}

/** Values that the channels of an operator's tensors may take; undefined where nothing is known, or there are none. */
export interface KnownRanges {
  readonly inputs: readonly (ChannelRanges | undefined)[]
  readonly output: ChannelRanges
}

/** What an operator with fewer channels has in place of what it had; nothing for what stays the same. */
export interface Narrowed {
  /** Constant inputs, by position. */
  readonly inputs?: readonly (Omit<Tensor, 'index'> | undefined)[]
  readonly options?: object
}

/** What an operator on int8 does with channels, the indices of the last dimension: for dropping those that do nothing. */
export interface ChannelFlow {
  readonly labels: ChannelLabels
  /** An input of which no channel stays may be left out; otherwise one stays of each. */
  readonly dropsInputs?: boolean
  /** The values that channels of the output may take, given those that channels of the inputs may. */
  ranges(inputs: KnownRanges['inputs']): ChannelRanges
  /** Channels of the first input that are needed for the `kept` ones of the output, beside those with a label of theirs. */
  needs?(kept: readonly boolean[], ranges: KnownRanges): readonly boolean[]
  /** What else changes once only `kept` channels are there, beside the tensors that have labels. */
  narrow?(kept: KeptChannels, ranges: KnownRanges): Narrowed
}

/** Labels 0, 1, 2, ... for as many channels as a tensor has. */
export function ownLabels(tensor: Pick<Tensor, 'shape'>): readonly number[] {
  return Array.from({ length: channelCount(tensor) }, (_, channel) => channel)
}

/** The greatest number that divides both. */
export function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}

/**
 * The flow of elements that lie in memory as before while the last dimension gets another extent. An element's channels
 * before and after agree modulo the greatest common divisor of both extents, so that each class stays or goes.
 */
export function reshapedChannels(input: Tensor, output: Tensor): ChannelFlow {
  const classes = greatestCommonDivisor(channelCount(input), channelCount(output))
  const labels = (tensor: Tensor): readonly number[] => ownLabels(tensor).map((channel) => channel % classes)
  return {
    labels: { inputs: [labels(input)], output: labels(output) },
    ranges: ([ranges = []]) => {
      const known = rangesModulo(ranges, classes)
      return labels(output).flatMap((label) => known[label] ?? [])
    },
  }
}

/** The flow of an operator whose output channels are each computed from the same channel of its inputs, by `range`. */
export function lanewiseChannels(input: Tensor, range: (inputs: ChannelRanges) => ChannelRanges): ChannelFlow {
  const labels = ownLabels(input)
  return { labels: { inputs: [labels], output: labels }, ranges: ([ranges = []]) => range(ranges) }
}

/** The flow of a function of one int8 value, whose table of 256 results is computed when it is asked for. */
export function tableChannels(input: Tensor, table: () => Int8Array): ChannelFlow {
  return lanewiseChannels(input, (inputs) => tableRanges(table(), inputs))
}
