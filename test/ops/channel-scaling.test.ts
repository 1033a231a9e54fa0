import t from 'tap'
import { quantizeMultiplier } from '../../src/ops/arithmetic/quantized-multiplier.js'
import type { Tensor } from '../../src/ir/index.js'
import {
  biasOf,
  type Foldable,
  inputOffsets,
  scaleChannel,
  scaling,
  scalingFields,
  scalingInRange,
  convolutionScaling,
  weightConstraints,
} from '../../src/ops/channel-scaling.js'
import type { Instance } from '../../src/ops/index.js'
import { constant, tensor } from '../support/instances.js'

function weighted(inputs: readonly (Tensor | undefined)[], output: Tensor, options: Foldable = {}): Instance<Foldable> {
  const indices = inputs.map((input, index) => (input === undefined ? -1 : index))
  const operator = { kind: 'W', index: 0, version: 1, inputs: indices, outputs: [inputs.length], options }
  return { operator, options, inputs, outputs: [output] }
}

const perChannel = (...scales: readonly number[]): Tensor =>
  tensor({ shape: [scales.length, 2], quantization: { scales, zeroPoints: scales.map(() => 0), dimension: 0 } })

t.test('a factor for each channel is input * weights / output', (t) => {
  const instance = weighted([tensor({ scale: 0.5 }), perChannel(1, 0.25, 3)], tensor({ scale: 2 }))
  const { multiplier, shift } = convolutionScaling(instance)
  // 1/4 = 0.5 * 2^-1, 1/16 = 0.5 * 2^-3, 3/4 = 0.75 * 2^0
  t.same(multiplier, Int32Array.of(2 ** 30, 2 ** 30, 0.75 * 2 ** 31))
  t.same(shift, Int8Array.of(-1, -3, 0))
  t.end()
})

t.test('equal factors are stored once', (t) => {
  const factors = scaling([2, 2, 2], (scale) => scale / 8)
  t.same(factors, { multiplier: Int32Array.of(2 ** 30), shift: Int8Array.of(-1) })
  t.same(scalingFields(factors), { ...factors, channel_step: 0 })
  t.equal(scalingFields(scaling([1, 2], (scale) => scale))['channel_step'], 1)
  t.same(
    scaling([], (scale) => scale),
    { multiplier: new Int32Array(), shift: new Int8Array() },
  )
  t.end()
})

t.test('a shift that is far too large stays too large', (t) => {
  t.same(scaling([2 ** 200], (scale) => scale).shift, Int8Array.of(127))
  t.equal(quantizeMultiplier(2 ** 200).shift, 201)
  t.end()
})

t.test('scales an accumulator by the factor of its channel', (t) => {
  const factors = scaling([1, 0.5, 4], (scale) => scale)
  t.same(
    [0, 1, 2].map((channel) => scaleChannel(factors, channel, 10)),
    [10, 5, 40],
  )
  const one = scaling([0.5], (scale) => scale)
  t.same(
    [0, 1, 7].map((channel) => scaleChannel(one, channel, 10)),
    [5, 5, 5],
  )
  t.end()
})

t.test('a bias that is left out is zeros', (t) => {
  t.same(biasOf(constant(Int32Array.of(1, -2)), 2), Int32Array.of(1, -2))
  t.same(biasOf(undefined, 3), Int32Array.of(0, 0, 0))
  t.end()
})

t.test('padding is the zero point, which is taken off unless the bias holds it', (t) => {
  const input = tensor({ scale: 1, zeroPoint: -7 })
  t.same(inputOffsets(weighted([input], tensor())), { padding: -7, offset: 7 })
  t.same(inputOffsets(weighted([input], tensor(), { zeroPointFolded: true })), { padding: -7, offset: 0 })
  t.end()
})

t.test('factors from 2^30 on are refused', (t) => {
  const constraint = scalingInRange(convolutionScaling)
  const holds = (scales: readonly number[]): boolean =>
    constraint.holds(weighted([tensor({ scale: 1 }), perChannel(...scales)], tensor({ scale: 1 })))
  t.equal(holds([1, 2 ** 29]), true)
  t.equal(holds([1, 2 ** 30]), false)
  t.equal(holds([1, 2 ** 200]), false)
  t.equal(holds([1e-300]), true)
  const real = tensor({ type: 'float32' })
  t.equal(constraint.holds(weighted([real, real], real)), true)
  const huge = weighted([tensor({ scale: 1 }), perChannel(1, 2 ** 40)], tensor({ scale: 1 }))
  t.equal(constraint.found?.(huge), 'a factor of 2^41')
  t.end()
})

t.test('weights and bias go with the input', (t) => {
  const broken = (...inputs: readonly (Tensor | undefined)[]): readonly string[] =>
    weightConstraints(0)
      .filter((constraint) => !constraint.holds(weighted(inputs, tensor({ scale: 1 }))))
      .map(({ rule }) => rule)
  const [input, real] = [tensor({ scale: 1 }), tensor({ type: 'float32' })]
  const weights = perChannel(1, 2, 3)
  const bias = tensor({ type: 'int32', shape: [3] })
  t.same(broken(input, weights), [])
  t.same(broken(input, weights, bias), [])
  t.same(broken(input, tensor({ shape: [3, 2], scale: 1 }), bias), [])
  t.same(broken(input, weights, undefined), [])
  t.same(broken(real, tensor({ type: 'float32', shape: [3, 2] }), tensor({ type: 'float32', shape: [3] })), [])
  t.same(broken(real, weights), ['Weights have the type of the input: int8 with int8, float32 with float32'])
  const types = ['The bias is int32 for int8 inputs and float32 for float32 inputs']
  t.same(broken(input, weights, tensor({ type: 'int64', shape: [3] })), types)
  t.same(broken(real, tensor({ type: 'float32', shape: [3, 2] }), bias), types)
  t.same(broken(input, weights, tensor({ type: 'int32', shape: [2] })), [
    'The bias has one element for each output channel',
  ])
  const scales = ['int8 weights have one scale, or one for each output channel along their own dimension']
  t.same(broken(input, { ...weights, shape: [4, 2] }), scales)
  t.same(
    broken(input, {
      ...weights,
      shape: [3, 3],
      quantization: { scales: [1, 2, 3], zeroPoints: [0, 0, 0], dimension: 1 },
    }),
    scales,
  )
  t.same(broken(input, tensor({ shape: [3, 2], scale: 1, zeroPoint: 1 })), [
    'int8 weights are symmetric: their zero points are 0',
  ])
  t.end()
})
