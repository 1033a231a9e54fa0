import t from 'tap'
import { relu6 } from '../../src/ops/relu6.js'
import { brokenRules, evaluated, instance, lowered, tensor, type TensorDescription } from '../support/instances.js'

const of = (input: TensorDescription, output: TensorDescription) =>
  instance(relu6, { inputs: [tensor(input)], outputs: [tensor(output)], options: null })

t.test('float32: values are limited to 0 and 6', (t) => {
  const real = of({ type: 'float32' }, { type: 'float32' })
  t.same(evaluated(relu6, real, [Float32Array.of(-1, 0.5, 6.5, Infinity)]), [0, 0.5, 6, 6])
  const { family, type, fields } = lowered(relu6, real)
  t.same({ family, type, fields }, { family: 'relu6', type: 'f32', fields: { count: 4 } })
  t.end()
})

t.test('int8: values are limited to 0 and 6 in the quantization of the input alone', (t) => {
  const tenths = of({ scale: 0.1, zeroPoint: -20 }, { scale: 0.5, zeroPoint: 3 })
  t.same(evaluated(relu6, tenths, [Int8Array.of(-128, -20, 0, 40, 41)]), [-20, -20, 0, 40, 40])
  const { family, type, fields } = lowered(relu6, tenths)
  t.same({ family, type, fields }, { family: 'clamp', type: 's8', fields: { clamp_min: -20, clamp_max: 40, count: 4 } })
  t.end()
})

t.test('int8: a limit beyond the type is that of the type', (t) => {
  const fine = of({ scale: 0.01, zeroPoint: 100 }, { scale: 0.01, zeroPoint: 100 })
  t.same(evaluated(relu6, fine, [Int8Array.of(99, 100, 127)]), [100, 100, 127])
  t.end()
})

t.test('refuses an input scale that puts 6 beyond 32 bits', (t) => {
  const rule = 'The limit 6 fits 32 bits in the quantization of the input'
  t.same(brokenRules(relu6, of({ scale: 2 ** -29 }, { scale: 1 })), [rule])
  t.same(brokenRules(relu6, of({ scale: 2 ** -28 }, { scale: 1 })), [])
  t.end()
})

t.test('refuses other types', (t) => {
  t.same(brokenRules(relu6, of({ type: 'uint8' }, { type: 'uint8' })), ['The input is int8 or float32'])
  t.end()
})
