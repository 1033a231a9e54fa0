import t from 'tap'
import type { Tensor } from '../../src/ir/index.js'
import { averagePool2d } from '../../src/ops/average-pool-2d.js'
import type { Instance } from '../../src/ops/index.js'
import type { PoolOptions } from '../../src/ops/pool.js'
import { brokenRules, evaluated, instance, lowered, optionsTable, tensor } from '../support/instances.js'

const options: PoolOptions = {
  padding: 'VALID',
  strideHeight: 1,
  strideWidth: 1,
  dilationHeight: 1,
  dilationWidth: 1,
  filterHeight: 2,
  filterWidth: 2,
  activation: 'NONE',
}

function pooled(input: Tensor, output: Tensor, changes: Partial<PoolOptions> = {}): Instance<PoolOptions> {
  return instance(averagePool2d, { inputs: [input], outputs: [output], options: { ...options, ...changes } })
}

const of = (...shape: readonly number[]): Tensor => tensor({ shape, scale: 0.5, zeroPoint: -2 })
const float = (...shape: readonly number[]): Tensor => tensor({ shape, type: 'float32' })
const square = Int8Array.of(1, 2, 3, 4, 9, 6, 7, 8, 5)

t.test('averages each window, rounded half away from zero', (t) => {
  // 16 / 4, 20 / 4, 28 / 4, 28 / 4
  t.same(evaluated(averagePool2d, pooled(of(1, 3, 3, 1), of(1, 2, 2, 1)), [square]), [4, 5, 7, 7])
  const pairs = pooled(of(1, 1, 4, 1), of(1, 1, 2, 1), { filterHeight: 1, strideWidth: 2 })
  t.same(evaluated(averagePool2d, pairs, [Int8Array.of(1, 2, -1, -2)]), [2, -2])
  const thirds = pooled(of(1, 1, 6, 1), of(1, 1, 2, 1), { filterHeight: 1, filterWidth: 3, strideWidth: 3 })
  t.same(evaluated(averagePool2d, thirds, [Int8Array.of(0, 0, 1, -1, -1, 0)]), [0, -1])
  t.end()
})

t.test('keeps channels and images apart', (t) => {
  const values = Int8Array.of(1, -1, 3, -3, 5, -5, 7, -7)
  t.same(
    evaluated(averagePool2d, pooled(of(2, 1, 2, 2), of(2, 1, 1, 2), { filterHeight: 1 }), [values]),
    [2, -2, 6, -6],
  )
  t.end()
})

t.test('padding does not count', (t) => {
  const same = pooled(of(1, 3, 3, 1), of(1, 3, 3, 1), { padding: 'SAME' })
  t.same(evaluated(averagePool2d, same, [square]), [4, 5, 5, 7, 7, 6, 8, 7, 5])
  const large = pooled(of(1, 1, 2, 1), of(1, 1, 2, 1), { padding: 'SAME', filterHeight: 5, filterWidth: 7 })
  t.same(evaluated(averagePool2d, large, [Int8Array.of(-128, -100)]), [-114, -114])
  t.end()
})

t.test('limits the mean to the activation', (t) => {
  const one = { filterHeight: 1, filterWidth: 1 }
  const row = of(1, 1, 4, 1)
  const values = Int8Array.of(-5, -2, 3, 40)
  t.same(evaluated(averagePool2d, pooled(row, row, { ...one, activation: 'RELU6' }), [values]), [-2, -2, 3, 10])
  t.same(evaluated(averagePool2d, pooled(row, row, { ...one, clamp: { min: 0, max: 3 } }), [values]), [0, 0, 3, 3])
  const reals = float(1, 1, 2, 1)
  const limited = pooled(reals, reals, { ...one, activation: 'RELU_N1_TO_1' })
  t.same(evaluated(averagePool2d, limited, [Float32Array.of(-7, 0.5)]), [-1, 0.5])
  t.end()
})

t.test('float32 means are not rounded to integers', (t) => {
  const layer = pooled(float(1, 1, 3, 1), float(1, 1, 2, 1), { filterHeight: 1 })
  t.same(evaluated(averagePool2d, layer, [Float32Array.of(1, 2, 5)]), [1.5, 3.5])
  t.end()
})

t.test('needs the rows of its window, channel by channel', (t) => {
  const flow = averagePool2d.dataFlow(pooled(of(1, 4, 4, 3), of(1, 2, 2, 3), { strideHeight: 2, strideWidth: 2 }))
  const axis = { size: 2, stride: 2, dilation: 1, before: 0 }
  t.match(flow, { inputs: [{ kind: 'window', rows: axis, columns: axis }], inPlace: [], lanewise: true })
  t.match(flow, { accumulates: false })
  t.match(averagePool2d.dataFlow(pooled(of(1, 2, 2, 3), of(1, 1, 1, 3))), { accumulates: true })
  t.end()
})

t.test('asks for its kernel', (t) => {
  const request = lowered(
    averagePool2d,
    pooled(of(1, 3, 3, 2), of(1, 3, 3, 2), { padding: 'SAME', activation: 'RELU' }),
  )
  const fields = { batches: 1, filter_height: 2, padding_top: 0, output_channels: 2, clamp_min: -2, clamp_max: 127 }
  t.match(request, { family: 'average_pool_2d', type: 's8', reads: [0], fields })
  const real = lowered(averagePool2d, pooled(float(1, 3, 3, 1), float(1, 2, 2, 1)))
  t.match(real, { family: 'average_pool_2d', type: 'f32' })
  t.end()
})

t.test('reads its options', (t) => {
  t.same(averagePool2d.parse(optionsTable({ 0: 1, 1: 3, 2: 4, 3: 5, 4: 6, 5: 1 })), {
    ...options,
    strideWidth: 3,
    strideHeight: 4,
    filterWidth: 5,
    filterHeight: 6,
    activation: 'RELU',
  })
  t.end()
})

t.test('refuses what the reference kernels do not compute, each thing once', (t) => {
  const broken = (input: Tensor, output: Tensor, changes: Partial<PoolOptions> = {}): readonly string[] =>
    brokenRules(averagePool2d, pooled(input, output, changes))
  const [input, output] = [of(1, 3, 3, 1), of(1, 2, 2, 1)]
  t.same(broken(input, output), [])
  const two = instance(averagePool2d, { inputs: [input, input], outputs: [output], options })
  t.same(brokenRules(averagePool2d, two), ['The operator has 1 input and 1 output'])
  t.same(broken({ ...input, type: 'uint8' }, output), ['The input is int8 or float32'])
  t.same(broken(input, { ...output, type: 'float32' }), ['Input and output have the same type'])
  t.same(broken(of(3, 3, 1), output), ['The input has 4 dimensions'])
  t.same(broken(input, output, { padding: 'UNKNOWN' }), ['The padding is SAME or VALID'])
  t.same(broken(input, output, { strideWidth: 0 }), ['Strides and dilations are from 1 to 32767'])
  t.same(broken(input, output, { filterHeight: 0 }), ['The window has at least one row and one column'])
  t.same(broken(input, input), ['The output has the shape that the operator computes'])
  t.same(broken(tensor({ shape: [1, 3, 3, 1] }), output), [
    'int8 activations are quantized per tensor, with one scale and one zero point',
  ])
  const equal = ['Input and output have the same scale and zero point']
  t.same(broken(input, tensor({ shape: [1, 2, 2, 1], scale: 0.5 + 2 ** -19, zeroPoint: -2 })), equal)
  t.same(broken(input, tensor({ shape: [1, 2, 2, 1], scale: 0.5 + 2 ** -20, zeroPoint: -2 })), [])
  t.same(broken(input, tensor({ shape: [1, 2, 2, 1], scale: 0.5, zeroPoint: -1 })), equal)
  const activation = 'The fused activation is NONE, RELU, RELU_N1_TO_1 or RELU6'
  t.same(broken(input, output, { activation: 'TANH' }), [activation])
  t.end()
})
