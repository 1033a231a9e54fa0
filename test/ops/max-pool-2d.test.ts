import t from 'tap'
import type { Tensor } from '../../src/ir/index.js'
import type { Instance } from '../../src/ops/index.js'
import { maxPool2d } from '../../src/ops/max-pool-2d.js'
import type { PoolOptions } from '../../src/ops/pool.js'
import { brokenRules, evaluated, instance, tensor } from '../support/instances.js'

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
  return instance(maxPool2d, { inputs: [input], outputs: [output], options: { ...options, ...changes } })
}

const of = (...shape: readonly number[]): Tensor => tensor({ shape, scale: 0.5, zeroPoint: -2 })
const float = (...shape: readonly number[]): Tensor => tensor({ shape, type: 'float32' })
const square = Int8Array.of(1, 2, 3, 4, 9, 6, 7, 8, 5)

t.test('takes the largest element of each window', (t) => {
  t.same(evaluated(maxPool2d, pooled(of(1, 3, 3, 1), of(1, 2, 2, 1)), [square]), [9, 9, 9, 9])
  const strided = pooled(of(1, 3, 3, 1), of(1, 2, 1, 1), { filterHeight: 1, strideHeight: 2, strideWidth: 2 })
  t.same(evaluated(maxPool2d, strided, [square]), [2, 8])
  t.end()
})

t.test('keeps channels and images apart', (t) => {
  const values = Int8Array.of(1, -1, 2, -2, 3, -3, 4, -4)
  t.same(evaluated(maxPool2d, pooled(of(2, 1, 2, 2), of(2, 1, 1, 2), { filterHeight: 1 }), [values]), [2, -1, 4, -3])
  t.end()
})

t.test('padding never counts', (t) => {
  const negative = Int8Array.of(-100, -50, -70, -128)
  const same = pooled(of(1, 2, 2, 1), of(1, 2, 2, 1), { padding: 'SAME' })
  t.same(evaluated(maxPool2d, same, [negative]), [-50, -50, -70, -128])
  t.same(brokenRules(maxPool2d, same), [])
  t.end()
})

t.test('limits the maximum to the activation', (t) => {
  const one = { filterHeight: 1, filterWidth: 1 }
  const values = Int8Array.of(-5, -2, 3, 40)
  const row = of(1, 1, 4, 1)
  t.same(evaluated(maxPool2d, pooled(row, row, { ...one, activation: 'RELU6' }), [values]), [-2, -2, 3, 10])
  const reals = float(1, 1, 2, 1)
  const limited = pooled(reals, reals, { ...one, activation: 'RELU_N1_TO_1' })
  t.same(evaluated(maxPool2d, limited, [Float32Array.of(-7, 0.5)]), [-1, 0.5])
  t.end()
})

t.test('NaN is never the largest', (t) => {
  const row = pooled(float(1, 1, 2, 1), float(1, 1, 1, 1), { filterHeight: 1 })
  t.same(evaluated(maxPool2d, row, [Float32Array.of(NaN, -3)]), [-3])
  t.end()
})

t.test('needs the rows of its window, channel by channel', (t) => {
  const flow = maxPool2d.dataFlow(pooled(of(1, 4, 4, 3), of(1, 2, 2, 3), { strideHeight: 2, strideWidth: 2 }))
  const axis = { size: 2, stride: 2, dilation: 1, before: 0 }
  t.match(flow, { inputs: [{ kind: 'window', rows: axis, columns: axis }], inPlace: [], lanewise: true })
  t.end()
})

t.test('asks for its kernel', (t) => {
  const request = maxPool2d.lower(pooled(of(1, 3, 3, 1), of(1, 2, 2, 1)))
  const fields = { batches: 1, filter_height: 2, padding_top: 0, clamp_min: -128, clamp_max: 127 }
  t.match(request, { family: 'max_pool_2d', type: 's8', reads: [0], fields })
  t.match(maxPool2d.lower(pooled(float(1, 3, 3, 1), float(1, 2, 2, 1))), { family: 'max_pool_2d', type: 'f32' })
  t.end()
})

t.test('refuses what the reference kernels do not compute', (t) => {
  const broken = (input: Tensor, output: Tensor, changes: Partial<PoolOptions> = {}): readonly string[] =>
    brokenRules(maxPool2d, pooled(input, output, changes))
  const [input, output] = [of(1, 3, 3, 1), of(1, 2, 2, 1)]
  t.same(broken(input, output), [])
  t.same(broken(of(3, 3, 1), output), ['The input has 4 dimensions'])
  t.same(broken(input, input), ['The output has the shape that the operator computes'])
  t.same(broken(input, output, { filterWidth: 0 }), ['The window has at least one row and one column'])
  t.same(broken(input, output, { strideWidth: 0 }), ['Strides and dilations are from 1 to 32767'])
  t.same(broken(input, output, { padding: 'UNKNOWN' }), ['The padding is SAME or VALID'])
  const equal = 'Input and output have the same scale and zero point'
  t.same(broken(input, tensor({ shape: [1, 2, 2, 1], scale: 0.5001, zeroPoint: -2 })), [equal])
  t.same(broken(input, tensor({ shape: [1, 2, 2, 1], scale: 0.5, zeroPoint: -1 })), [equal])
  const activation = 'The fused activation is NONE, RELU, RELU_N1_TO_1 or RELU6'
  t.same(broken(input, output, { activation: 'TANH' }), [activation])
  t.end()
})
