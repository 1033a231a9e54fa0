import t from 'tap'
import { quantize } from '../../src/ops/quantize.js'
import { brokenRules, evaluated, instance, lowered, tensor, type TensorDescription } from '../support/instances.js'

const of = (input: TensorDescription, output: TensorDescription) =>
  instance(quantize, { inputs: [tensor(input)], outputs: [tensor(output)], options: null })

const real = { type: 'float32' } as const

t.test('float32 to int8: rounds half away from zero', (t) => {
  const halves = of(real, { scale: 0.5, zeroPoint: -3 })
  t.same(evaluated(quantize, halves, [Float32Array.of(1.25, -1.25, 0.2, 0)]), [0, -6, -3, -3])
  t.end()
})

t.test('float32 to int8: saturates, and NaN is the zero point', (t) => {
  const halves = of(real, { scale: 0.5, zeroPoint: -3 })
  const values = Float32Array.of(1000, -1000, 1e30, Infinity, -Infinity, NaN)
  t.same(evaluated(quantize, halves, [values]), [127, -128, 127, 127, -128, -3])
  t.end()
})

t.test('int8 to int8: rounds half towards plus infinity', (t) => {
  const doubled = of({ scale: 0.5, zeroPoint: 10 }, { scale: 1, zeroPoint: 0 })
  // 1.5, -1.5, 0 and -69
  t.same(evaluated(quantize, doubled, [Int8Array.of(13, 7, 10, -128)]), [2, -1, 0, -69])
  t.end()
})

t.test('int8 to int8: a table, or a clamp where only the type of the file changes', (t) => {
  t.equal(lowered(quantize, of({ scale: 0.5 }, { scale: 0.25 })).family, 'lookup')
  const { family, fields } = lowered(quantize, of({ scale: 0.5 }, { scale: 0.5 }))
  t.same([family, fields], ['clamp', { clamp_min: -128, clamp_max: 127, count: 4 }])
  t.end()
})

t.test('float32 to int8 has a kernel, and may run in place', (t) => {
  const halves = of(real, { scale: 0.5, zeroPoint: -3 })
  const { family, type, fields } = lowered(quantize, halves)
  t.same([family, type, fields], ['quantize', 'f32_s8', { count: 4, scale: 0.5, zero_point: -3 }])
  t.same(quantize.dataFlow(halves).inPlace, [0])
  t.end()
})

t.test('refuses other types', (t) => {
  t.same(brokenRules(quantize, of({ type: 'uint8', scale: 1 }, { scale: 1 })), ['The input is float32 or int8'])
  t.same(brokenRules(quantize, of(real, { type: 'int16', scale: 1 })), ['The output is int8'])
  t.same(brokenRules(quantize, of(real, { scale: 2 ** -40 })), [])
  t.end()
})

t.test('refuses an output quantized per channel', (t) => {
  const quantization = { scales: [1, 1, 1, 1], zeroPoints: [0, 0, 0, 0], dimension: 1 }
  t.same(brokenRules(quantize, of(real, { quantization })), [
    'int8 activations are quantized per tensor, with one scale and one zero point',
  ])
  t.end()
})

t.test('refuses scales that are out of proportion', (t) => {
  const rule = 'The scale of an int8 input is below 2^30 times that of the output'
  t.same(brokenRules(quantize, of({ scale: 2 ** 10 }, { scale: 2 ** -20 })), [rule])
  t.end()
})
