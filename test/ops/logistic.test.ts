import t from 'tap'
import { logistic } from '../../src/ops/logistic.js'
import { brokenRules, evaluated, instance, lowered, tensor, type TensorDescription } from '../support/instances.js'

const of = (input: TensorDescription, output: TensorDescription = { scale: 1 / 256, zeroPoint: -128 }) =>
  instance(logistic, { inputs: [tensor(input)], outputs: [tensor(output)], options: null })

t.test('int8: results are in steps of 1/256 above -128', (t) => {
  const sixteenths = of({ scale: 1 / 16 })
  // logistic of -1, 0, 1 and 7.9375: 68.85, 128, 187.15 and 255.9 steps
  t.same(evaluated(logistic, sixteenths, [Int8Array.of(-16, 0, 16, 127)]), [-59, 0, 59, 127])
  t.end()
})

t.test('int8: a scale whose first step leaves the range of the arithmetic saturates at once', (t) => {
  const coarse = of({ scale: 16, zeroPoint: 5 })
  t.same(evaluated(logistic, coarse, [Int8Array.of(4, 5, 6)]), [-128, -128, 127])
  t.end()
})

t.test('float32: the function itself, and what TensorFlow Lite takes for it far from zero', (t) => {
  const real = of({ type: 'float32' }, { type: 'float32' })
  const [low, mirrored, half, high, one] = evaluated(logistic, real, [Float32Array.of(-10, -1, 0, 1, 17)])
  t.equal(low, Math.fround(Math.exp(-10)), 'below -9')
  t.same([mirrored, half, high, one], [0.2689414322376251, 0.5, 0.7310585975646973, 1])
  t.end()
})

t.test('int8 needs a table, float32 a kernel', (t) => {
  const { family, type, fields } = lowered(logistic, of({ scale: 1 / 16 }))
  t.same([family, type, fields['count']], ['lookup', 's8', 4])
  t.equal((fields['table'] as Int8Array).length, 256)
  t.equal(lowered(logistic, of({ type: 'float32' }, { type: 'float32' })).family, 'logistic')
  t.end()
})

t.test('refuses an int8 output whose zero point is not -128', (t) => {
  const rule = 'An int8 output has zero point -128'
  t.same(brokenRules(logistic, of({ scale: 1 / 16 }, { scale: 1 / 256, zeroPoint: 0 })), [rule])
  t.same(brokenRules(logistic, of({ scale: 1 / 16 })), [])
  t.end()
})

t.test('refuses an input scale that the reference kernel cannot shift', (t) => {
  const rule = 'The scale of an int8 input is at least 2^-28 and below 2^35'
  t.same(brokenRules(logistic, of({ scale: 2 ** -29 })), [rule])
  t.same(brokenRules(logistic, of({ scale: 2 ** 35 })), [rule])
  t.same(brokenRules(logistic, of({ scale: 2 ** -28 })), [])
  t.end()
})
