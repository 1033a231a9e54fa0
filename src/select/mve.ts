/**
 * Which requests the kernel set `mve` computes exactly, and what scratch that takes. `src/kernels/README.md` says why the
 * limits are what they are.
 */
import type { KernelRequest } from '../ops/index.js'
import { asConvolution } from './dsp.js'
import { numberField } from './fields.js'
import type { AccumulatingKernel, FastKernel, FittedRequest } from './kernel-set.js'
import { cutsBelowZeroPoint, elementwiseKernels, roundUp } from './scaled.js'
import { type WeightedChannels, weightedChannels } from './weighted.js'

type Fields = KernelRequest['fields']

/** A half is rounded away from zero before a shift to the right. */
const MOST_SHIFT = 31

const scales = ({ channels, shift }: WeightedChannels): boolean =>
  Array.from({ length: channels }).every((_, channel) => shift(channel) >= 1 && shift(channel) <= MOST_SHIFT)

/** Whether what is below the output zero point is cut off, so that the faster scaling is exact. */
const isRelu = (request: KernelRequest): 0 | 1 => (cutsBelowZeroPoint(request) ? 1 : 0)

const numbers = <Name extends string>(fields: Fields, ...names: readonly Name[]): Readonly<Record<Name, number>> =>
  Object.fromEntries(names.map((name) => [name, numberField(fields, name)])) as Record<Name, number>

/** Bytes of a strip that one more pixel does not make larger. */
const STRIP_BYTES = 2048

/** How windows lie in a strip, as `common/mve_strip.h` describes it. */
export interface Strip {
  readonly tile: number
  readonly phases: number
  readonly phase_step: number
  readonly pixel_columns: number
  readonly overlap_columns: number
}

/** The strip of a window operator with `columnBytes` for each column. */
export function stripOf(fields: Fields, columnBytes: number): Strip {
  const names = ['filter_width', 'stride_width', 'dilation_width', 'output_width'] as const
  const { filter_width, stride_width, dilation_width, output_width } = numbers(fields, ...names)
  const overlaps = (dilation_width === 1 || filter_width === 1) && stride_width <= filter_width
  const columns = overlaps
    ? { phases: 1, phase_step: 1, pixel_columns: stride_width, overlap_columns: filter_width - stride_width }
    : { phases: filter_width, phase_step: stride_width, pixel_columns: 1, overlap_columns: 0 }
  const most = (STRIP_BYTES / columnBytes / columns.phases - columns.overlap_columns) / columns.pixel_columns
  const tiles = Math.ceil(output_width / Math.max(2, Math.floor(most)))
  const tile = Math.ceil(output_width / tiles)
  // pixels are computed in pairs
  return { tile: tiles === 1 ? tile : tile + (tile % 2), ...columns }
}

/** Columns of a whole strip. */
export const stripColumns = ({ tile, phases, pixel_columns, overlap_columns }: Strip): number =>
  phases * (tile * pixel_columns + overlap_columns)

/** Bytes of a column of a convolution's strip. */
export const columnBytes = (fields: Fields): number =>
  numberField(fields, 'filter_height') * numberField(fields, 'input_channels')

/** Whether the windows of a convolution lie in the input as they are, one vector each. */
export function isDirect(fields: Fields): boolean {
  const axis = (side: 'height' | 'width', before: 'top' | 'left') =>
    numbers(
      { ...fields, before: numberField(fields, `padding_${before}`) },
      ...([`input_${side}`, `output_${side}`, `filter_${side}`, `stride_${side}`, `dilation_${side}`] as const),
      'before',
    )
  const rows = axis('height', 'top')
  const columns = axis('width', 'left')
  const rowsInside = (rows.output_height - 1) * rows.stride_height < rows.input_height
  const reach = (columns.output_width - 1) * columns.stride_width + columns.filter_width
  const joined = columns.dilation_width === 1 || columns.filter_width === 1
  const padded = rows.before > 0 || columns.before > 0 || reach > columns.input_width
  return rows.filter_height === 1 && rowsInside && joined && !padded
}

const conv2d: FastKernel = (request) => {
  const { fields } = request
  const channels = weightedChannels(request, numberField(fields, 'output_channels'), 'channel outermost')
  if (!scales(channels)) return undefined
  const bytes = columnBytes(fields)
  const scratchBytes = isDirect(fields) ? 0 : roundUp(stripColumns(stripOf(fields, bytes)) * bytes, 4)
  return { request: { ...request, fields: { ...fields, relu: isRelu(request) } }, scratchBytes }
}

/** Channels of a depthwise convolution that are computed together. */
const DEPTHWISE_LANES = 16
/** Windows of that many taps are loaded as a vector. */
const LOADED_TAPS = 16

/** The strip of a depthwise convolution, of some channels at a time, and the bytes that one of them takes there. */
export function depthwiseStrip(fields: Fields): Strip & { readonly channels: number; readonly strip_distance: number } {
  const names = ['filter_height', 'input_channels'] as const
  const { filter_height, input_channels } = numbers(fields, ...names)
  const channels = Math.min(DEPTHWISE_LANES, input_channels)
  const strip = stripOf(fields, filter_height * channels)
  return { ...strip, channels, strip_distance: stripColumns(strip) * filter_height }
}

const depthwiseConv2d: FastKernel = (request, goal) => {
  const { fields } = request
  const { input_channels, depth_multiplier } = numbers(fields, 'input_channels', 'depth_multiplier')
  if (input_channels === 1) return conv2d(asConvolution(request), goal)
  if (depth_multiplier !== 1 || input_channels < 4) return undefined
  const { channels, strip_distance } = depthwiseStrip(fields)
  // the places of channels in a strip are offsets of 16 bits
  const fits = strip_distance * (DEPTHWISE_LANES - 1) < 2 ** 16
  if (!fits || !scales(weightedChannels(request, input_channels, 'channel innermost'))) return undefined
  const scratchBytes = roundUp(channels * strip_distance + LOADED_TAPS, 4)
  return { request: { ...request, fields: { ...fields, relu: isRelu(request) } }, scratchBytes }
}

const fullyConnected: FastKernel = (request) => {
  const { fields } = request
  const outputs = numberField(fields, 'outputs')
  const channels = weightedChannels(request, outputs, 'channel outermost')
  if (!scales(channels)) return undefined
  const blocks = Math.floor(outputs / 4)
  return { request: { ...request, fields: { ...fields, relu: isRelu(request), blocks } }, scratchBytes: 0 }
}

/** Single channels alone have their weights one after the other, so that pieces may begin anywhere. */
const fullyConnectedAccumulate: AccumulatingKernel = (request, _, goal) => {
  const fitted = fullyConnected(request, goal)
  return fitted && { ...fitted, request: { ...request, fields: { ...fitted.request.fields, blocks: 0 } } }
}

const noScratch = (request: KernelRequest): FittedRequest => ({ request, scratchBytes: 0 })

const { sum, mul } = elementwiseKernels(MOST_SHIFT)

/** The kernels of the set that take their input piece by piece, by family. */
export const mveAccumulators: ReadonlyMap<string, AccumulatingKernel> = new Map([
  ['average_pool_2d', noScratch],
  ['fully_connected', fullyConnectedAccumulate],
])

/** The kernels of the set, by family. */
export const mveKernels: ReadonlyMap<string, FastKernel> = new Map([
  ['add', sum],
  ['average_pool_2d', noScratch],
  ['conv_2d', conv2d],
  ['depthwise_conv_2d', depthwiseConv2d],
  ['fully_connected', fullyConnected],
  ['max_pool_2d', noScratch],
  ['mul', mul],
  ['sub', sum],
])
