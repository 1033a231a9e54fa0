import t from 'tap'
import { layOut } from '../../src/packing/index.js'
import { chooseKernel } from '../../src/select/index.js'

const window = {
  ...{ batches: 1, input_height: 2, input_width: 2, input_channels: 1, output_height: 2, output_width: 2 },
  ...{ output_channels: 2, filter_height: 1, filter_width: 2, stride_height: 1, stride_width: 1 },
  ...{ dilation_height: 1, dilation_width: 1, padding_top: 0, padding_left: 0 },
}
const fields = {
  ...window,
  weights: Int8Array.of(1, 2, 3, -4),
  bias: Int32Array.of(100, -200),
  multiplier: Int32Array.of(2 ** 30),
  shift: Int8Array.of(-3),
  channel_step: 0,
  padding_value: 5,
}

const laidOut = (family: string, given: typeof fields): object =>
  layOut({ request: { family, type: 's8', reads: [0], fields: given }, set: 'cmsis_nn', scratchBytes: 0 })

t.test('a padded convolution has its bias back without the zero point, and the offset that pads with it', async (t) => {
  // one column behind the input; sums of weights are 3 and -1
  const padded = laidOut('conv_2d', fields)
  t.match(padded, { input_offset: -5, bias: Int32Array.of(100 + 5 * 3, -200 + 5 * -1) })
  // of a depthwise one, channels lie innermost: 1 + 3 and 2 - 4
  t.match(laidOut('depthwise_conv_2d', fields), { bias: Int32Array.of(100 + 5 * 4, -200 + 5 * -2) })
})

t.test('without padding the bias stays as it is, and there is no offset', async (t) => {
  const plain = laidOut('conv_2d', { ...fields, output_width: 1 })
  t.match(plain, { input_offset: 0, bias: Int32Array.of(100, -200) })
})

t.test('every channel has a multiplier and a shift, in int32', async (t) => {
  const { multiplier, shift } = laidOut('conv_2d', fields) as Readonly<Record<string, unknown>>
  t.same(multiplier, Int32Array.of(2 ** 30, 2 ** 30))
  t.same(shift, Int32Array.of(-3, -3))
  t.notMatch(laidOut('conv_2d', fields), { channel_step: Number, padding_value: Number })
})

t.test('a bias wraps modulo 2^32, as accumulators do', async (t) => {
  const wrapping = laidOut('conv_2d', { ...fields, bias: Int32Array.of(2 ** 31 - 1, 0) })
  t.match(wrapping, { bias: Int32Array.of(-(2 ** 31) + 14, -5) })
})

t.test('a softmax has what its table was made from instead of it', async (t) => {
  const scaling = { multiplier: 2 ** 30, shift: 20, difference_min: -39 }
  const several = { rows: 2, depth: 3, exponentials: new Int32Array(40), entries: 40 }
  const request = { family: 'softmax', type: 's8', reads: [0], fields: { ...several, ...scaling } }
  t.same(layOut({ request, set: 'cmsis_nn', scratchBytes: 0 }), { rows: 2, depth: 3, ...scaling })
  t.same(layOut({ request, set: 'portable', scratchBytes: 0 }), several)
  const two = { rows: 2, distances: new Uint8Array(30), entries: 30 }
  const binary = { ...request, family: 'binary_softmax', fields: { ...two, ...scaling } }
  t.same(layOut({ request: binary, set: 'portable', scratchBytes: 0 }), two)
  const choice = chooseKernel(binary, { set: 'cmsis_nn', goal: 'balanced' })
  t.same(layOut(choice), { rows: 2, depth: 2, ...scaling }, 'it takes two elements as any number')
})
