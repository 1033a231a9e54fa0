import t from 'tap'
import type { Tensor } from '../../src/ir/index.js'
import { depthwiseConv2d, type DepthwiseConv2dOptions } from '../../src/ops/depthwise-conv-2d.js'
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

const options: DepthwiseConv2dOptions = {
  padding: 'VALID',
  strideHeight: 1,
  strideWidth: 1,
  dilationHeight: 1,
  dilationWidth: 1,
  depthMultiplier: 1,
  activation: 'NONE',
}

const of = (shape: readonly number[], description: TensorDescription = {}): Tensor =>
  tensor({ shape, scale: 1, ...description })
const float = (...shape: readonly number[]): Tensor => tensor({ shape, type: 'float32' })
/** Weights of one filter, channels innermost. */
const filter = (shape: readonly number[], values: readonly number[], scale = 1): Tensor =>
  constant(Int8Array.from(values), { shape, scale })
const bias = (...values: readonly number[]): Tensor => constant(Int32Array.from(values))

function depthwise(
  [input, weights, added]: readonly [Tensor, Tensor, Tensor?],
  output: Tensor,
  changes: Partial<DepthwiseConv2dOptions> = {},
): Instance<DepthwiseConv2dOptions> {
  const inputs = added === undefined ? [input, weights] : [input, weights, added]
  return instance(depthwiseConv2d, { inputs, outputs: [output], options: { ...options, ...changes } })
}

const run = (layer: Instance<DepthwiseConv2dOptions>, ...values: readonly number[]): readonly number[] =>
  evaluated(depthwiseConv2d, layer, [Int8Array.from(values)])

t.test('every channel has a filter of its own', (t) => {
  const weights = filter([1, 1, 2, 2], [1, 10, 2, 20])
  // channel 0 is 1, 2, 3; channel 1 is -1, -2, -3
  const layer = depthwise([of([1, 1, 3, 2]), weights, bias(0, 5)], of([1, 1, 2, 2]))
  t.same(run(layer, 1, -1, 2, -2, 3, -3), [5, -45, 8, -75])
  t.end()
})

t.test('a depth multiplier of 3 makes three output channels of each input channel, side by side', (t) => {
  const weights = filter([1, 1, 1, 6], [1, 2, 3, 4, 5, 6])
  const layer = depthwise([of([1, 1, 2, 2]), weights], of([1, 1, 2, 6]), { depthMultiplier: 3 })
  t.same(run(layer, 1, 10, -1, 0), [1, 2, 3, 40, 50, 60, -1, -2, -3, 0, 0, 0])
  t.same(brokenRules(depthwiseConv2d, layer), [])
  t.end()
})

t.test('images of a batch are apart', (t) => {
  const layer = depthwise([of([3, 1, 2, 1]), filter([1, 1, 2, 1], [1, 10])], of([3, 1, 1, 1]))
  t.same(run(layer, 1, 2, 3, 4, 5, 6), [21, 43, 65])
  t.end()
})

t.test('SAME pads on both sides, the odd row and column behind', (t) => {
  const square = of([1, 3, 3, 1])
  const ones = filter([1, 2, 2, 1], [1, 1, 1, 1])
  const digits = [1, 2, 3, 4, 5, 6, 7, 8, 9]
  t.same(run(depthwise([square, ones], square, { padding: 'SAME' }), ...digits), [12, 16, 9, 24, 28, 15, 15, 17, 9])
  const strided = depthwise([square, ones], of([1, 2, 2, 1]), { padding: 'SAME', strideHeight: 2, strideWidth: 2 })
  t.same(run(strided, ...digits), [12, 9, 15, 9])
  const large = filter(
    [1, 5, 5, 1],
    Array.from({ length: 25 }, (_, i) => i),
  )
  t.same(run(depthwise([of([1, 1, 1, 1]), large], of([1, 1, 1, 1]), { padding: 'SAME' }), 2), [24])
  t.end()
})

t.test('strides and dilations are those of their own axis', (t) => {
  const row = of([1, 1, 5, 1])
  const apart = depthwise([row, filter([1, 1, 2, 1], [10, 1])], of([1, 1, 2, 1]), { dilationWidth: 3 })
  t.same(run(apart, 1, 2, 3, 4, 5), [14, 25])
  const column = depthwise([of([1, 5, 1, 1]), filter([1, 1, 1, 1], [2])], of([1, 2, 1, 1]), { strideHeight: 3 })
  t.same(run(column, 1, 2, 3, 4, 5), [2, 8])
  t.end()
})

t.test('scales each channel by input * weights / output', (t) => {
  const quantization = { scales: [1, 0.5, 8], zeroPoints: [0, 0, 0], dimension: 3 }
  const weights = constant(Int8Array.of(4, 3, -4), { shape: [1, 1, 1, 3], quantization })
  const layer = depthwise([of([1, 1, 1, 3]), weights, bias(0, 2, 0)], of([1, 1, 1, 3]))
  t.same(run(layer, 3, 1, 3), [12, 3, -96])
  t.same(brokenRules(depthwiseConv2d, layer), [])
  const halved = depthwise([of([1, 1, 1, 2]), filter([1, 1, 1, 2], [1, 1], 0.25)], of([1, 1, 1, 2]))
  t.same(run(halved, 6, -6), [2, -2], 'rounded half away from zero')
  t.end()
})

t.test('padding reads the zero point, also once that is folded into the bias', (t) => {
  for (const zeroPoint of [-128, -3, 127]) {
    const input = of([2, 3, 3, 2], { zeroPoint })
    const weights = filter([1, 2, 2, 4], [1, -2, 3, -4, 5, -128, 7, 8, 127, 2, -3, 4, -5, 6, 0, 1])
    const output = of([2, 3, 3, 4], { scale: 20, zeroPoint: -7 })
    const layer = depthwise([input, weights, bias(2 ** 31 - 1, -50, 0, 9)], output, {
      padding: 'SAME',
      depthMultiplier: 2,
    })
    const values = Array.from({ length: 36 }, (_, i) => ((i * 37) % 256) - 128)
    t.same(run(folded(depthwiseConv2d, layer), ...values), run(layer, ...values), `zero point ${zeroPoint}`)
  }
  const zero = depthwise([of([1, 2, 2, 1], { zeroPoint: 127 }), filter([1, 2, 2, 1], [9, 9, 9, 9])], of([1, 2, 2, 1]), {
    padding: 'SAME',
  })
  t.same(run(zero, 127, 127, 127, 127), [0, 0, 0, 0])
  const layer = depthwise(
    [of([1, 1, 1, 2], { zeroPoint: 10 }), filter([1, 1, 1, 2], [3, -4]), bias(7, 8)],
    of([1, 1, 1, 2]),
  )
  t.same(depthwiseConv2d.foldedBias?.(layer), Int32Array.of(7 - 30, 8 + 40))
  t.end()
})

t.test('accumulators wrap modulo 2^32', (t) => {
  const output = of([1, 1, 1, 1], { scale: 2 ** 24 })
  const most = depthwise([of([1, 1, 1, 1]), filter([1, 1, 1, 1], [1]), bias(2 ** 31 - 1)], output)
  t.same(run(most, 0), [127])
  t.same(run(most, 1), [-128])
  t.end()
})

t.test('limits the output to the activation', (t) => {
  const row = of([1, 1, 4, 1])
  const limited = (changes: Partial<DepthwiseConv2dOptions>): readonly number[] =>
    run(
      depthwise([row, filter([1, 1, 1, 1], [1])], of([1, 1, 4, 1], { scale: 0.5, zeroPoint: -2 }), changes),
      -3,
      0,
      2,
      30,
    )
  t.same(limited({ activation: 'RELU' }), [-2, -2, 2, 58])
  t.same(limited({ activation: 'RELU6' }), [-2, -2, 2, 10])
  t.same(limited({ activation: 'RELU_N1_TO_1' }), [-4, -2, 0, 0])
  t.same(limited({ clamp: { min: -5, max: 1 } }), [-5, -2, 1, 1])
  t.end()
})

t.test('float32: padding adds nothing, the bias comes last', (t) => {
  const weights = constant(Float32Array.of(0.5, -1, 2, 4), { shape: [1, 1, 2, 2] })
  const pair = float(1, 1, 2, 2)
  const values = Float32Array.of(1, -2, 4, 8)
  t.same(evaluated(depthwiseConv2d, depthwise([pair, weights], pair, { padding: 'SAME' }), [values]), [8.5, 34, 2, -8])
  const biased = depthwise([pair, weights, constant(Float32Array.of(0.25, 1))], pair, {
    padding: 'SAME',
    activation: 'RELU6',
  })
  t.same(evaluated(depthwiseConv2d, biased, [values]), [6, 6, 2.25, 0])
  t.end()
})

t.test('runs lane by lane unless channels are multiplied', (t) => {
  const layer = depthwise([of([1, 7, 6, 1]), filter([1, 3, 1, 1], [1, 2, 3]), bias(0)], of([1, 3, 6, 1]), {
    strideHeight: 2,
  })
  const rows = { size: 3, stride: 2, dilation: 1, before: 0 }
  t.match(depthwiseConv2d.dataFlow(layer), {
    inputs: [{ kind: 'window', rows }, { kind: 'whole' }, { kind: 'whole' }],
    inPlace: [],
    lanewise: true,
    accumulates: false,
  })
  const doubled = depthwise([of([1, 1, 1, 1]), filter([1, 1, 1, 2], [1, 2])], of([1, 1, 1, 2]), { depthMultiplier: 2 })
  t.match(depthwiseConv2d.dataFlow(doubled), { lanewise: false, accumulates: true })
  t.equal(depthwiseConv2d.macs?.(layer), 54)
  t.equal(depthwiseConv2d.macs?.(doubled), 2)
  t.end()
})

t.test('asks for its kernel with everything that it knows', (t) => {
  const input = of([1, 3, 4, 1], { scale: 0.5, zeroPoint: -9 })
  const quantization = { scales: [0.25, 0.5], zeroPoints: [0, 0], dimension: 3 }
  const weights = constant(Int8Array.of(1, 2, 3, 4), { shape: [1, 2, 1, 2], quantization })
  const layer = depthwise([input, weights, bias(11, 12)], of([1, 3, 4, 2], { zeroPoint: 3 }), {
    padding: 'SAME',
    depthMultiplier: 2,
    activation: 'RELU',
  })
  const request = lowered(depthwiseConv2d, layer)
  t.match(request, { family: 'depthwise_conv_2d', type: 's8', reads: [0] })
  t.match(request.fields, {
    input_channels: 1,
    output_channels: 2,
    filter_height: 2,
    filter_width: 1,
    padding_top: 0,
    padding_left: 0,
    depth_multiplier: 2,
    padding_value: -9,
    output_zero_point: 3,
    clamp_min: 3,
    clamp_max: 127,
    channel_step: 1,
  })
  t.same(request.fields['weights'], Int8Array.of(1, 2, 3, 4))
  t.same(request.fields['bias'], Int32Array.of(11, 12))
  t.same(request.fields['multiplier'], Int32Array.of(2 ** 30, 2 ** 30))
  t.same(request.fields['shift'], Int8Array.of(-2, -1))
  const real = depthwise([float(1, 1, 1, 1), constant(Float32Array.of(2), { shape: [1, 1, 1, 1] })], float(1, 1, 1, 1))
  t.match(lowered(depthwiseConv2d, real), { family: 'depthwise_conv_2d', type: 'f32', fields: { depth_multiplier: 1 } })
  t.end()
})

t.test('reads its options, dilations being 1 where they are left out', (t) => {
  t.same(depthwiseConv2d.parse(optionsTable({ 0: 1, 1: 2, 2: 3, 3: 4, 4: 3 })), {
    ...options,
    strideWidth: 2,
    strideHeight: 3,
    depthMultiplier: 4,
    activation: 'RELU6',
  })
  t.match(depthwiseConv2d.parse(optionsTable({ 5: 5, 6: 6 })), { dilationWidth: 5, dilationHeight: 6 })
  t.end()
})

t.test('refuses what it does not compute, each thing once', (t) => {
  const [input, weights, output] = [of([1, 3, 3, 1]), filter([1, 2, 2, 1], [1, 1, 1, 1]), of([1, 2, 2, 1])]
  const broken = (
    inputs: readonly (Tensor | undefined)[],
    result: Tensor,
    changes: Partial<DepthwiseConv2dOptions> = {},
  ): readonly string[] =>
    brokenRules(
      depthwiseConv2d,
      instance(depthwiseConv2d, { inputs, outputs: [result], options: { ...options, ...changes } }),
    )
  t.same(broken([input, weights, bias(0)], output), [])
  t.same(broken([input, weights], output), [])
  t.same(broken([input, weights, undefined], output), [
    'A bias that is left out does not stand in the list of inputs: TensorFlow Lite Micro fails on it',
  ])
  t.same(broken([input], output), ['The operator has 2 to 3 inputs and 1 output'])
  t.same(broken([{ ...input, type: 'uint8' }, weights], output), ['The input is int8 or float32'])
  t.same(broken([input, weights], { ...output, type: 'float32' }), ['Input and output have the same type'])
  const { data: _, ...computed } = weights
  t.same(broken([input, computed], output), ['The filter is a constant'])
  t.same(broken([input, weights, tensor({ type: 'int32', shape: [1] })], output), ['The bias is a constant'])
  t.same(broken([of([3, 3, 1]), weights], output), ['The input has 4 dimensions'])
  t.same(broken([input, filter([2, 2], [1, 2, 3, 4])], output), ['The filter has 4 dimensions'])
  t.same(broken([input, weights], output, { padding: 'UNKNOWN' }), ['The padding is SAME or VALID'])
  t.same(broken([input, weights], output, { strideWidth: -1 }), ['Strides and dilations are from 1 to 32767'])
  const multiplied = 'The filter has depth_multiplier channels for each input channel'
  t.same(broken([input, weights], output, { depthMultiplier: 2 }), [multiplied])
  t.same(broken([input, filter([2, 2, 1, 1], [1, 2, 3, 4])], output), [multiplied])
  t.same(broken([tensor({ shape: [1, 3, 3, 1] }), weights], output), [
    'int8 activations are quantized per tensor, with one scale and one zero point',
  ])
  t.same(broken([input, weights], input), ['The output has the shape that the operator computes'])
  t.same(broken([input, weights], output, { activation: 'SIGN_BIT' }), [
    'The fused activation is NONE, RELU, RELU_N1_TO_1 or RELU6',
  ])
  const factor = 'Scales of input, weights and output give a factor below 2^30'
  t.same(broken([input, weights], of([1, 2, 2, 1], { scale: 2 ** -30 })), [factor])
  const deep = filter([1, 1, 1, 32768], Array.from(new Int8Array(32768)))
  const wide = { depthMultiplier: 32768 }
  t.same(broken([of([1, 1, 1, 1]), deep], of([1, 1, 1, 32768]), wide), ['The depth multiplier is at most 32767'])
  t.end()
})
