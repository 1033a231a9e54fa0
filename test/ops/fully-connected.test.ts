import t from 'tap'
import type { Tensor } from '../../src/ir/index.js'
import { fullyConnected, type FullyConnectedOptions } from '../../src/ops/fully-connected.js'
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

const options: FullyConnectedOptions = { activation: 'NONE', weightsFormat: 0 }
const of = (shape: readonly number[], description: TensorDescription = {}): Tensor =>
  tensor({ shape, scale: 1, ...description })
const float = (...shape: readonly number[]): Tensor => tensor({ shape, type: 'float32' })
const weightsOf = (shape: readonly number[], values: readonly number[], scale = 1): Tensor =>
  constant(Int8Array.from(values), { shape, scale })
const bias = (values: readonly number[], scale = 1): Tensor => constant(Int32Array.from(values), { scale })

function dense(
  [input, weights, added]: readonly [Tensor, Tensor, Tensor?],
  output: Tensor,
  changes: Partial<FullyConnectedOptions> = {},
): Instance<FullyConnectedOptions> {
  const inputs = added === undefined ? [input, weights] : [input, weights, added]
  return instance(fullyConnected, { inputs, outputs: [output], options: { ...options, ...changes } })
}

const run = (layer: Instance<FullyConnectedOptions>, ...values: readonly number[]): readonly number[] =>
  evaluated(fullyConnected, layer, [Int8Array.from(values)])

const weights = weightsOf([2, 3], [1, 2, 3, -1, 0, 10])

t.test('multiplies each row of the input with each row of the weights', (t) => {
  t.same(run(dense([of([1, 3]), weights], of([1, 2])), 1, 2, 3), [14, 29])
  t.same(run(dense([of([2, 3]), weights, bias([100, -100])], of([2, 2])), 1, 2, 3, -1, 0, 1), [114, -71, 102, -89])
  t.end()
})

t.test('takes an input of any rank as rows', (t) => {
  t.same(run(dense([of([3]), weights], of([2])), 1, 2, 3), [14, 29])
  t.same(run(dense([of([1, 3, 1, 2]), weights], of([2, 2])), 1, 2, 3, -1, 0, 1), [14, 29, 2, 11])
  t.same(run(dense([of([2, 1, 3]), weights], of([2, 1, 2])), 1, 2, 3, -1, 0, 1), [14, 29, 2, 11])
  const scalar = dense([of([]), weightsOf([2, 1], [3, 4])], of([1, 2]))
  t.same(run(scalar, 5), [15, 20])
  t.same(brokenRules(fullyConnected, scalar), [])
  t.end()
})

t.test('scales by input * weights / output, rounding twice', (t) => {
  const scaled = (output: number): readonly number[] =>
    run(dense([of([4, 1], { scale: 0.5 }), weightsOf([1, 1], [1], 0.5)], of([4, 1], { scale: output })), 3, -3, 6, -6)
  t.same(scaled(0.5), [2, -1, 3, -3], 'a half goes up as the multiplier is applied')
  t.same(scaled(1), [1, -1, 2, -2], 'and away from zero as it is shifted')
  t.same(scaled(0.0625), [12, -12, 24, -24], 'factors may be above 1')
  t.end()
})

t.test('every output may have a scale of its own', (t) => {
  const quantization = { scales: [1, 0.5], zeroPoints: [0, 0], dimension: 0 }
  const perOutput = constant(Int8Array.of(4, 3), { shape: [2, 1], quantization })
  const layer = dense([of([1, 1]), perOutput, bias([0, 2], 77)], of([1, 2]))
  t.same(run(layer, 6), [24, 10])
  t.same(brokenRules(fullyConnected, layer), [], 'the scale of the bias is not looked at then')
  t.end()
})

t.test('multiplies the scales in double', (t) => {
  const third = Math.fround(1 / 3)
  t.not(Math.fround(third * third), third * third)
  const layer = (scales: readonly number[]): Instance<FullyConnectedOptions> => {
    const quantization = { scales, zeroPoints: scales.map(() => 0), dimension: 0 }
    const rows = constant(
      Int8Array.from(scales, () => 1),
      { shape: [scales.length, 1], quantization },
    )
    return dense([of([1, 1], { scale: third }), rows], of([1, scales.length], { scale: 1 }))
  }
  const multiplier = (scales: readonly number[]): unknown => lowered(fullyConnected, layer(scales)).fields['multiplier']
  // 1/9 is 0.888... * 2^-3
  for (const scales of [[third], [third, third]])
    t.same(multiplier(scales), Int32Array.of(Math.round(third * third * 2 ** 34)))
  t.end()
})

t.test('gives the same once the zero point is folded into the bias', (t) => {
  for (const [zeroPoint, zero] of [
    [-128, 127],
    [127, -128],
    [-5, 9],
  ] as const) {
    const input = of([2, 3], { zeroPoint })
    const layer = dense(
      [input, weightsOf([2, 3], [1, -128, 3, 127, 0, 10]), bias([2 ** 31 - 1, -40])],
      of([2, 2], { scale: 90, zeroPoint: zero }),
    )
    const values = [-128, 127, 3, 0, -77, 50]
    t.same(run(folded(fullyConnected, layer), ...values), run(layer, ...values), `zero points ${zeroPoint}, ${zero}`)
  }
  const layer = dense([of([1, 3], { zeroPoint: 10 }), weights], of([1, 2], { zeroPoint: -3 }))
  t.same(fullyConnected.foldedBias?.(layer), Int32Array.of(-60, -90))
  t.same(run(layer, 10, 10, 10), [-3, -3])
  t.same(run(layer, 11, 12, 10), [2, -4])
  t.end()
})

t.test('accumulators wrap modulo 2^32', (t) => {
  const layer = dense(
    [of([1, 1]), weightsOf([2, 1], [1, -1]), bias([2 ** 31 - 1, -(2 ** 31)])],
    of([1, 2], { scale: 2 ** 24 }),
  )
  t.same(run(layer, 0), [127, -128])
  t.same(run(layer, 1), [-128, 127])
  t.end()
})

t.test('limits the output to the activation', (t) => {
  const limited = (changes: Partial<FullyConnectedOptions>): readonly number[] =>
    run(dense([of([4, 1]), weightsOf([1, 1], [1])], of([4, 1], { scale: 0.5, zeroPoint: -2 }), changes), -3, 0, 2, 30)
  t.same(limited({ activation: 'RELU' }), [-2, -2, 2, 58])
  t.same(limited({ activation: 'RELU6' }), [-2, -2, 2, 10])
  t.same(limited({ activation: 'RELU_N1_TO_1' }), [-4, -2, 0, 0])
  t.same(limited({ clamp: { min: -5, max: 1 } }), [-5, -2, 1, 1])
  t.end()
})

t.test('float32: the bias comes last', (t) => {
  const real = constant(Float32Array.of(0.5, 2, 1, -1), { shape: [2, 2] })
  const values = Float32Array.of(4, 1, -2, 0)
  t.same(evaluated(fullyConnected, dense([float(2, 2), real], float(2, 2)), [values]), [4, 3, -1, -2])
  const biased = dense([float(2, 2), real, constant(Float32Array.of(0.25, 0))], float(2, 2), { activation: 'RELU' })
  t.same(evaluated(fullyConnected, biased, [values]), [4.25, 3, 0, 0])
  t.end()
})

t.test('takes its input row by row', (t) => {
  const vectors = { kind: 'vectors', input: 3, output: 2 }
  t.match(fullyConnected.dataFlow(dense([of([4, 3]), weights, bias([0, 0])], of([4, 2]))), {
    inputs: [vectors, { kind: 'whole' }, { kind: 'whole' }],
    inPlace: [],
    lanewise: false,
    accumulates: true,
  })
  t.equal(fullyConnected.macs?.(dense([of([4, 3]), weights], of([4, 2]))), 24)
  t.end()
})

t.test('asks for its kernel with everything that it knows', (t) => {
  const layer = dense([of([4, 3], { scale: 0.5 }), weights, bias([11, 12], 0.5)], of([4, 2], { zeroPoint: 3 }), {
    activation: 'RELU',
  })
  const request = lowered(fullyConnected, layer)
  t.match(request, { family: 'fully_connected', type: 's8', reads: [0] })
  t.same(request.fields, {
    rows: 4,
    inputs: 3,
    outputs: 2,
    weights: Int8Array.of(1, 2, 3, -1, 0, 10),
    bias: Int32Array.of(11, 12),
    multiplier: Int32Array.of(2 ** 30),
    shift: Int8Array.of(0),
    channel_step: 0,
    output_zero_point: 3,
    clamp_min: 3,
    clamp_max: 127,
  })
  const real = dense([float(1, 1), constant(Float32Array.of(2), { shape: [1, 1] })], float(1, 1))
  t.match(lowered(fullyConnected, real), { family: 'fully_connected', type: 'f32', fields: { rows: 1 } })
  t.end()
})

t.test('reads its options', (t) => {
  t.same(fullyConnected.parse(optionsTable({})), options)
  t.same(fullyConnected.parse(optionsTable({ 0: 1, 1: 1 })), { activation: 'RELU', weightsFormat: 1 })
  t.end()
})

t.test('refuses what it does not compute, each thing once', (t) => {
  const [input, output] = [of([1, 3]), of([1, 2])]
  const broken = (
    inputs: readonly (Tensor | undefined)[],
    result: Tensor,
    changes: Partial<FullyConnectedOptions> = {},
  ): readonly string[] =>
    brokenRules(
      fullyConnected,
      instance(fullyConnected, { inputs, outputs: [result], options: { ...options, ...changes } }),
    )
  t.same(broken([input, weights, bias([0, 0])], output), [])
  t.same(broken([input, weights, undefined], output), [])
  t.same(broken([input], output), ['The operator has 2 to 3 inputs and 1 output'])
  t.same(broken([{ ...input, type: 'int16' }, weights], output), ['The input is int8 or float32'])
  t.same(broken([input, weights], { ...output, type: 'float32' }), ['Input and output have the same type'])
  const { data: _, ...computed } = weights
  t.same(broken([input, computed], output), ['The weights is a constant'])
  t.same(broken([input, weights, tensor({ type: 'int32', shape: [2] })], output), ['The bias is a constant'])
  t.same(broken([input, weightsOf([6], [1, 2, 3, 4, 5, 6])], output), ['The weights has 2 dimensions'])
  t.same(broken([input, weights], output, { weightsFormat: 1 }), ['Weights are stored in the default format'])
  t.same(broken([tensor({ shape: [1, 3] }), weights], output), [
    'int8 activations are quantized per tensor, with one scale and one zero point',
  ])
  const rows = 'The input is rows of as many elements as the weights have columns, and gives as many rows of outputs'
  t.same(broken([of([1, 4]), weights], output), [rows])
  t.same(broken([of([2, 3]), weights], output), [rows])
  t.same(broken([of([2, 3]), weights], of([2, 1, 2, 1])), [rows])
  t.same(broken([input, weights], output, { activation: 'TANH' }), [
    'The fused activation is NONE, RELU, RELU_N1_TO_1 or RELU6',
  ])
  const scale =
    'The scale of the bias is the product of the scales of input and weights, within 2 % of the output scale'
  t.same(broken([input, weights, bias([0, 0], 1.021)], output), [scale])
  t.same(broken([input, weights, bias([0, 0], 1.019)], output), [])
  t.same(broken([input, weights], of([1, 2], { scale: 2 ** -30 })), [
    'Scales of input, weights and output give a factor below 2^30',
  ])
  t.end()
})
