import t from 'tap'
import type { Tensor } from '../../src/ir/index.js'
import {
  type Activated,
  activationConstraints,
  integerRange,
  limitTo,
  outputRange,
  parseActivation,
  roundHalfAway,
} from '../../src/ops/activation.js'
import type { Instance } from '../../src/ops/index.js'
import { tensor } from '../support/instances.js'

const FLOAT32_MAX = 3.4028234663852886e38

function activated(output: Tensor, options: Activated): Instance<Activated> {
  const operator = { kind: 'A', index: 0, version: 1, inputs: [], outputs: [0], options }
  return { operator, options, inputs: [], outputs: [output] }
}

const rangeOf = (output: Tensor, options: Activated): readonly number[] => {
  const { min, max } = outputRange(activated(output, options), output)
  return [min, max]
}

const quantized = (scale: number, zeroPoint: number): Tensor => tensor({ scale, zeroPoint })
const float = tensor({ type: 'float32' })

t.test('reads the activation', (t) => {
  t.same([0, 1, 2, 3, 4, 5, 6].map(parseActivation), [
    ...['NONE', 'RELU', 'RELU_N1_TO_1', 'RELU6', 'TANH', 'SIGN_BIT', 'UNKNOWN'],
  ])
  t.end()
})

t.test('rounds half away from zero', (t) => {
  t.same([0.5, -0.5, 1.5, -1.5, 0.49, 2.51, -2.51].map(roundHalfAway), [1, -1, 2, -2, 0, 3, -3])
  t.end()
})

t.test('without an activation the type alone limits', (t) => {
  t.same(rangeOf(quantized(0.1, 5), { activation: 'NONE' }), [-128, 127])
  t.same(rangeOf(float, { activation: 'NONE' }), [-FLOAT32_MAX, FLOAT32_MAX], 'float32 to what is finite')
  t.same(integerRange('int8'), { min: -128, max: 127 })
  t.same(integerRange('int32'), { min: -(2 ** 31), max: 2 ** 31 - 1 })
  t.end()
})

t.test('limits are in steps of the output from its zero point', (t) => {
  t.same(rangeOf(quantized(0.5, -10), { activation: 'RELU' }), [-10, 127])
  t.same(rangeOf(quantized(0.5, -10), { activation: 'RELU6' }), [-10, 2])
  t.same(rangeOf(quantized(0.5, -10), { activation: 'RELU_N1_TO_1' }), [-12, -8])
  t.same(rangeOf(quantized(4, 0), { activation: 'RELU6' }), [0, 2], '1.5 steps are 2')
  t.same(rangeOf(quantized(2, 0), { activation: 'RELU_N1_TO_1' }), [-1, 1], 'half a step is one, on both sides')
  t.same(rangeOf(quantized(13, 0), { activation: 'RELU6' }), [0, 0])
  t.end()
})

t.test('limits never leave the type', (t) => {
  t.same(rangeOf(quantized(0.01, 0), { activation: 'RELU6' }), [0, 127])
  t.same(rangeOf(quantized(0.001, 100), { activation: 'RELU_N1_TO_1' }), [-128, 127])
  t.same(rangeOf(quantized(1, 127), { activation: 'RELU' }), [127, 127])
  t.same(rangeOf(quantized(1, -128), { activation: 'RELU' }), [-128, 127])
  t.end()
})

t.test('steps are rounded in float32, as the reference kernels do', (t) => {
  // 6 / scale is 5.49999994 in double, and 5.5 in float32
  const scale = 6 / 5.49999994
  t.same(rangeOf(quantized(scale, 0), { activation: 'RELU6' }), [0, 6])
  t.end()
})

t.test('float32 limits are real', (t) => {
  t.same(rangeOf(float, { activation: 'RELU' }), [0, FLOAT32_MAX])
  t.same(rangeOf(float, { activation: 'RELU6' }), [0, 6])
  t.same(rangeOf(float, { activation: 'RELU_N1_TO_1' }), [-1, 1])
  t.same(rangeOf(float, { activation: 'RELU6', clamp: { min: 2, max: 9 } }), [2, 6])
  t.end()
})

t.test('a range that a pass moved here limits what is left', (t) => {
  t.same(rangeOf(quantized(0.5, 0), { activation: 'RELU', clamp: { min: -5, max: 20 } }), [0, 20])
  t.same(
    rangeOf(quantized(0.5, 0), { activation: 'RELU', clamp: { min: -9, max: -5 } }),
    [-5, -5],
    'nothing else is left',
  )
  t.end()
})

t.test('limiting twice is limiting to what is left of the first range', (t) => {
  const ranges = [
    { min: -5, max: 5 },
    { min: 0, max: 3 },
    { min: 4, max: 9 },
    { min: -9, max: -6 },
  ]
  const limit = ({ min, max }: { min: number; max: number }, value: number): number =>
    Math.min(max, Math.max(min, value))
  for (const first of ranges) {
    for (const second of ranges) {
      const both = limitTo(first, second)
      for (const value of [-100, -7, -1, 0, 2, 4, 100]) {
        t.equal(limit(both, value), limit(second, limit(first, value)))
      }
    }
  }
  t.end()
})

t.test('refuses activations that it does not know, and limits that leave 32 bits', (t) => {
  const broken = (output: Tensor, activation: Activated['activation']): readonly string[] =>
    activationConstraints
      .filter((constraint) => !constraint.holds(activated(output, { activation })))
      .map(({ rule }) => rule)
  for (const activation of ['NONE', 'RELU', 'RELU_N1_TO_1', 'RELU6'] as const) {
    t.same(broken(quantized(0.1, 0), activation), [])
  }
  for (const activation of ['TANH', 'SIGN_BIT', 'UNKNOWN'] as const) {
    t.same(broken(quantized(0.1, 0), activation), ['The fused activation is NONE, RELU, RELU_N1_TO_1 or RELU6'])
  }
  const wide = ['The limits of the fused activation fit 32 bits in the quantization of the output']
  t.same(broken(quantized(2 ** -29, 0), 'RELU6'), wide)
  t.same(broken(quantized(2 ** -28, 0), 'RELU6'), [])
  t.same(broken(quantized(2 ** -31, 0), 'RELU_N1_TO_1'), wide)
  t.same(broken(quantized(2 ** -60, 0), 'RELU'), [])
  t.same(broken(float, 'RELU6'), [])
  t.end()
})
