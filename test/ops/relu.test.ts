import t from 'tap'
import { relu } from '../../src/ops/relu.js'
import { brokenRules, evaluated, instance, lowered, tensor, type TensorDescription } from '../support/instances.js'

const of = (input: TensorDescription, output: TensorDescription) =>
  instance(relu, { inputs: [tensor(input)], outputs: [tensor(output)], options: null })

t.test('float32: negative values become zero', (t) => {
  const real = of({ type: 'float32' }, { type: 'float32' })
  t.same(evaluated(relu, real, [Float32Array.of(-1.5, 0, 2.5, Infinity)]), [0, 0, 2.5, Infinity])
  t.end()
})

t.test('int8: values go from one quantization to another, and those below the zero point stop there', (t) => {
  const halves = of({ scale: 0.5, zeroPoint: 10 }, { scale: 0.25, zeroPoint: -100 })
  // real values -2, 0, 2 and 58.5: the last one is 234 steps above the zero point
  t.same(evaluated(relu, halves, [Int8Array.of(6, 10, 14, 127)]), [-100, -100, -92, 127])
  t.end()
})

t.test('int8: one quantization throughout needs a clamp, and two need a table', (t) => {
  const same = { scale: 0.5, zeroPoint: -3 }
  const { family, type, fields } = lowered(relu, of(same, same))
  t.same({ family, type, fields }, { family: 'clamp', type: 's8', fields: { clamp_min: -3, clamp_max: 127, count: 4 } })
  t.equal(lowered(relu, of(same, { scale: 0.25, zeroPoint: -3 })).family, 'lookup')
  t.end()
})

t.test('float32 has a kernel of its own', (t) => {
  const { family, type, fields } = lowered(relu, of({ type: 'float32' }, { type: 'float32' }))
  t.same({ family, type, fields }, { family: 'relu', type: 'f32', fields: { count: 4 } })
  t.end()
})

t.test('refuses scales that are out of proportion', (t) => {
  const rule = 'The scale of the input is below 2^30 times that of the output'
  t.same(brokenRules(relu, of({ scale: 2 ** 10 }, { scale: 2 ** -20 })), [rule])
  t.same(brokenRules(relu, of({ scale: 2 ** 9 }, { scale: 2 ** -20 })), [])
  t.end()
})

t.test('refuses what no function of one value computes', (t) => {
  const int8 = { scale: 1 }
  t.same(brokenRules(relu, of({ ...int8, type: 'int16' }, { ...int8, type: 'int16' })), [
    'The input is int8 or float32',
  ])
  t.same(brokenRules(relu, of(int8, { type: 'float32' })), ['Input and output have the same type'])
  t.same(brokenRules(relu, of(int8, { ...int8, shape: [4] })), ['The output has the shape that the operator computes'])
  t.same(brokenRules(relu, of({}, int8)), [
    'int8 activations are quantized per tensor, with one scale and one zero point',
  ])
  const two = instance(relu, { inputs: [tensor(int8), tensor(int8)], outputs: [tensor(int8)], options: null })
  t.same(brokenRules(relu, two), ['The operator has 1 input and 1 output'])
  t.end()
})
