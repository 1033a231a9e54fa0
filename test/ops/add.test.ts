import t from 'tap'
import type { Tensor } from '../../src/ir/index.js'
import type { Activation } from '../../src/ops/activation.js'
import { add } from '../../src/ops/add.js'
import type { BinaryOptions } from '../../src/ops/binary.js'
import type { Instance } from '../../src/ops/index.js'
import { brokenRules, evaluated, instance, tensor } from '../support/instances.js'

const half = tensor({ shape: [1, 4], scale: 0.5 })
const quarter = tensor({ shape: [1, 4], scale: 0.25 })
const real = tensor({ shape: [1, 4], type: 'float32' })

function sum(a: Tensor, b: Tensor, output: Tensor, activation: Activation = 'NONE'): Instance<BinaryOptions> {
  return instance(add, { inputs: [a, b], outputs: [output], options: { activation } })
}

t.test('adds real values', (t) => {
  // (10 * 0.5 + 4 * 0.25) / 0.5 = 12
  const inputs = [Int8Array.of(10, -10, 0, 2), Int8Array.of(4, -4, 8, -4)]
  t.same(evaluated(add, sum(half, quarter, half), inputs), [12, -12, 4, 0])
  t.end()
})

t.test('takes zero points off and puts the one of the output on', (t) => {
  const a = tensor({ scale: 0.5, zeroPoint: -3 })
  const b = tensor({ scale: 0.25, zeroPoint: 10 })
  const output = tensor({ scale: 0.5, zeroPoint: -128 })
  const inputs = [Int8Array.of(7, -3, -3, 127), Int8Array.of(14, 10, 12, 10)]
  t.same(evaluated(add, sum(a, b, output), inputs), [-116, -128, -127, 2])
  t.end()
})

t.test('rounds half away from zero and saturates', (t) => {
  const inputs = [Int8Array.of(1, -1, 127, -128), Int8Array.of(1, -1, 127, -128)]
  t.same(evaluated(add, sum(half, quarter, half), inputs), [2, -2, 127, -128])
  t.end()
})

t.test('limits the sum to the activation', (t) => {
  const inputs = [Int8Array.of(10, -10, 1, 3), Int8Array.of(10, -10, 0, 2)]
  t.same(evaluated(add, sum(half, half, half, 'RELU'), inputs), [20, 0, 1, 5])
  t.same(evaluated(add, sum(half, half, half, 'RELU6'), inputs), [12, 0, 1, 5])
  t.same(evaluated(add, sum(half, half, half, 'RELU_N1_TO_1'), inputs), [2, -2, 1, 2])
  const reals = [Float32Array.of(5, -5, 0.5, 1), Float32Array.of(5, -5, 0, 0.25)]
  t.same(evaluated(add, sum(real, real, real, 'RELU6'), reals), [6, 0, 0.5, 1.25])
  t.end()
})

t.test('limits the sum to a range that a pass moved here', (t) => {
  const moved = instance(add, {
    inputs: [half, half],
    outputs: [half],
    options: { activation: 'NONE', clamp: { min: 1, max: 3 } },
  })
  t.same(evaluated(add, moved, [Int8Array.of(0, 1, 2, 3), Int8Array.of(0, 1, 2, 3)]), [1, 2, 3, 3])
  t.end()
})

t.test('stretches extents of 1 in either input', (t) => {
  const [column, row, table] = [
    [3, 1],
    [1, 2],
    [3, 2],
  ].map((shape) => tensor({ shape, type: 'float32' })) as [Tensor, Tensor, Tensor]
  const [down, across] = [Float32Array.of(10, 20, 30), Float32Array.of(1, 2)]
  t.same(evaluated(add, sum(column, row, table), [down, across]), [11, 12, 21, 22, 31, 32])
  t.same(evaluated(add, sum(row, column, table), [across, down]), [11, 12, 21, 22, 31, 32])
  const scalar = tensor({ shape: [], type: 'float32' })
  t.same(evaluated(add, sum(scalar, row, row), [Float32Array.of(5), across]), [6, 7])
  t.same(evaluated(add, sum(scalar, scalar, scalar), [Float32Array.of(5), Float32Array.of(2)]), [7])
  t.end()
})

t.test('may overwrite inputs that are as large as the output', (t) => {
  t.same(add.dataFlow(sum(half, half, half)), {
    inputs: [{ kind: 'elementwise' }, { kind: 'elementwise' }],
    inPlace: [0, 1],
    lanewise: false,
    accumulates: false,
  })
  const scalar = tensor({ shape: [1], scale: 0.5 })
  const { inputs, inPlace } = add.dataFlow(sum(scalar, half, half))
  t.same([inputs, inPlace], [[{ kind: 'whole' }, { kind: 'elementwise' }], [1]])
  t.end()
})

t.test('asks for its kernel with one multiplier for each scale', (t) => {
  const request = add.lower(sum(half, quarter, half))
  t.match(request, {
    family: 'add',
    type: 's8',
    reads: [0, 1],
    // 1/2 and 1/4 of twice the larger scale; 1 / (2^20 * 0.5)
    fields: {
      multiplier_1: 2 ** 30,
      shift_1: 0,
      multiplier_2: 2 ** 30,
      shift_2: -1,
      output_multiplier: 2 ** 30,
      output_shift: -18,
    },
  })
  t.match(add.lower(sum(real, real, real)), { family: 'add', type: 'f32', fields: { row: 4, step_2: 1 } })
  t.end()
})

t.test('accepts what it computes', (t) => {
  t.same(brokenRules(add, sum(half, quarter, half, 'RELU6')), [])
  t.same(brokenRules(add, sum(real, real, real)), [])
  t.same(brokenRules(add, sum(half, half, tensor({ scale: 0.5 * 2 ** -19 * (1 + 2 ** -20) }))), [])
  t.end()
})

t.test('refuses tensors that do not go together', (t) => {
  const refused = (a: Tensor, b: Tensor, output: Tensor, rule: string): void => {
    t.same(brokenRules(add, sum(a, b, output)), [rule])
  }
  const many = (type: 'int8' | 'float32', shape: readonly number[]): Tensor => tensor({ type, shape, scale: 0.5 })
  refused(tensor({ type: 'int16' }), tensor({ type: 'int16' }), half, 'The first input is int8 or float32')
  refused(half, real, half, 'All inputs have the same type')
  refused(half, half, real, 'Input and output have the same type')
  refused(many('int8', [1, 1, 1, 1, 1, 1, 4]), half, half, 'Inputs have at most 6 dimensions')
  const extents = 'The inputs have the same extents, or one of them 1, in each dimension from the last on'
  refused(many('int8', [2, 3]), many('int8', [2]), half, extents)
  refused(
    many('int8', [1, 3]),
    many('int8', [1, 1]),
    many('int8', [2, 3]),
    'The output has the shape that the operator computes',
  )
  const unquantized = tensor()
  refused(half, unquantized, half, 'int8 activations are quantized per tensor, with one scale and one zero point')
  t.same(brokenRules(add, instance(add, { inputs: [half], outputs: [half], options: { activation: 'NONE' } })), [
    'The operator has 2 inputs and 1 output',
  ])
  t.end()
})

t.test('refuses scales that the reference kernels abort on', (t) => {
  const rule = 'The output scale is above 2^-19 of the larger input scale, and no ratio of the scales underflows'
  t.same(brokenRules(add, sum(half, quarter, tensor({ scale: 0.5 * 2 ** -19 }))), [rule])
  t.same(brokenRules(add, sum(quarter, half, tensor({ scale: 2 ** -30 }))), [rule])
  t.end()
})

t.test('refuses activations that it does not know', (t) => {
  const rule = 'The fused activation is NONE, RELU, RELU_N1_TO_1 or RELU6'
  t.same(brokenRules(add, sum(half, half, half, 'TANH')), [rule])
  t.same(brokenRules(add, sum(real, real, real, 'SIGN_BIT')), [rule])
  const tiny = tensor({ scale: 2 ** -30 })
  const range = 'The limits of the fused activation fit 32 bits in the quantization of the output'
  t.same(brokenRules(add, sum(tiny, tiny, tiny, 'RELU6')), [range])
  t.end()
})
