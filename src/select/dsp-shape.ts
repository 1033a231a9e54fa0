/**
 * Which depthwise convolutions the kernel set `dsp` computes by code that is made for their shape: channel by channel along
 * the row, every input loaded once. A shape takes some 500 bytes of ROM, so it is for those who want speed.
 */
import { isRelu, scales } from './dsp.js'
import { numberField } from './fields.js'
import type { FastKernel } from './kernel-set.js'
import { hasNarrowPadding, isSquare } from './square-filters.js'
import { weightedChannels } from './weighted.js'

/** Fewer are left to the kernels that go window by window. */
const LEAST_CHANNELS = 4
/** Most that an instruction adds to a register: from one pixel to the next. */
const MOST_CHANNELS = 4095
/** Rows that are shorter are left to the kernel that goes window by window. */
const LEAST_OUTPUTS = 3

const depthwiseConv2d: FastKernel = (request, goal) => {
  const { fields } = request
  if (goal !== 'speed' || !isSquare(fields) || numberField(fields, 'stride_width') !== 1) return undefined
  if (!hasNarrowPadding(fields)) return undefined
  const depth = numberField(fields, 'input_channels')
  const outputs = numberField(fields, 'output_width')
  if (depth < LEAST_CHANNELS || depth > MOST_CHANNELS || outputs < LEAST_OUTPUTS) return undefined
  const channels = weightedChannels(request, depth, 'channel innermost')
  if (!scales(channels)) return undefined
  const [width, left] = [numberField(fields, 'input_width'), numberField(fields, 'padding_left')]
  const template = [width, depth, left, outputs, isRelu(request, channels) ? 1 : 0]
  return { request, set: 'dsp_shape', template, scratchBytes: 0 }
}

/** The kernels by family. */
export const dspShapeKernels: ReadonlyMap<string, FastKernel> = new Map([['depthwise_conv_2d', depthwiseConv2d]])
