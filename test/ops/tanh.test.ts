import t from 'tap'
import { tanh } from '../../src/ops/tanh.js'
import { brokenRules, evaluated, instance, lowered, tensor, type TensorDescription } from '../support/instances.js'

const of = (input: TensorDescription, output: TensorDescription = { scale: 1 / 128, zeroPoint: 0 }) =>
  instance(tanh, { inputs: [tensor(input)], outputs: [tensor(output)], options: null })

t.test('int8: results are in steps of 1/128', (t) => {
  const sixteenths = of({ scale: 1 / 16 })
  // tanh of -8, -1, 0, 1 and 7.9375: -128, -97.48, 0, 97.48 and 128 steps
  t.same(evaluated(tanh, sixteenths, [Int8Array.of(-128, -16, 0, 16, 127)]), [-128, -97, 0, 97, 127])
  t.end()
})

t.test('int8: the quantization of the output changes nothing', (t) => {
  const values = Int8Array.of(-128, -16, 0, 16, 127)
  const usual = evaluated(tanh, of({ scale: 1 / 16 }), [values])
  t.same(evaluated(tanh, of({ scale: 1 / 16 }, { scale: 0.5, zeroPoint: 7 }), [values]), usual)
  t.end()
})

t.test('float32: the function itself', (t) => {
  const real = of({ type: 'float32' }, { type: 'float32' })
  t.same(evaluated(tanh, real, [Float32Array.of(-20, 0, 1)]), [-1, 0, 0.7615941762924194])
  t.equal(lowered(tanh, real).family, 'tanh')
  t.end()
})

t.test('refuses an input scale that the reference kernel cannot shift', (t) => {
  const rule = 'The scale of an int8 input is at least 2^-28 and below 2^35'
  t.same(brokenRules(tanh, of({ scale: 2 ** -29 })), [rule])
  t.same(brokenRules(tanh, of({ scale: 2 ** 35 })), [rule])
  t.same(brokenRules(tanh, of({ scale: 2 ** 34 })), [])
  t.end()
})
