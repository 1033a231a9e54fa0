/**
 * Which convolutions the kernel set `dsp` computes by Winograd's F(2, 3) along rows: two outputs by four products instead
 * of six. Weights grow from 3 bytes to 8, so it is for those who want speed, where there are few weights for many pixels.
 */
import type { KernelRequest } from '../ops/index.js'
import { isRelu, scales, windowRuns } from './dsp.js'
import { numberField } from './fields.js'
import type { FastKernel } from './kernel-set.js'
import { roundUp } from './scaled.js'
import { weightedChannels } from './weighted.js'

/** Output pixels from which on the weights of a layer are few. */
const LEAST_PIXELS = 100
/** Outputs that the kernel makes at a time. */
const OUTPUTS = 4
/** Columns that they read. */
const COLUMNS = 6

/** Words of two inputs that one position of a tile has, filled up to what the core takes in a turn. */
export function winogradWords(fields: KernelRequest['fields']): number {
  return roundUp((numberField(fields, 'filter_height') * numberField(fields, 'input_channels')) / 2, 8)
}

/** Whether the layer takes fewer instructions than window by window: counted for four pixels and four channels. */
function pays(fields: KernelRequest['fields']): boolean {
  const words = winogradWords(fields)
  const direct = windowRuns(fields).words
  const rows = numberField(fields, 'filter_height') * numberField(fields, 'input_channels')
  const blocks = numberField(fields, 'output_channels') / 4
  // per turn of a core 3 instructions, per block its start and 16 outputs; windows are gathered once for all blocks
  const windows = 2 * (12 * direct + (3 * direct) / 8 + 60) + (22 * direct) / blocks
  const tiles = 4 * (11 * words + (3 * words) / 8 + 17) + 164 + (15.5 * rows) / blocks
  return tiles < windows
}

const conv2d: FastKernel = (request, goal) => {
  if (goal !== 'speed') return undefined
  const { fields } = request
  const [width, height, depth, count] = ['output_width', 'output_height', 'input_channels', 'output_channels'].map(
    (name) => numberField(fields, name),
  ) as [number, number, number, number]
  const along = ['filter_width', 'stride_width', 'dilation_width'].map((name) => numberField(fields, name))
  const fits = along.join() === '3,1,1' && width >= OUTPUTS && depth % 4 === 0 && count % 4 === 0
  if (!fits || width * height < LEAST_PIXELS || !pays(fields)) return undefined
  const channels = weightedChannels(request, count, 'channel outermost')
  if (!scales(channels)) return undefined
  const relu = isRelu(request, channels) ? 1 : 0
  const windowBytes = 4 * 2 * 4 * winogradWords(fields)
  const scratchBytes = windowBytes + COLUMNS * depth
  return { request: { ...request, fields: { ...fields, relu } }, set: 'dsp_winograd', scratchBytes }
}

/** The kernels by family. */
export const dspWinogradKernels: ReadonlyMap<string, FastKernel> = new Map([['conv_2d', conv2d]])
