import t from 'tap'
import type { KernelRequest } from '../../src/ops/index.js'
import { chooseAccumulator, chooseKernel, isDirect, type KernelTarget, stripOf } from '../../src/select/index.js'

const BALANCED: KernelTarget = { set: 'mve', goal: 'balanced' }

const WINDOW = {
  ...{ batches: 1, input_height: 4, input_width: 4, output_height: 4, output_width: 4 },
  ...{ padding_top: 0, padding_left: 0, stride_height: 1, stride_width: 1, dilation_height: 1, dilation_width: 1 },
}
const SCALING = { multiplier: Int32Array.of(2 ** 30), shift: Int8Array.of(-8), channel_step: 0 }
const LIMITS = { padding_value: 0, output_zero_point: -5, clamp_min: -128, clamp_max: 127 }

/** A convolution of `channels` outputs on `depth` inputs, 1x1 unless changed, all weights 1. */
function conv(changes: Record<string, unknown> = {}, depth = 8, channels = 4): KernelRequest {
  const filter = { filter_height: 1, filter_width: 1, ...changes }
  const weights = new Int8Array(channels * depth * filter.filter_height * filter.filter_width).fill(1)
  const shape = { ...WINDOW, input_channels: depth, output_channels: channels }
  const fields = { ...shape, ...SCALING, ...LIMITS, weights, bias: new Int32Array(channels), ...filter }
  return { family: 'conv_2d', type: 's8', fields, reads: [0] }
}

/** A depthwise convolution of 3x3 on `depth` channels, padded by 1. */
function depthwise(depth: number, changes: Record<string, unknown> = {}): KernelRequest {
  const filter = { filter_height: 3, filter_width: 3, padding_top: 1, padding_left: 1, depth_multiplier: 1 }
  const { fields } = conv({ ...filter, ...changes }, depth, depth)
  return {
    family: 'depthwise_conv_2d',
    type: 's8',
    fields: { ...fields, weights: new Int8Array(9 * depth).fill(1) },
    reads: [0],
  }
}

const setOf = (request: KernelRequest, target = BALANCED) => chooseKernel(request, target).set

t.test('windows that lie in the input as they are need no scratch', (t) => {
  t.match(chooseKernel(conv(), BALANCED), { set: 'mve', scratchBytes: 0, request: { fields: { relu: 0 } } })
  const direct = (changes: Record<string, unknown>) => isDirect(conv(changes).fields)
  t.ok(direct({}))
  t.ok(direct({ stride_width: 2, stride_height: 2, output_height: 2, output_width: 2 }))
  t.ok(direct({ filter_width: 3, output_width: 2 }), 'taps side by side')
  t.notOk(direct({ filter_width: 2, dilation_width: 2, output_width: 2 }), 'taps apart')
  t.notOk(direct({ filter_width: 3 }), 'padding behind')
  t.notOk(direct({ padding_left: 1 }), 'padding before')
  t.notOk(direct({ padding_top: 1 }), 'padding above')
  t.notOk(direct({ output_height: 5 }), 'padding below')
  t.notOk(direct({ filter_height: 2 }), 'taps in two rows')
  t.end()
})

t.test('others need a strip of the columns of their windows', (t) => {
  const padded = conv({ filter_height: 3, filter_width: 3, padding_top: 1, padding_left: 1 })
  // four windows, 4 + 2 columns of three taps of eight
  t.match(chooseKernel(padded, BALANCED), { set: 'mve', scratchBytes: 6 * 24 })
  t.match(chooseKernel(padded, { set: 'mve', goal: 'ram' }), { set: 'portable', scratchBytes: 0 })
  t.same(stripOf(padded.fields, 24), { tile: 4, phases: 1, phase_step: 1, pixel_columns: 1, overlap_columns: 2 })
  const dilated = conv({ filter_height: 2, filter_width: 2, dilation_width: 2, stride_width: 3, output_width: 1 })
  t.same(
    stripOf(dilated.fields, 16),
    { tile: 1, phases: 2, phase_step: 3, pixel_columns: 1, overlap_columns: 0 },
    'columns of their own where taps do not lie side by side',
  )
  const sparse = conv({ filter_height: 3, stride_width: 2, output_width: 2 })
  t.same(
    stripOf(sparse.fields, 24),
    { tile: 2, phases: 1, phase_step: 2, pixel_columns: 1, overlap_columns: 0 },
    'and where windows leave columns out',
  )
  t.end()
})

t.test('a strip of a wide row holds a part of it, an even number of pixels and two at least', (t) => {
  const tile = (width: number, columnBytes: number): number =>
    stripOf(conv({ filter_width: 3, output_width: width }).fields, columnBytes).tile
  t.equal(tile(62, 32), 62, '64 columns of 32 bytes')
  t.equal(tile(63, 32), 32)
  t.equal(tile(130, 32), 44, 'three of much the same size')
  t.equal(tile(5, 4096), 2)
  t.equal(tile(1, 4096), 1)
  t.end()
})

t.test('shifts to the right alone are exact', (t) => {
  for (const [shift, set] of [
    [1, 'portable'],
    [0, 'portable'],
    [-1, 'mve'],
    [-31, 'mve'],
  ] as const) {
    // with 4096 weights of 1 and a factor of 2^-31, outputs are 0 whatever comes, and the shift does not count
    const changes = { shift: Int8Array.of(shift), multiplier: Int32Array.of(2 ** 30) }
    t.equal(setOf(conv(changes, 4096)), set, `${shift}`)
  }
  const constant = { weights: new Int8Array(32), shift: Int8Array.of(0) }
  t.equal(setOf(conv(constant)), 'mve', 'a channel that always gives the same needs no scaling')
  t.end()
})

t.test('what lies below the zero point is cut off: the faster scaling is exact', (t) => {
  const relu = (clamp: number) => chooseKernel(conv({ clamp_min: clamp }), BALANCED).request.fields['relu']
  t.same([relu(-6), relu(-5), relu(3)], [0, 1, 1])
  t.end()
})

t.test('a depthwise convolution has a strip for each of 16 channels, and reads 16 taps of its last window', (t) => {
  t.match(chooseKernel(depthwise(8), BALANCED), { set: 'mve', scratchBytes: 8 * 6 * 3 + 16 })
  t.match(chooseKernel(depthwise(20), BALANCED), { set: 'mve', scratchBytes: 16 * 6 * 3 + 16 })
  t.match(chooseKernel(depthwise(8), { set: 'mve', goal: 'ram' }), { set: 'portable', scratchBytes: 0 })
  t.equal(setOf(depthwise(3)), 'portable', 'four channels at least')
  t.equal(setOf(depthwise(8, { depth_multiplier: 2 })), 'portable')
  t.end()
})

t.test('a depthwise convolution of one channel is a convolution', (t) => {
  const filter = { filter_height: 2, filter_width: 1, input_channels: 1, output_channels: 3, depth_multiplier: 3 }
  const weights = Int8Array.of(1, 2, 3, 4, 5, 6)
  const fields = { ...WINDOW, ...filter, ...SCALING, ...LIMITS, weights, bias: new Int32Array(3) }
  const { request, set } = chooseKernel({ family: 'depthwise_conv_2d', type: 's8', fields, reads: [0] }, BALANCED)
  t.equal(set, 'mve')
  t.equal(request.family, 'conv_2d')
  t.same(request.fields['weights'], Int8Array.of(1, 4, 2, 5, 3, 6))
  t.end()
})

t.test('a dense layer takes its input in any pieces, channel by channel', (t) => {
  const fields = {
    ...{ ...SCALING, ...LIMITS, rows: 1, inputs: 15, outputs: 9 },
    weights: new Int8Array(135).fill(127),
    bias: new Int32Array(9),
  }
  const request: KernelRequest = { family: 'fully_connected', type: 's8', fields, reads: [0] }
  t.match(chooseKernel(request, BALANCED), { set: 'mve', scratchBytes: 0, request: { fields: { blocks: 2 } } })
  t.match(chooseAccumulator(request, 5, BALANCED), { set: 'mve', request: { fields: { blocks: 0 } } })
  const large = { ...request, fields: { ...fields, shift: Int8Array.of(0) } }
  t.match(chooseKernel(large, BALANCED), { set: 'portable' })
  t.match(chooseAccumulator(large, 5, BALANCED), { set: 'portable' })
  t.end()
})

t.test('operands of a sum are scaled by a half at most', (t) => {
  const sum = (changes: Record<string, number>): KernelRequest => ({
    family: 'add',
    type: 's8',
    fields: { multiplier_1: 2 ** 30, shift_1: 0, multiplier_2: 2 ** 30, shift_2: -3, output_shift: -18, ...changes },
    reads: [0, 1],
  })
  t.equal(setOf(sum({})), 'mve')
  t.equal(setOf(sum({ multiplier_1: 2 ** 30 + 1 })), 'portable')
  t.equal(setOf(sum({ output_shift: 0 })), 'portable')
  const mul = (shift: number): KernelRequest => ({ family: 'mul', type: 's8', fields: { shift }, reads: [0, 1] })
  t.same([setOf(mul(-1)), setOf(mul(0))], ['mve', 'portable'])
  t.end()
})
