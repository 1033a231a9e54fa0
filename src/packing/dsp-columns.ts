/** Streams of depthwise convolutions of 3x3, laid out as `src/kernels/README.md` says. */
import type { KernelRequest } from '../ops/index.js'
import { numberField, weightedChannels } from '../select/index.js'
import { kept, oddOf, roundingConstant, scaleOf, Stream, WINDOW } from './dsp.js'
import type { LaidFields } from './fields.js'

const KEPT = [...WINDOW, 'padding_value', 'clamp_min', 'clamp_max']

function streamOf(request: KernelRequest, wide: boolean): Int32Array {
  const { fields } = request
  const count = numberField(fields, 'output_channels')
  const channels = weightedChannels(request, count, 'channel innermost')
  const zeroPoint = numberField(fields, 'output_zero_point')
  const stream = new Stream()
  for (let channel = 0; channel < count; channel += 1) {
    const at = (row: number, column: number): number => channels.weight(channel, 3 * row + column)
    const twice = (row: number, column: number): number => 2 * at(row, column)
    const { bias, multiplier, shift } = scaleOf(channels, channel, zeroPoint)
    if (wide) {
      for (const column of [0, 1, 2]) stream.halves(twice(0, column), twice(1, column))
      stream.halves(twice(2, 0), twice(2, 1))
      stream.halves(shift, twice(2, 2))
      stream.word(2 * bias, multiplier, roundingConstant(shift, zeroPoint))
    } else {
      stream.bytes([at(0, 0), at(0, 1), at(1, 0), at(1, 1)])
      stream.bytes([at(0, 2), at(2, 0), at(1, 2), at(2, 1)])
      stream.halves(shift - 1, at(2, 2))
      stream.word(bias, multiplier)
    }
  }
  return stream.finish()
}

function byColumns(request: KernelRequest): LaidFields {
  const { fields } = request
  const [outputs, stride] = [numberField(fields, 'outputs'), numberField(fields, 'stride_width')]
  const wide = numberField(fields, 'wide') === 1
  const form = [numberField(fields, 'relu') === 1 ? 'relu' : 'linear', ...(wide ? ['wide'] : [])]
  return {
    stream: streamOf(request, wide),
    core: { function: ['depthwise_conv_2d_s8_dsp_outputs', outputs, stride, ...form].join('_') },
    channel_words: wide ? 8 : 5,
    odd: oddOf(fields),
    outputs,
    ...kept(fields, KEPT),
  }
}

const byShape = (request: KernelRequest): KernelRequest['fields'] => ({
  stream: streamOf(request, true),
  ...kept(request.fields, KEPT),
})

/** Layouts by family. */
export const dspColumnLayouts: ReadonlyMap<string, (request: KernelRequest) => LaidFields> = new Map([
  ['depthwise_conv_2d', byColumns],
])

/** The same of kernels that are made for a shape. */
export const dspShapeLayouts: ReadonlyMap<string, (request: KernelRequest) => KernelRequest['fields']> = new Map([
  ['depthwise_conv_2d', byShape],
])
