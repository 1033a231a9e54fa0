import t from 'tap'
import type { KernelRequest } from '../../src/ops/index.js'
import { chooseAccumulator, chooseKernel, type Goal, SCALINGS } from '../../src/select/index.js'

const WINDOW = {
  ...{ batches: 1, input_height: 4, input_width: 4, output_height: 4, output_width: 4 },
  ...{ padding_top: 0, padding_left: 0, stride_height: 1, stride_width: 1, dilation_height: 1, dilation_width: 1 },
}
const SCALING = { multiplier: Int32Array.of(2 ** 30), shift: Int8Array.of(-8), channel_step: 0 }
const LIMITS = { padding_value: 0, output_zero_point: -5, clamp_min: -128, clamp_max: 127 }

/** A convolution of `channels` outputs, 1x1 on `depth` inputs, all weights 1. */
function conv(changes: Record<string, unknown> = {}, depth = 8, channels = 4): KernelRequest {
  const filter = { filter_height: 1, filter_width: 1, input_channels: depth, output_channels: channels }
  const weights = new Int8Array(channels * depth).fill(1)
  const fields = { ...WINDOW, ...filter, ...SCALING, ...LIMITS, weights, bias: new Int32Array(channels), ...changes }
  return { family: 'conv_2d', type: 's8', fields, reads: [0] }
}

const choose = (request: KernelRequest, goal: Goal = 'balanced') => chooseKernel(request, { set: 'armv6m', goal })
const scalingOf = (request: KernelRequest) => SCALINGS[Number(choose(request).request.fields['scaling'])]

t.test('a convolution takes scratch for the windows of two pixels, or of the only one in a row', (t) => {
  t.match(choose(conv()), { set: 'armv6m', scratchBytes: 2 * 4 * 4 })
  t.match(choose(conv({}, 9)), { set: 'armv6m', scratchBytes: 2 * 8 * 4 })
  t.match(choose(conv({ output_width: 1 })), { set: 'armv6m', scratchBytes: 4 * 4 })
  t.match(choose(conv(), 'ram'), { set: 'portable', scratchBytes: 0 })
  t.end()
})

t.test('for speed, windows that are single pixels have a core for each way to scale', (t) => {
  const template = ['conv_2d_s8_armv6m_pointwise_3_linear']
  t.match(choose(conv(), 'speed'), { set: 'armv6m_pointwise', template, scratchBytes: 4 * 4 })
  t.match(choose(conv({}, 12), 'speed'), { set: 'armv6m_pointwise', template, scratchBytes: 4 * 8 })
  t.match(choose(conv({ clamp_min: -5 }), 'speed'), { template: ['conv_2d_s8_armv6m_pointwise_3_relu'] })
  t.match(choose(conv({ shift: Int8Array.of(1) }), 'speed'), { set: 'armv6m_wide', template: undefined }, 'any scale')
  t.match(choose(conv({}, 6), 'speed'), { set: 'armv6m_wide' }, 'inputs that are no fours')
  t.match(choose(conv({ input_width: 7, stride_width: 2 }), 'speed'), { set: 'armv6m_pointwise' }, 'pixels apart')
  for (const padding of [{ padding_top: 1 }, { padding_left: 1 }, { input_height: 3 }, { input_width: 3 }])
    t.match(choose(conv(padding), 'speed'), { set: 'armv6m_wide' }, `padding: ${Object.keys(padding).join()}`)
  t.end()
})

t.test('for speed a weight takes two bytes, and windows that overlap lie in rows of words', (t) => {
  t.match(choose(conv({}, 9), 'speed'), {
    set: 'armv6m_wide',
    scratchBytes: 4 * 8,
    request: { fields: { row_words: 0 } },
  })
  const window = { filter_height: 3, filter_width: 4, output_width: 4, stride_width: 1 }
  const rowsOf = (changes: Record<string, unknown> = {}, depth = 2) =>
    choose(conv({ ...window, weights: new Int8Array(4 * 12 * depth), ...changes }, depth), 'speed')
  t.match(rowsOf(), { scratchBytes: 3 * 7 * 4, request: { fields: { row_words: 7 } } }, 'columns 0 to 6, two channels')
  t.match(rowsOf({ dilation_width: 2 }), { request: { fields: { row_words: 0 } } }, 'dilated')
  t.match(rowsOf({ stride_width: 4 }), { request: { fields: { row_words: 0 } } }, 'nothing overlaps')
  t.match(rowsOf({ filter_width: 3 }), { request: { fields: { row_words: 0 } } }, 'no multiple of 8')
  t.match(rowsOf({ filter_width: 8 }, 1), { request: { fields: { row_words: 0 } } }, 'windows begin between words')
  t.match(rowsOf({ output_width: 100 }), { request: { fields: { row_words: 0 } } }, 'too long')
  t.end()
})

t.test('a multiplier is multiplied in as many parts as the sums leave bits for, bounded by the real weights', (t) => {
  // 8 weights of 127: the inputs add from -130048 to 129032, which is enough for the output to change
  const biased = (bias: number, changes: Record<string, unknown> = {}) =>
    conv({
      weights: new Int8Array(32).fill(127),
      bias: new Int32Array(4).fill(bias),
      shift: Int8Array.of(-16),
      ...changes,
    })
  t.equal(scalingOf(biased(2 ** 20 - 1 - 129032)), '3 linear')
  t.equal(scalingOf(biased(2 ** 20 - 129032)), '4 linear')
  t.equal(scalingOf(biased(2 ** 23 - 1 - 129032)), '4 linear')
  t.equal(scalingOf(biased(2 ** 23 - 129032)), 'any')
  t.equal(scalingOf(biased(-(2 ** 20) + 1 + 130048)), '3 linear')
  t.equal(scalingOf(biased(-(2 ** 20) + 130048)), '4 linear')
  t.equal(scalingOf(biased(0, { clamp_min: -5 })), '3 relu', 'what is below the zero point is cut off')
  t.equal(scalingOf(biased(0, { clamp_min: -6 })), '3 linear')
  t.equal(scalingOf(biased(2 ** 22, { clamp_min: 3 })), '4 relu')
  t.end()
})

t.test('every shift has a way, those to the left and those that leave no bits too', (t) => {
  const depth = 4096
  const weights = new Int8Array(4 * depth).fill(1, 0, depth)
  for (const [shift, scaling] of [
    [1, 'any'],
    [0, 'any'],
    [-1, '3 linear'],
    [-20, '3 linear'],
  ] as const) {
    const changes = { weights, shift: Int8Array.of(shift), multiplier: Int32Array.of(2 ** 31 - 1) }
    t.equal(scalingOf(conv(changes, depth)), scaling, `${shift}`)
  }
  // a bias that makes the output change in spite of such a shift
  const most = conv({ weights: new Int8Array(32).fill(127), shift: Int8Array.of(-25), bias: Int32Array.of(2 ** 25) })
  t.equal(scalingOf(most), 'any')
  t.end()
})

t.test('of a channel one weight may be -128: two products of it with -128 do not fit 16 bits', (t) => {
  const lowest = (...at: readonly number[]) => {
    const weights = new Int8Array(32).fill(1)
    for (const index of at) weights[index] = -128
    return choose(conv({ weights, shift: Int8Array.of(-2) })).set
  }
  t.equal(lowest(0, 8, 16, 24), 'armv6m')
  t.equal(lowest(0, 1), 'portable')
  t.end()
})

t.test('a depthwise convolution takes three words a tap, in threes; one of one channel is a convolution', (t) => {
  const filter = { filter_height: 2, filter_width: 2, input_channels: 3, output_channels: 3, depth_multiplier: 1 }
  const arrays = { weights: new Int8Array(12).fill(-128), bias: new Int32Array(3) }
  const fields = { ...WINDOW, ...filter, ...SCALING, ...LIMITS, ...arrays }
  const request = { family: 'depthwise_conv_2d', type: 's8', fields, reads: [0] }
  t.match(choose(request), { set: 'armv6m', scratchBytes: 3 * 4 * 6, request: { fields: { taps: 6 } } })
  t.match(choose(request, 'speed'), { set: 'armv6m' }, 'it reads bytes whatever the goal is')
  const single = { ...fields, input_channels: 1, depth_multiplier: 3, weights: new Int8Array(12) }
  t.match(choose({ ...request, fields: single }), { set: 'armv6m', request: { family: 'conv_2d' } })
  const several = { ...fields, output_channels: 6, depth_multiplier: 2, weights: new Int8Array(24) }
  t.match(choose({ ...request, fields: { ...several, bias: new Int32Array(6) } }), { set: 'portable' })
  t.end()
})

t.test('for speed, depthwise filters of 3x3 go by columns, without scratch', (t) => {
  const filter = { filter_height: 3, filter_width: 3, input_channels: 2, output_channels: 2, depth_multiplier: 1 }
  const arrays = { weights: new Int8Array(18).fill(127), bias: new Int32Array(2) }
  const padding = { padding_top: 1, padding_left: 1 }
  const fields = { ...WINDOW, ...filter, ...SCALING, ...LIMITS, ...arrays, ...padding }
  const by = (changes: Record<string, unknown> = {}, goal: Goal = 'speed') =>
    choose({ family: 'depthwise_conv_2d', type: 's8', fields: { ...fields, ...changes }, reads: [0] }, goal)
  const core = (name: string) => [`depthwise_conv_2d_s8_armv6m_columns_${name}`]
  t.match(by(), { set: 'armv6m_columns', template: core('1_3_linear'), scratchBytes: 0 })
  t.match(by({ clamp_min: -5 }), { template: core('1_3_relu') })
  t.match(by({ bias: new Int32Array(2).fill(2 ** 21), shift: Int8Array.of(-16) }), { template: core('1_4_linear') })
  t.match(by({ stride_width: 2, output_width: 2 }), { template: core('2_3_linear') })
  t.match(by({}, 'balanced'), { set: 'armv6m' }, 'weights of one byte')
  for (const [changes, why] of [
    [{ shift: Int8Array.of(1) }, 'any scale'],
    [{ stride_width: 3, output_width: 2 }, 'windows that share no column'],
    [{ dilation_width: 2 }, 'columns apart'],
    [{ dilation_height: 2 }, 'rows apart'],
    [{ padding_top: 2 }, 'a window of one row'],
    [{ output_width: 5 }, 'a window of one column'],
    [{ input_height: 2, output_height: 2 }, 'two rows in the padding'],
    [{ weights: new Int8Array(18).fill(-128) }, 'products that do not fit'],
  ] as const)
    t.match(by(changes), { set: 'armv6m' }, why)
  t.end()
})

t.test('a dense layer needs no scratch, and takes its input piece by piece in fours', (t) => {
  const arrays = { weights: new Int8Array(48).fill(127), bias: new Int32Array(3) }
  const fields = { ...SCALING, ...LIMITS, rows: 1, inputs: 16, outputs: 3, ...arrays }
  const request: KernelRequest = { family: 'fully_connected', type: 's8', fields, reads: [0] }
  t.match(choose(request, 'ram'), { set: 'armv6m', scratchBytes: 0, request: { fields: { scale_step: 0 } } })
  t.match(choose(request, 'speed'), { set: 'armv6m_wide', scratchBytes: 0 })
  const scales = { multiplier: Int32Array.of(2 ** 30, 2 ** 30, 2 ** 30 + 1), shift: Int8Array.of(-8, -8, -8) }
  const perOutput = { ...request, fields: { ...fields, ...scales, channel_step: 1 } }
  t.match(choose(perOutput), { request: { fields: { scale_step: 2 } } })
  const pieces = (count: number, goal: Goal) => chooseAccumulator(request, count, { set: 'armv6m', goal }).set
  t.equal(pieces(4, 'balanced'), 'armv6m')
  t.equal(pieces(4, 'speed'), 'armv6m_wide')
  t.equal(pieces(6, 'balanced'), 'portable')
  t.end()
})

t.test('floats are not for it', (t) => {
  t.equal(choose({ ...conv(), type: 'f32' }).set, 'float32')
  t.end()
})
