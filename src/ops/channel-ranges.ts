import { type Tensor, toElements } from '../ir/index.js'
import { limitTo, type Range } from './activation.js'
import { requantize } from './arithmetic/fixed-point.js'

/** The values that each channel of an int8 tensor may take. A channel is an index of the last dimension; a scalar has one. */
export type ChannelRanges = readonly Range[]

const INT32: Range = { min: -(2 ** 31), max: 2 ** 31 - 1 }
const INT8: Range = { min: -128, max: 127 }

/** Channels of a tensor. */
export function channelCount({ shape }: Pick<Tensor, 'shape'>): number {
  return shape.at(-1) ?? 1
}

/** True when only one value is possible. */
export function isConstant({ min, max }: Range): boolean {
  return min === max
}

/** The least range that holds both; the other one where one is not there. */
export function hull(a: Range | undefined, b: Range): Range {
  return a === undefined ? b : { min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) }
}

/** The same range for each channel of a tensor: any int8 value unless told. */
export function uniformRanges(tensor: Pick<Tensor, 'shape'>, range: Range = INT8): ChannelRanges {
  return new Array<Range>(channelCount(tensor)).fill(range)
}

/** Ranges of `count` classes of channels: class i holds the channels i, i + count, i + 2 * count, ... */
export function rangesModulo(ranges: ChannelRanges, count: number): ChannelRanges {
  const classes = new Array<Range | undefined>(count)
  ranges.forEach((range, channel) => (classes[channel % count] = hull(classes[channel % count], range)))
  return classes.map((range) => range ?? INT8)
}

/** The values that each channel of a constant int8 tensor has. */
export function constantRanges(tensor: Tensor): ChannelRanges {
  const values = toElements(tensor.type, tensor.data ?? new Uint8Array()) ?? []
  return rangesModulo(
    Array.from(values, (value) => ({ min: value, max: value })),
    channelCount(tensor),
  )
}

/** Results of a table of 256 entries on each range; the table need not be monotone. */
export function tableRanges(table: Int8Array, ranges: ChannelRanges): ChannelRanges {
  return ranges.map(({ min, max }) => {
    const results = table.subarray(min + 128, max + 129)
    return { min: results.reduce((a, b) => Math.min(a, b)), max: results.reduce((a, b) => Math.max(a, b)) }
  })
}

/** The range as far as it fits 32 bits; undefined when a value of it wraps. */
export function within32Bits(range: Range): Range | undefined {
  return range.min >= INT32.min && range.max <= INT32.max ? range : undefined
}

/** How accumulators become outputs: multiplier and shift, then the zero point, then the limits. */
export interface OutputStage {
  readonly multiplier: number
  readonly shift: number
  readonly zeroPoint: number
  readonly limits: Range
}

/**
 * Outputs of all accumulators of a range. Exact, as requantization never falls when the accumulator rises, unless a left
 * shift or the zero point carries it beyond 32 bits: then, as for an accumulator that wraps itself (`undefined`), any
 * output within the limits is possible.
 */
export function requantizedRange(accumulator: Range | undefined, stage: OutputStage): Range {
  const { multiplier, shift, zeroPoint, limits } = stage
  if (accumulator === undefined) return limits
  const factor = shift > 0 ? 2 ** shift : 1
  if (within32Bits({ min: accumulator.min * factor, max: accumulator.max * factor }) === undefined) return limits
  const result = (value: number): number => requantize(value, multiplier, shift) + zeroPoint
  const range = within32Bits({ min: result(accumulator.min), max: result(accumulator.max) })
  return range === undefined ? limits : limitTo(range, limits)
}
