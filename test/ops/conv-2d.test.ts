import t from 'tap'
import type { Tensor } from '../../src/ir/index.js'
import { conv2d, type Conv2dOptions } from '../../src/ops/conv-2d.js'
import type { Instance } from '../../src/ops/index.js'
import {
  brokenRules,
  constant,
  evaluated,
  folded,
  instance,
  lowered,
  optionsTable,
  tensor,
  type TensorDescription,
} from '../support/instances.js'

const options: Conv2dOptions = {
  padding: 'VALID',
  strideHeight: 1,
  strideWidth: 1,
  dilationHeight: 1,
  dilationWidth: 1,
  activation: 'NONE',
}

const of = (shape: readonly number[], description: TensorDescription = {}): Tensor =>
  tensor({ shape, scale: 1, ...description })
const float = (...shape: readonly number[]): Tensor => tensor({ shape, type: 'float32' })
const filter = (shape: readonly number[], values: readonly number[], scale = 1): Tensor =>
  constant(Int8Array.from(values), { shape, scale })
const bias = (...values: readonly number[]): Tensor => constant(Int32Array.from(values))

function conv(
  [input, weights, added]: readonly [Tensor, Tensor, Tensor?],
  output: Tensor,
  changes: Partial<Conv2dOptions> = {},
): Instance<Conv2dOptions> {
  const inputs = added === undefined ? [input, weights] : [input, weights, added]
  return instance(conv2d, { inputs, outputs: [output], options: { ...options, ...changes } })
}

const square = of([1, 3, 3, 1])
const digits = Int8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9)
const ones = filter([1, 2, 2, 1], [1, 1, 1, 1])

t.test('adds the products of a filter and each window to the bias', (t) => {
  const diagonal = filter([1, 2, 2, 1], [1, 0, 0, -2])
  // 1 - 2 * 5, 2 - 2 * 6, 4 - 2 * 8, 5 - 2 * 9
  t.same(evaluated(conv2d, conv([square, diagonal], of([1, 2, 2, 1])), [digits]), [-9, -10, -12, -13])
  t.same(evaluated(conv2d, conv([square, diagonal, bias(10)], of([1, 2, 2, 1])), [digits]), [1, 0, -2, -3])
  t.end()
})

t.test('every output channel has a filter over all input channels', (t) => {
  const filters = filter([2, 1, 1, 2], [1, 1, 10, -1])
  const layer = conv([of([1, 1, 2, 2]), filters, bias(0, 100)], of([1, 1, 2, 2]))
  t.same(evaluated(conv2d, layer, [Int8Array.of(1, 2, 3, 4)]), [3, 108, 7, 126])
  t.end()
})

t.test('a group of output channels reads its group of input channels alone', (t) => {
  const filters = filter([4, 1, 1, 1], [1, 2, 3, 4])
  const layer = conv([of([1, 1, 2, 2]), filters], of([1, 1, 2, 4]))
  t.same(evaluated(conv2d, layer, [Int8Array.of(1, 10, -1, 20)]), [1, 2, 30, 40, -1, -2, 60, 80])
  t.same(brokenRules(conv2d, layer), [])
  const pairs = conv([of([1, 1, 1, 4]), filter([2, 1, 1, 2], [1, 2, 3, 4])], of([1, 1, 1, 2]))
  t.same(evaluated(conv2d, pairs, [Int8Array.of(1, 1, 5, 6)]), [3, 39])
  t.end()
})

t.test('images of a batch are apart', (t) => {
  const layer = conv([of([3, 1, 2, 1]), filter([1, 1, 2, 1], [1, 10])], of([3, 1, 1, 1]))
  t.same(evaluated(conv2d, layer, [Int8Array.of(1, 2, 3, 4, 5, 6)]), [21, 43, 65])
  t.end()
})

t.test('SAME pads on both sides, the odd row and column behind', (t) => {
  const same = { padding: 'SAME' } as const
  t.same(evaluated(conv2d, conv([square, ones], square, same), [digits]), [12, 16, 9, 24, 28, 15, 15, 17, 9])
  const strided = conv([square, ones], of([1, 2, 2, 1]), { ...same, strideHeight: 2, strideWidth: 2 })
  t.same(evaluated(conv2d, strided, [digits]), [12, 9, 15, 9])
  const cross = filter([1, 3, 3, 1], [0, 1, 0, 1, 0, 1, 0, 1, 0])
  t.same(evaluated(conv2d, conv([square, cross], square, same), [digits]), [6, 9, 8, 13, 20, 17, 12, 21, 14])
  t.end()
})

t.test('a filter may be larger than the input', (t) => {
  const large = filter(
    [1, 5, 5, 1],
    Array.from({ length: 25 }, (_, i) => i),
  )
  // the pixel lies under the middle of the filter
  const pixel = of([1, 1, 1, 1])
  t.same(evaluated(conv2d, conv([pixel, large], pixel, { padding: 'SAME' }), [Int8Array.of(2)]), [24])
  t.end()
})

t.test('strides and dilations are those of their own axis', (t) => {
  const tall = { strideHeight: 2, strideWidth: 1 }
  t.same(
    evaluated(conv2d, conv([square, filter([1, 1, 2, 1], [1, 1])], of([1, 2, 2, 1]), tall), [digits]),
    [3, 5, 15, 17],
  )
  const row = of([1, 1, 5, 1])
  const apart = conv([row, filter([1, 1, 2, 1], [10, 1])], of([1, 1, 2, 1]), { dilationWidth: 3 })
  t.same(evaluated(conv2d, apart, [digits.subarray(0, 5)]), [14, 25])
  const beyond = conv([row, filter([1, 1, 3, 1], [10, 1, 20])], row, { padding: 'SAME', dilationWidth: 7 })
  t.same(evaluated(conv2d, beyond, [digits.subarray(0, 5)]), [1, 2, 3, 4, 5], 'only the middle tap is inside')
  t.end()
})

t.test('scales by input * weights / output, rounding twice', (t) => {
  const row = of([1, 1, 4, 1], { scale: 0.5 })
  const scaled = (output: number): readonly number[] =>
    evaluated(conv2d, conv([row, filter([1, 1, 1, 1], [1], 0.5)], of([1, 1, 4, 1], { scale: output })), [
      Int8Array.of(3, -3, 6, -6),
    ])
  t.same(scaled(0.5), [2, -1, 3, -3], 'a half goes up as the multiplier is applied')
  t.same(scaled(1), [1, -1, 2, -2], 'and away from zero as it is shifted')
  t.same(scaled(0.0625), [12, -12, 24, -24], 'factors may be above 1')
  t.same(scaled(2 ** 40), [0, 0, 0, 0], 'or vanish')
  t.end()
})

t.test('every output channel may have a scale of its own', (t) => {
  const quantization = { scales: [1, 0.5, 8], zeroPoints: [0, 0, 0], dimension: 0 }
  const weights = constant(Int8Array.of(4, 4, 4), { shape: [3, 1, 1, 1], quantization })
  const layer = conv([of([1, 1, 1, 1]), weights, bias(0, 2, 0)], of([1, 1, 1, 3]))
  t.same(evaluated(conv2d, layer, [Int8Array.of(3)]), [12, 7, 96])
  t.same(brokenRules(conv2d, layer), [])
  t.end()
})

t.test('takes the zero point off the input and puts that of the output on', (t) => {
  for (const [zeroPoint, zero] of [
    [-128, -128],
    [127, 127],
    [-3, 40],
  ] as const) {
    const row = of([1, 1, 2, 1], { zeroPoint })
    const output = of([1, 1, 2, 1], { zeroPoint: zero })
    const layer = conv([row, filter([1, 1, 2, 1], [5, -7])], output, { padding: 'SAME' })
    const inward = zeroPoint > 0 ? -1 : 1
    const limited = (value: number): number => Math.max(-128, Math.min(127, value + zero))
    // zero and one: 0 * 5 - 1 * 7, then 1 * 5 with padding behind
    const expected = [limited(-7 * inward), limited(5 * inward)]
    const values = Int8Array.of(zeroPoint, zeroPoint + inward)
    t.same(evaluated(conv2d, layer, [values]), expected, `zero points ${zeroPoint} and ${zero}`)
  }
  t.end()
})

t.test('gives the same once the zero point is folded into the bias: padding reads the zero point', (t) => {
  for (const zeroPoint of [-128, -3, 127]) {
    const input = of([2, 3, 3, 2], { zeroPoint })
    const weights = filter([2, 2, 2, 2], [1, -2, 3, -4, 5, -128, 7, 8, 127, 2, -3, 4, -5, 6, 0, 1])
    const layer = conv([input, weights, bias(2 ** 31 - 1, -50)], of([2, 3, 3, 2], { scale: 40, zeroPoint: 7 }), {
      padding: 'SAME',
    })
    const values = Int8Array.from({ length: 36 }, (_, i) => ((i * 37) % 256) - 128)
    t.same(evaluated(conv2d, folded(conv2d, layer), [values]), evaluated(conv2d, layer, [values]))
  }
  const layer = conv(
    [of([1, 1, 1, 2], { zeroPoint: 10 }), filter([2, 1, 1, 2], [1, 2, 3, -4]), bias(7, 8)],
    of([1, 1, 1, 2]),
  )
  t.same(conv2d.foldedBias?.(layer), Int32Array.of(7 - 30, 8 + 10))
  t.end()
})

t.test('accumulators wrap modulo 2^32', (t) => {
  const pixel = of([1, 1, 1, 1])
  const output = of([1, 1, 1, 1], { scale: 2 ** 24 })
  const most = conv([pixel, filter([1, 1, 1, 1], [1]), bias(2 ** 31 - 1)], output)
  t.same(evaluated(conv2d, most, [Int8Array.of(0)]), [127])
  t.same(evaluated(conv2d, most, [Int8Array.of(1)]), [-128])
  const shifted = conv([pixel, filter([1, 1, 1, 1], [0]), bias(2 ** 21)], of([1, 1, 1, 1], { scale: 2 ** -10 }))
  t.same(evaluated(conv2d, shifted, [Int8Array.of(0)]), [0], 'so do left shifts: 2^21 * 2^11')
  const nearly = filter([1, 1, 1, 1], [0], 1 - 2 ** -31)
  const full = conv([pixel, nearly, bias(2 ** 31 - 1)], of([1, 1, 1, 1], { zeroPoint: 127 }))
  t.same(evaluated(conv2d, full, [Int8Array.of(0)]), [-128], 'and adding the zero point')
  t.end()
})

t.test('limits the output to the activation', (t) => {
  const row = of([1, 1, 4, 1])
  const limited = (changes: Partial<Conv2dOptions>): readonly number[] =>
    evaluated(
      conv2d,
      conv([row, filter([1, 1, 1, 1], [1])], of([1, 1, 4, 1], { scale: 0.5, zeroPoint: -2 }), changes),
      [Int8Array.of(-3, 0, 2, 30)],
    )
  t.same(limited({ activation: 'NONE' }), [-8, -2, 2, 58])
  t.same(limited({ activation: 'RELU' }), [-2, -2, 2, 58])
  t.same(limited({ activation: 'RELU6' }), [-2, -2, 2, 10])
  t.same(limited({ activation: 'RELU_N1_TO_1' }), [-4, -2, 0, 0])
  t.same(limited({ clamp: { min: -5, max: 1 } }), [-5, -2, 1, 1], 'or to a range that a pass moved here')
  t.end()
})

t.test('float32: padding adds nothing, the bias comes last', (t) => {
  const weights = constant(Float32Array.of(0.5, 2), { shape: [1, 1, 2, 1] })
  const row = float(1, 1, 3, 1)
  const values = Float32Array.of(1, -2, 4)
  t.same(evaluated(conv2d, conv([row, weights], row, { padding: 'SAME' }), [values]), [-3.5, 7, 2])
  const biased = conv([row, weights, constant(Float32Array.of(0.25))], row, { padding: 'SAME', activation: 'RELU6' })
  t.same(evaluated(conv2d, biased, [values]), [0, 6, 2.25])
  const sums = constant(Float32Array.of(1, 1), { shape: [1, 1, 2, 1] })
  const [sum] = evaluated(conv2d, conv([float(1, 1, 2, 1), sums], float(1, 1, 1, 1)), [Float32Array.of(2 ** 24, 1)])
  t.equal(sum, 2 ** 24, 'sums are rounded to float32')
  t.end()
})

t.test('an output row needs the rows of its window, the filter and the bias', (t) => {
  const layer = conv([of([1, 7, 6, 1]), filter([1, 3, 2, 1], [1, 2, 3, 4, 5, 6]), bias(0)], of([1, 4, 6, 1]), {
    padding: 'SAME',
    strideHeight: 2,
    dilationWidth: 3,
  })
  t.match(conv2d.dataFlow(layer), {
    inputs: [
      {
        kind: 'window',
        rows: { size: 3, stride: 2, dilation: 1, before: 1 },
        columns: { size: 2, stride: 1, dilation: 3, before: 1 },
      },
      { kind: 'whole' },
      { kind: 'whole' },
    ],
    inPlace: [],
    lanewise: false,
    accumulates: false,
  })
  t.match(conv2d.dataFlow(conv([square, filter([1, 3, 3, 1], [...digits])], of([1, 1, 1, 1]))), { accumulates: true })
  t.end()
})

t.test('counts the multiplications by weights', (t) => {
  t.equal(conv2d.macs?.(conv([square, ones], of([1, 2, 2, 1]))), 16)
  t.equal(conv2d.macs?.(conv([of([1, 1, 2, 2]), filter([4, 1, 1, 1], [1, 2, 3, 4])], of([1, 1, 2, 4]))), 8, 'in groups')
  t.end()
})

t.test('asks for its kernel with everything that it knows', (t) => {
  const input = of([2, 3, 4, 2], { scale: 0.5, zeroPoint: -9 })
  const weights = filter([2, 2, 1, 2], [1, 2, 3, 4, 5, 6, 7, 8], 0.25)
  const output = of([2, 3, 2, 2], { scale: 1, zeroPoint: 3 })
  const layer = conv([input, weights, bias(11, 12)], output, {
    padding: 'SAME',
    strideWidth: 2,
    dilationHeight: 2,
    activation: 'RELU',
  })
  const request = lowered(conv2d, layer)
  t.match(request, { family: 'conv_2d', type: 's8', reads: [0] })
  t.same(request.fields, {
    batches: 2,
    input_height: 3,
    input_width: 4,
    input_channels: 2,
    output_height: 3,
    output_width: 2,
    output_channels: 2,
    filter_height: 2,
    filter_width: 1,
    stride_height: 1,
    stride_width: 2,
    dilation_height: 2,
    dilation_width: 1,
    padding_top: 1,
    padding_left: 0,
    weights: Int8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
    bias: Int32Array.of(11, 12),
    multiplier: Int32Array.of(2 ** 30),
    shift: Int8Array.of(-2),
    channel_step: 0,
    padding_value: -9,
    output_zero_point: 3,
    clamp_min: 3,
    clamp_max: 127,
  })
  const real = conv([float(1, 1, 1, 1), constant(Float32Array.of(2), { shape: [1, 1, 1, 1] })], float(1, 1, 1, 1))
  const { family, type, fields } = lowered(conv2d, real)
  t.same(
    [family, type, fields['bias']],
    ['fully_connected', 'f32', Float32Array.of(0)],
    'a bias that is left out is zeros',
  )
  t.notOk('multiplier' in fields)
  t.end()
})

t.test('groups have a kernel of their own', (t) => {
  const layer = conv(
    [
      of([1, 1, 2, 4]),
      filter(
        [6, 1, 1, 2],
        Array.from({ length: 12 }, () => 1),
      ),
    ],
    of([1, 1, 2, 6]),
  )
  const fields = { group_inputs: 2, group_outputs: 3, input_channels: 4, output_channels: 6 }
  t.match(lowered(conv2d, layer), { family: 'grouped_conv_2d', type: 's8', fields })
  t.end()
})

t.test('reads its options, dilations being 1 where they are left out', (t) => {
  t.same(conv2d.parse(optionsTable({ 0: 1, 1: 2, 2: 3, 3: 1 })), {
    ...options,
    strideWidth: 2,
    strideHeight: 3,
    activation: 'RELU',
  })
  t.match(conv2d.parse(optionsTable({ 4: 5, 5: 6 })), { padding: 'SAME', dilationWidth: 5, dilationHeight: 6 })
  t.end()
})

t.test('refuses what it does not compute, each thing once', (t) => {
  const [input, weights, added, output] = [square, ones, bias(0), of([1, 2, 2, 1])]
  const broken = (
    inputs: readonly (Tensor | undefined)[],
    result: Tensor,
    changes: Partial<Conv2dOptions> = {},
  ): readonly string[] =>
    brokenRules(conv2d, instance(conv2d, { inputs, outputs: [result], options: { ...options, ...changes } }))
  t.same(broken([input, weights, added], output), [])
  t.same(broken([input, weights, undefined], output), [], 'a bias may be left out')
  t.same(broken([input], output), ['The operator has 2 to 3 inputs and 1 output'])
  t.same(broken([{ ...input, type: 'int16' }, weights], output), ['The input is int8 or float32'])
  t.same(broken([input, weights], { ...output, type: 'float32' }), ['Input and output have the same type'])
  const { data: _, ...computed } = weights
  t.same(broken([input, computed], output), ['The filter is a constant'])
  t.same(broken([input, weights, tensor({ type: 'int32', shape: [1] })], output), ['The bias is a constant'])
  t.same(broken([of([3, 3, 1]), weights], output), ['The input has 4 dimensions'])
  t.same(broken([input, filter([2, 2], [1, 2, 3, 4])], output), ['The filter has 4 dimensions'])
  t.same(broken([input, weights], output, { padding: 'UNKNOWN' }), ['The padding is SAME or VALID'])
  const steps = ['Strides and dilations are from 1 to 32767']
  t.same(broken([input, weights], output, { strideHeight: 0 }), steps)
  t.same(broken([input, weights], output, { dilationWidth: 32768 }), steps)
  const undivided =
    'The filter has all input channels, or those of one of several groups that inputs and outputs divide into'
  t.same(broken([of([1, 3, 3, 2]), filter([1, 2, 2, 3], Array.from(new Int8Array(12)))], output), [undivided])
  t.same(broken([of([1, 3, 3, 2]), weights], output), [undivided], 'one output for two groups')
  t.same(broken([tensor({ shape: [1, 3, 3, 1] }), weights], output), [
    'int8 activations are quantized per tensor, with one scale and one zero point',
  ])
  t.same(broken([input, weights], square), ['The output has the shape that the operator computes'])
  t.same(broken([input, weights], output, { activation: 'TANH' }), [
    'The fused activation is NONE, RELU, RELU_N1_TO_1 or RELU6',
  ])
  const factor = 'Scales of input, weights and output give a factor below 2^30'
  t.same(broken([input, weights], of([1, 2, 2, 1], { scale: 2 ** -30 })), [factor])
  t.same(broken([input, weights], of([1, 2, 2, 1], { scale: 2 ** -29 })), [])
  t.end()
})
