import t from 'tap'
import { toBytes, type Elements, type Tensor } from '../../src/ir/index.js'
import type { Instance } from '../../src/ops/index.js'
import { padv2 } from '../../src/ops/padv2.js'
import { brokenRules, evaluated, instance, tensor, type TensorDescription } from '../support/instances.js'

const paddings = tensor({ type: 'int32', shape: [1, 2], data: toBytes(Int32Array.of(1, 2)) })
const constant = (data: Elements, description: TensorDescription): Tensor =>
  tensor({ shape: [], ...description, data: toBytes(data) })

function padded(value: Tensor | undefined, type: 'int8' | 'float32'): Instance<null> {
  const input = tensor({ shape: [2], type, scale: 0.5, zeroPoint: 3 })
  const inputs = value === undefined ? [input, paddings] : [input, paddings, value]
  return instance(padv2, { inputs, outputs: [{ ...input, shape: [5] }], options: null })
}

t.test('writes a constant around a tensor', (t) => {
  const value = constant(Int8Array.of(-9), { scale: 0.5, zeroPoint: 3 })
  t.same(evaluated(padv2, padded(value, 'int8'), [Int8Array.of(1, 2)]), [-9, 1, 2, -9, -9])
  const real = constant(Float32Array.of(-0.5), { type: 'float32', shape: [1] })
  t.same(evaluated(padv2, padded(real, 'float32'), [Float32Array.of(1, 2)]), [-0.5, 1, 2, -0.5, -0.5])
  t.match(padv2.lower(padded(real, 'float32')), { family: 'pad', type: 'f32', reads: [0], fields: { value: -0.5 } })
  t.end()
})

t.test('without a value it writes zeros, as PAD does', (t) => {
  t.same(evaluated(padv2, padded(undefined, 'int8'), [Int8Array.of(1, 2)]), [3, 1, 2, 3, 3])
  t.end()
})

t.test('accepts a value in the quantization of the output', (t) => {
  t.same(brokenRules(padv2, padded(constant(Int8Array.of(7), { scale: 0.5, zeroPoint: 3 }), 'int8')), [])
  t.same(brokenRules(padv2, padded(constant(Float32Array.of(7), { type: 'float32' }), 'float32')), [])
  t.end()
})

t.test('refuses other values', (t) => {
  const broken = (value: Tensor): readonly string[] => brokenRules(padv2, padded(value, 'int8'))
  t.same(broken(tensor({ shape: [1], scale: 0.5, zeroPoint: 3 })), ['The padding value is a constant'])
  const single = 'The padding value is one element of the type of the input'
  t.same(broken(constant(Int8Array.of(7, 7), { shape: [2], scale: 0.5, zeroPoint: 3 })), [single])
  t.same(broken(constant(Int32Array.of(7), { type: 'int32' })), [single])
  const quantized = 'An int8 padding value has scale and zero point of the output'
  t.same(broken(constant(Int8Array.of(7), { scale: 0.5, zeroPoint: 4 })), [quantized])
  t.same(broken(constant(Int8Array.of(7), { scale: 0.25, zeroPoint: 3 })), [quantized])
  t.same(broken(constant(Int8Array.of(7), {})), [quantized])
  t.end()
})
