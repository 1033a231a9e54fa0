/**
 * Which depthwise convolutions the kernel set `armv6m` computes by columns: those of 3x3, whose columns are loaded once
 * for all outputs that have them. A weight takes two bytes and more, so it is for those who want speed.
 */
import { productsPair, scalingName, scalingOf } from './armv6m.js'
import { numberField } from './fields.js'
import type { FastKernel } from './kernel-set.js'
import { hasNarrowPadding, isSquare } from './square-filters.js'
import { weightedChannels } from './weighted.js'

const depthwiseConv2d: FastKernel = (request, goal) => {
  const { fields } = request
  if (goal !== 'speed' || !isSquare(fields) || !hasNarrowPadding(fields)) return undefined
  const channels = weightedChannels(request, numberField(fields, 'output_channels'), 'channel innermost')
  const scaling = scalingOf(request, channels)
  const name = scalingName(scaling)
  if (name === undefined || !productsPair(channels)) return undefined
  const core = `depthwise_conv_2d_s8_armv6m_columns_${numberField(fields, 'stride_width')}_${name}`
  return {
    request: { ...request, fields: { ...fields, scaling } },
    set: 'armv6m_columns',
    template: [core],
    scratchBytes: 0,
  }
}

/** The kernels by family. */
export const armv6mColumnKernels: ReadonlyMap<string, FastKernel> = new Map([['depthwise_conv_2d', depthwiseConv2d]])
