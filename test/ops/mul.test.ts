import t from 'tap'
import type { Tensor } from '../../src/ir/index.js'
import type { BinaryOptions } from '../../src/ops/binary.js'
import type { Instance } from '../../src/ops/index.js'
import { mul } from '../../src/ops/mul.js'
import { brokenRules, evaluated, instance, tensor } from '../support/instances.js'

const options: BinaryOptions = { activation: 'NONE' }
const product = (a: Tensor, b: Tensor, output: Tensor): Instance<BinaryOptions> =>
  instance(mul, { inputs: [a, b], outputs: [output], options })

t.test('multiplies real values', (t) => {
  const a = tensor({ scale: 0.5, zeroPoint: -3 })
  const b = tensor({ scale: 0.25, zeroPoint: 10 })
  const output = tensor({ scale: 0.125, zeroPoint: 1 })
  // (7 + 3) * 0.5 * (14 - 10) * 0.25 / 0.125 + 1 = 41
  const inputs = [Int8Array.of(7, -3, 127, -5), Int8Array.of(14, 127, 127, 13)]
  t.same(evaluated(mul, product(a, b, output), inputs), [41, 1, 127, -5])
  t.end()
})

t.test('rounds half up when it multiplies, and half away from zero when it shifts', (t) => {
  const unit = tensor({ scale: 1 })
  const ones = Int8Array.of(1, 1, 1, 1)
  const by = (scale: number): Instance<BinaryOptions> => product(unit, unit, tensor({ scale }))
  t.same(evaluated(mul, by(2), [Int8Array.of(1, -1, 3, -3), ones]), [1, 0, 2, -1])
  t.same(evaluated(mul, by(4), [Int8Array.of(2, -2, 6, -6), ones]), [1, -1, 2, -2])
  t.end()
})

t.test('wraps where the scaled product leaves 32 bits, as the reference kernels do', (t) => {
  // a factor just below 2^17 takes -2^14 to -2^31 + 32; the zero point leads below -2^31, and so to the largest value
  const a = tensor({ scale: 2 ** 17 * (1 + 2 ** -13), zeroPoint: -128 })
  const b = tensor({ scale: 1 - 2 ** -13 })
  const output = tensor({ scale: 1, zeroPoint: -128 })
  const inputs = [Int8Array.of(0, 0, -1, 5), Int8Array.of(-128, -127, -128, 0)]
  t.same(evaluated(mul, product(a, b, output), inputs), [127, -128, -128, -128])
  t.end()
})

t.test('multiplies floats, with broadcasting and activation', (t) => {
  const table = tensor({ shape: [2, 3], type: 'float32' })
  const row = tensor({ shape: [3], type: 'float32' })
  const inputs = [Float32Array.of(1, 2, 3, 4, 5, 6), Float32Array.of(1, 0.5, -2)]
  t.same(evaluated(mul, product(table, row, table), inputs), [1, 1, -6, 4, 2.5, -12])
  const limited = instance(mul, { inputs: [table, row], outputs: [table], options: { activation: 'RELU_N1_TO_1' } })
  t.same(evaluated(mul, limited, inputs), [1, 1, -1, 1, 1, -1])
  t.end()
})

t.test('asks for its kernel', (t) => {
  const half = tensor({ scale: 0.5 })
  const fields = { multiplier: 2 ** 30, shift: 0, row: 4, clamp_min: -128, clamp_max: 127 }
  t.match(mul.lower(product(half, half, half)), { family: 'mul', type: 's8', reads: [0, 1], fields })
  const real = tensor({ type: 'float32' })
  t.match(mul.lower(product(real, real, real)), { family: 'mul', type: 'f32' })
  t.end()
})

t.test('refuses factors that no kernel can scale by', (t) => {
  const rule = 'The product of the input scales is below 2^30 times the output scale'
  const broken = (output: number): readonly string[] =>
    brokenRules(mul, product(tensor({ scale: 4 }), tensor({ scale: 2 }), tensor({ scale: output })))
  t.same(broken(2 ** -27 * (1 + 2 ** -20)), [])
  t.same(broken(2 ** -27), [rule])
  const rank7 = tensor({ shape: [1, 1, 1, 1, 1, 1, 4], scale: 1 })
  t.same(brokenRules(mul, product(rank7, rank7, rank7)), ['Inputs have at most 6 dimensions'])
  t.end()
})
