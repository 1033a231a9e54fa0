import t from 'tap'
import type { KernelRequest } from '../../src/ops/index.js'
import { chooseAccumulator, chooseKernel, type Goal, type KernelTarget } from '../../src/select/index.js'

const BALANCED: KernelTarget = { set: 'dsp', goal: 'balanced' }

const WINDOW = {
  ...{ batches: 1, input_height: 4, input_width: 4, output_height: 4, output_width: 4 },
  ...{ padding_top: 0, padding_left: 0, stride_height: 1, stride_width: 1, dilation_height: 1, dilation_width: 1 },
}
const SCALING = { multiplier: Int32Array.of(2 ** 30), shift: Int8Array.of(-8), channel_step: 0 }
const LIMITS = { padding_value: 0, output_zero_point: -5, clamp_min: -128, clamp_max: 127 }

/** A convolution of `channels` outputs, 1x1 on `depth` inputs, all weights 1. */
function conv(changes: Record<string, unknown> = {}, depth = 8, channels = 4): KernelRequest {
  const weights = new Int8Array(channels * depth).fill(1)
  const filter = { filter_height: 1, filter_width: 1, input_channels: depth, output_channels: channels }
  const fields = { ...WINDOW, ...filter, ...SCALING, ...LIMITS, weights, bias: new Int32Array(channels), ...changes }
  return { family: 'conv_2d', type: 's8', fields, reads: [0] }
}

const setOf = (request: KernelRequest, target = BALANCED) => chooseKernel(request, target).set

t.test('a convolution takes scratch for two windows of words, filled up to four', (t) => {
  t.match(chooseKernel(conv(), BALANCED), { set: 'dsp', scratchBytes: 2 * 4 * 4, request: { fields: { relu: 0 } } })
  t.match(chooseKernel(conv({}, 9), BALANCED), { set: 'dsp', scratchBytes: 2 * 8 * 4 })
  t.equal(setOf(conv(), { set: 'portable', goal: 'balanced' }), 'portable')
  t.end()
})

t.test('for least RAM there is no scratch', (t) => {
  t.match(chooseKernel(conv(), { set: 'dsp', goal: 'ram' }), { set: 'portable', scratchBytes: 0 })
  t.end()
})

t.test(
  'factors of a half and more, and shifts that leave no bits for rounding, are left to the portable kernel',
  (t) => {
    // large sums in the first channel, none in the others
    const depth = 4096
    const weights = new Int8Array(4 * depth).fill(127, 0, depth)
    for (const [shift, set] of [
      [1, 'portable'],
      [0, 'portable'],
      [-1, 'dsp'],
      [-22, 'dsp'],
      [-23, 'portable'],
    ] as const) {
      const changes = { weights, shift: Int8Array.of(shift), multiplier: Int32Array.of(2 ** 31 - 1) }
      t.equal(setOf(conv(changes, depth)), set, `${shift}`)
    }
    t.end()
  },
)

t.test('sums stay within what the core computes exactly, bounded by the real weights', (t) => {
  // 8 weights of 127: the inputs add from -130048 to 129032, which is enough for the output to change
  const biased = (bias: readonly number[], shift: number) =>
    conv({ weights: new Int8Array(32).fill(127), bias: Int32Array.from(bias), shift: Int8Array.of(shift) })
  const speed: KernelTarget = { set: 'dsp', goal: 'speed' }
  t.equal(setOf(biased([0, 2 ** 23 - 1 - 129032, 0, 0], -16), speed), 'dsp_wide')
  const large = biased([0, 2 ** 23 - 129032, 0, 0], -16)
  t.equal(setOf(large, speed), 'portable', 'of odd channels 256 times the sum fits 32 bits')
  t.equal(setOf(large), 'dsp', 'which may leave out the bias')
  t.equal(setOf(biased([2 ** 23 - 1, 1 - 2 ** 23, 0, 0], -16)), 'dsp')
  t.equal(setOf(biased([2 ** 23, 0, 0, 0], -16)), 'dsp_wide', 'biases share a word of 32 bits with the shift')
  t.equal(setOf(biased([0, 2 ** 23, 0, 0], -16)), 'portable')
  const wide = (bias: number) => {
    const weights = new Int8Array(4 * 4096).fill(127, 0, 4096)
    return conv({ weights, bias: Int32Array.of(bias, 0, 0, 0), shift: Int8Array.of(-22) }, 4096)
  }
  const most = 127 * 127 * 4096
  t.equal(setOf(wide(2 ** 30 - 1 - most)), 'dsp_wide')
  t.equal(setOf(wide(2 ** 30 - most)), 'portable', 'twice the sum fits 32 bits')
  t.end()
})

t.test('weights of -128 fit where they stand beside one that is not negative', (t) => {
  const beside = (even: number, odd: number) => {
    const weights = new Int8Array(32)
    weights[0] = even
    weights[8] = odd
    return conv({ weights, shift: Int8Array.of(-2) })
  }
  t.equal(setOf(beside(-128, -127)), 'dsp')
  t.equal(setOf(beside(0, -128)), 'dsp')
  t.equal(setOf(beside(-1, -128)), 'portable')
  t.end()
})

t.test('a channel whose output never changes needs no range', (t) => {
  const bias = Int32Array.of(0, 0, 2 ** 31 - 1 - 2000, 0)
  const scaling = { multiplier: Int32Array.of(2 ** 30, 2 ** 30, 2 ** 30, 2 ** 30), channel_step: 1 }
  t.equal(setOf(conv({ bias, ...scaling, shift: Int8Array.of(-8, -8, -30, -8) })), 'dsp', 'nearly 0 whatever comes')
  t.equal(setOf(conv({ bias, ...scaling, shift: Int8Array.of(-8, -8, -8, -8) })), 'dsp', 'always at the limit')
  t.end()
})

t.test('what lies below the zero point is cut off: the faster scaling is exact', (t) => {
  const weights = new Int8Array(4 * 4096).fill(127, 0, 4096)
  const relu = (clamp: number, shift: number, goal: Goal = 'balanced') =>
    chooseKernel(conv({ weights, clamp_min: clamp, shift: Int8Array.of(shift) }, 4096), { set: 'dsp', goal }).request
      .fields['relu']
  t.same([relu(-6, -16), relu(-5, -16), relu(3, -16)], [0, 1, 1])
  t.equal(relu(-5, -17), 1)
  t.same([relu(-5, -16, 'speed'), relu(-5, -17, 'speed')], [1, 0], 'as long as its constants fit')
  t.end()
})

t.test('a depthwise convolution of one channel is a convolution', (t) => {
  const filter = { filter_height: 2, filter_width: 1, input_channels: 1, output_channels: 3, depth_multiplier: 3 }
  const weights = Int8Array.of(1, 2, 3, 4, 5, 6)
  const fields = { ...WINDOW, ...filter, ...SCALING, ...LIMITS, weights, bias: new Int32Array(3) }
  const { request, set } = chooseKernel({ family: 'depthwise_conv_2d', type: 's8', fields, reads: [0] }, BALANCED)
  t.equal(set, 'dsp')
  t.equal(request.family, 'conv_2d')
  t.same(request.fields['weights'], Int8Array.of(1, 4, 2, 5, 3, 6))
  const several = {
    ...fields,
    input_channels: 2,
    output_channels: 6,
    weights: new Int8Array(12),
    bias: new Int32Array(6),
  }
  t.equal(setOf({ family: 'depthwise_conv_2d', type: 's8', fields: several, reads: [0] }), 'portable')
  t.end()
})

/** A depthwise convolution of 3x3 whose rows have so many outputs. */
function square(width: number, changes: Record<string, unknown> = {}): KernelRequest {
  const filter = { filter_height: 3, filter_width: 3, input_channels: 4, output_channels: 4, depth_multiplier: 1 }
  const weights = new Int8Array(36).fill(1)
  const sizes = { input_width: width, output_width: width }
  const fields = { ...WINDOW, ...filter, ...SCALING, ...LIMITS, ...sizes, weights, bias: new Int32Array(4), ...changes }
  return { family: 'depthwise_conv_2d', type: 's8', fields, reads: [0] }
}

t.test('depthwise convolutions of 3x3 go by columns, several outputs at a time', (t) => {
  const fields = (request: KernelRequest, goal: Goal) => chooseKernel(request, { set: 'dsp', goal }).request.fields
  t.match(chooseKernel(square(5), BALANCED), { set: 'dsp_columns', scratchBytes: 32 * 7 })
  t.match(chooseKernel(square(5, { stride_width: 2 }), BALANCED), { set: 'dsp_columns', scratchBytes: 32 * 11 })
  t.match(fields(square(5), 'balanced'), { outputs: 5, relu: 0, wide: 0 })
  t.match(fields(square(12), 'balanced'), { outputs: 3, relu: 0, wide: 0 }, 'in general few cores')
  t.match(fields(square(12), 'speed'), { outputs: 4, relu: 0, wide: 1 }, 'for speed the fastest')
  t.match(fields(square(3, { stride_width: 2, clamp_min: -5 }), 'balanced'), { outputs: 3, relu: 1, wide: 0 })
  t.match(chooseKernel(square(12), { set: 'dsp', goal: 'ram' }), { set: 'portable', scratchBytes: 0 })
  t.end()
})

t.test('for speed, those of 3x3 that move by one column have code for their shape', (t) => {
  const padded = { output_height: 4, padding_top: 1, padding_left: 1, output_width: 5 }
  const choice = (changes: Record<string, unknown>, goal: Goal = 'speed') =>
    chooseKernel(square(5, { ...padded, ...changes }), { set: 'dsp', goal })
  t.match(choice({}), { set: 'dsp_shape', template: [5, 4, 1, 5, 0], scratchBytes: 0 })
  t.match(choice({ clamp_min: -5 }), { template: [5, 4, 1, 5, 1] })
  t.match(choice({ padding_left: 0, output_width: 3 }), { template: [5, 4, 0, 3, 0] })
  t.match(choice({ padding_left: 0, output_width: 4 }), { template: [5, 4, 0, 4, 0] }, 'padding behind the row alone')
  t.match(choice({ stride_height: 2, output_height: 2 }), { set: 'dsp_shape' })
  t.equal(choice({}, 'balanced').set, 'dsp_columns', 'which takes less ROM')
  for (const [why, changes] of [
    ['columns move by two', { stride_width: 2, output_width: 3 }],
    ['two columns of padding before the row', { padding_left: 2, output_width: 5 }],
    ['two columns of padding behind the row', { padding_left: 0, output_width: 5 }],
    ['two rows of padding', { padding_top: 2 }],
    ['two rows of padding below', { output_height: 5 }],
    ['rows that do not lie side by side', { dilation_height: 2 }],
    ['two input rows', { input_height: 2, output_height: 2 }],
  ] as const)
    t.equal(choice(changes).set, 'dsp_columns', why)
  t.equal(choice({ padding_left: 0, output_width: 2 }).set, 'dsp', 'rows that are too short')
  t.equal(choice({ shift: Int8Array.of(0) }).set, 'portable', 'factors of a half and more')
  const wide = (channels: number) =>
    choice({
      ...{ input_channels: channels, output_channels: channels },
      ...{ weights: new Int8Array(9 * channels).fill(1), bias: new Int32Array(channels) },
    }).set
  t.same([wide(4095), wide(4096)], ['dsp_shape', 'dsp_columns'], 'as many as one instruction adds')
  t.end()
})

t.test('other depthwise convolutions go window by window', (t) => {
  t.equal(setOf(square(2)), 'dsp', 'rows that are too short')
  const three = { input_channels: 3, output_channels: 3, weights: new Int8Array(27).fill(1), bias: new Int32Array(3) }
  t.equal(setOf(square(5, three)), 'dsp', 'less than four channels')
  t.equal(setOf(square(5, { stride_width: 3 })), 'dsp')
  t.equal(setOf(square(5, { dilation_width: 2 })), 'dsp')
  t.equal(setOf(square(5, { dilation_height: 2 })), 'dsp_columns', 'rows may lie anywhere')
  t.equal(setOf(square(5, { filter_height: 1, weights: new Int8Array(12).fill(1) })), 'dsp')
  t.equal(setOf(square(5, { shift: Int8Array.of(0) })), 'portable', 'factors of a half and more')
  t.end()
})

t.test('for speed, convolutions of three columns on many pixels go by tiles', (t) => {
  const speed: KernelTarget = { set: 'dsp', goal: 'speed' }
  const tiled = (changes: Record<string, unknown> = {}, depth = 16) => {
    const weights = new Int8Array(4 * 9 * depth).fill(1)
    const sizes = { input_height: 10, input_width: 10, output_height: 10, output_width: 10 }
    return conv({ ...sizes, filter_height: 3, filter_width: 3, weights, ...changes }, depth)
  }
  t.match(chooseKernel(tiled(), speed), { set: 'dsp_winograd', scratchBytes: 4 * 2 * 4 * 24 + 6 * 16 })
  t.equal(setOf(tiled()), 'dsp', 'whose weights take more ROM')
  t.equal(setOf(tiled({ stride_height: 2, dilation_height: 2 }), speed), 'dsp_winograd')
  for (const changes of [{ stride_width: 2 }, { dilation_width: 2 }, { output_height: 9 }])
    t.equal(setOf(tiled(changes), speed), 'dsp_wide')
  const few = { filter_height: 1, weights: new Int8Array(48).fill(1) }
  t.equal(setOf(tiled(few, 4), speed), 'dsp_wide', 'too few inputs for it to pay')
  t.equal(setOf(tiled({}, 18), speed), 'dsp_wide', 'channels are taken in fours')
  t.end()
})

t.test('a dense layer takes its input piece by piece in fours', (t) => {
  const fields = {
    ...SCALING,
    ...LIMITS,
    rows: 1,
    inputs: 16,
    outputs: 9,
    weights: new Int8Array(144).fill(127),
    bias: new Int32Array(9),
  }
  const request: KernelRequest = { family: 'fully_connected', type: 's8', fields, reads: [0] }
  t.match(chooseKernel(request, BALANCED), { set: 'dsp', scratchBytes: 0, request: { fields: { blocks: 1 } } })
  t.match(chooseAccumulator(request, 8, BALANCED), { set: 'dsp', request: { fields: { blocks: 0 } } })
  t.match(chooseAccumulator(request, 6, BALANCED), { set: 'portable' })
  const wide = { ...request, fields: { ...fields, shift: Int8Array.of(-17), bias: new Int32Array(9).fill(2 ** 23) } }
  t.match(
    chooseKernel(wide, BALANCED),
    { set: 'dsp', request: { fields: { blocks: 0 } } },
    'sums that are too large for blocks',
  )
  t.end()
})

t.test('floats are not for it', (t) => {
  const { request, set } = chooseKernel({ ...conv(), type: 'f32' }, BALANCED)
  t.equal(set, 'float32')
  t.equal(request.fields['relu'], undefined)
  t.end()
})
