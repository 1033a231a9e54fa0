/**
 * Which depthwise convolutions the kernel set `dsp` computes by columns: those of 3x3, several outputs of a channel at a
 * time, whose weights stay in registers.
 */
import { isRelu, scales } from './dsp.js'
import { numberField } from './fields.js'
import type { FastKernel, Goal } from './kernel-set.js'
import { isSquare } from './square-filters.js'
import { weightedChannels } from './weighted.js'

/** Channels that columns are gathered for. */
const CHANNELS = 4
/** Bytes of a column of so many channels in scratch. */
const COLUMN_BYTES = 32

/** Share of the instructions of three outputs at a time that makes another core worth its code. */
const MUCH_FASTER = 0.85

const columnsOf = (outputs: number, stride: number): number => (outputs - 1) * stride + 3

/** Instructions of a row and channel, with so many outputs at a time. */
function instructions(outputs: number, stride: number, width: number): number {
  const perChannel = 15 + 11 * outputs + 6 * columnsOf(outputs, stride)
  return Math.ceil(width / outputs) * perChannel
}

/**
 * The number of outputs at a time; undefined if the row is too short. For speed what takes the fewest instructions. Else a
 * network has few cores: three fit most rows, and five those that are far faster by fives.
 */
function outputsOf(stride: number, width: number, goal: Goal): number | undefined {
  const count = (outputs: number): number => instructions(outputs, stride, width)
  const fitting = [3, 4, 5].filter((outputs) => outputs <= width)
  if (goal === 'speed') return fitting.toSorted((a, b) => count(a) - count(b))[0]
  return width >= 5 && count(5) < MUCH_FASTER * count(3) ? 5 : fitting[0]
}

const depthwiseConv2d: FastKernel = (request, goal) => {
  const { fields } = request
  if (!isSquare(fields) || numberField(fields, 'input_channels') < CHANNELS) return undefined
  const stride = numberField(fields, 'stride_width')
  const outputs = outputsOf(stride, numberField(fields, 'output_width'), goal)
  const channels = weightedChannels(request, numberField(fields, 'output_channels'), 'channel innermost')
  if (outputs === undefined || !scales(channels)) return undefined
  const columns = columnsOf(outputs, stride)
  const relu = isRelu(request, channels) ? 1 : 0
  const wide = goal === 'speed' ? 1 : 0
  return {
    request: { ...request, fields: { ...fields, outputs, relu, wide } },
    set: 'dsp_columns',
    scratchBytes: COLUMN_BYTES * columns,
  }
}

/** The kernels by family. For speed weights take two bytes each. */
export const dspColumnKernels: ReadonlyMap<string, FastKernel> = new Map([['depthwise_conv_2d', depthwiseConv2d]])
