import t from 'tap'
import { dequantize } from '../../src/ops/dequantize.js'
import { brokenRules, evaluated, instance, lowered, tensor, type TensorDescription } from '../support/instances.js'

const of = (input: TensorDescription, output: TensorDescription = { type: 'float32' }) =>
  instance(dequantize, { inputs: [tensor(input)], outputs: [tensor(output)], options: null })

t.test('gives real values', (t) => {
  const quarters = of({ scale: 0.25, zeroPoint: -8 })
  t.same(evaluated(dequantize, quarters, [Int8Array.of(-8, 0, 127, -128)]), [0, 2, 33.75, -30])
  t.end()
})

t.test('has a kernel that cannot run in place: its output is larger than its input', (t) => {
  const quarters = of({ scale: 0.25, zeroPoint: -8 })
  const { family, type, fields } = lowered(dequantize, quarters)
  t.same([family, type, fields], ['dequantize', 's8_f32', { count: 4, scale: 0.25, zero_point: -8 }])
  t.same(dequantize.dataFlow(quarters).inPlace, [])
  t.end()
})

t.test('refuses other types, such as weights in float16', (t) => {
  t.same(brokenRules(dequantize, of({ type: 'float16' })), ['The input is int8'])
  t.same(brokenRules(dequantize, of({ scale: 1 }, { type: 'float16' })), ['The output is float32'])
  t.end()
})

t.test('refuses an input without quantization, or quantized per channel', (t) => {
  const rule = 'int8 activations are quantized per tensor, with one scale and one zero point'
  t.same(brokenRules(dequantize, of({})), [rule])
  const quantization = { scales: [1, 1, 1, 1], zeroPoints: [0, 0, 0, 0], dimension: 1 }
  t.same(brokenRules(dequantize, of({ quantization })), [rule])
  t.end()
})
