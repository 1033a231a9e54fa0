import t from 'tap'
import { leakyRelu } from '../../src/ops/leaky-relu.js'
import { brokenRules, evaluated, instance, lowered, tensor, type TensorDescription } from '../support/instances.js'

const of = (alpha: number, input: TensorDescription, output: TensorDescription) =>
  instance(leakyRelu, { inputs: [tensor(input)], outputs: [tensor(output)], options: { alpha } })

t.test('float32: negative values are multiplied by alpha, which may exceed 1', (t) => {
  const real = { type: 'float32' } as const
  t.same(evaluated(leakyRelu, of(0.25, real, real), [Float32Array.of(-2, 0, 3)]), [-0.5, 0, 3])
  t.same(evaluated(leakyRelu, of(2, real, real), [Float32Array.of(-2, 0, 3)]), [-4, 0, 3])
  const { family, type, fields } = lowered(leakyRelu, of(0.25, real, real))
  t.same({ family, type, fields }, { family: 'leaky_relu', type: 'f32', fields: { count: 4, alpha: 0.25 } })
  t.end()
})

t.test('int8: a negative half is rounded away from zero by the second rounding', (t) => {
  const quarter = of(0.25, { scale: 0.5 }, { scale: 0.5, zeroPoint: 3 })
  // -8 / 4 = -2; -6 / 4 = -1.5, which becomes -2
  t.same(evaluated(leakyRelu, quarter, [Int8Array.of(-8, -6, 0, 5, 127)]), [1, 1, 3, 8, 127])
  t.end()
})

t.test('int8: a negative alpha turns negative values round', (t) => {
  const turned = of(-0.5, { scale: 0.5, zeroPoint: -10 }, { scale: 0.5, zeroPoint: 3 })
  t.same(evaluated(leakyRelu, turned, [Int8Array.of(-18, -10, -8)]), [7, 3, 5])
  t.end()
})

t.test('int8: alpha 0 is a rectified linear unit', (t) => {
  const same = { scale: 0.5, zeroPoint: -3 }
  t.same(lowered(leakyRelu, of(0, same, same)).fields, { clamp_min: -3, clamp_max: 127, count: 4 })
  t.end()
})

t.test('refuses an alpha that is no number', (t) => {
  t.same(brokenRules(leakyRelu, of(NaN, { scale: 1 }, { scale: 1 })), ['alpha is finite'])
  t.same(brokenRules(leakyRelu, of(-Infinity, { type: 'float32' }, { type: 'float32' })), ['alpha is finite'])
  t.end()
})

t.test('refuses scales that are out of proportion, with alpha or without', (t) => {
  const rule = 'The scale of the input is below 2^30 times that of the output, with and without alpha'
  t.same(brokenRules(leakyRelu, of(0.5, { scale: 2 ** 10 }, { scale: 2 ** -20 })), [rule])
  t.same(brokenRules(leakyRelu, of(-(2 ** 20), { scale: 1 }, { scale: 2 ** -10 })), [rule])
  t.same(brokenRules(leakyRelu, of(-(2 ** 19), { scale: 1 }, { scale: 2 ** -10 })), [])
  t.end()
})
