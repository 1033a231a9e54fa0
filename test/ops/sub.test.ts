import t from 'tap'
import type { KernelRequest } from '../../src/ops/index.js'
import { add } from '../../src/ops/add.js'
import { sub } from '../../src/ops/sub.js'
import { brokenRules, evaluated, instance, tensor } from '../support/instances.js'

const options = { activation: 'NONE' } as const
const half = tensor({ scale: 0.5 })

t.test('subtracts real values', (t) => {
  const b = tensor({ scale: 0.25, zeroPoint: 10 })
  const output = tensor({ scale: 0.5, zeroPoint: -1 })
  const difference = instance(sub, { inputs: [half, b], outputs: [output], options })
  // (10 * 0.5 - (14 - 10) * 0.25) / 0.5 - 1 = 7; the third is 0.25 / 0.5, half a unit
  t.same(evaluated(sub, difference, [Int8Array.of(10, 0, 0, 127), Int8Array.of(14, 10, 9, -128)]), [7, -1, 0, 127])
  t.end()
})

t.test('subtracts floats, with broadcasting and activation', (t) => {
  const vector = tensor({ shape: [3], type: 'float32' })
  const scalar = tensor({ shape: [], type: 'float32' })
  const inputs = [Float32Array.of(2), Float32Array.of(1, 2, 5)]
  const from = { inputs: [scalar, vector], outputs: [vector] }
  t.same(evaluated(sub, instance(sub, { ...from, options }), inputs), [1, 0, -3])
  t.same(evaluated(sub, instance(sub, { ...from, options: { activation: 'RELU' } }), inputs), [1, 0, 0])
  t.end()
})

t.test('computes its scaling in float32, other than ADD', (t) => {
  const [a, b, output] = [0.1, 0.3, 0.7].map((scale) => tensor({ scale: Math.fround(scale) }))
  const operands = { inputs: [a, b], outputs: [output ?? half], options }
  const multipliers = ({ fields }: KernelRequest): readonly number[] =>
    ['multiplier_1', 'output_multiplier'].map((name) => Number(fields[name]))
  // float32 has 24 bits of the multiplier's 31, so that the last seven are zeros
  const low = (request: KernelRequest | readonly KernelRequest[]): readonly number[] =>
    multipliers(request as KernelRequest).map((multiplier) => multiplier % 128)
  t.same(low(sub.lower(instance(sub, operands))), [0, 0])
  t.not(low(add.lower(instance(add, operands)))[0], 0)
  t.match(sub.lower(instance(sub, operands)), { family: 'sub', type: 's8', reads: [0, 1] })
  t.end()
})

t.test('refuses scales that the reference kernels abort on', (t) => {
  const rule = 'The output scale is above 2^-19 of the larger input scale, and no ratio of the scales underflows'
  const broken = (...scales: readonly [number, number, number]): readonly string[] => {
    const [a, b, output] = scales.map((scale) => tensor({ scale }))
    return brokenRules(sub, instance(sub, { inputs: [a, b], outputs: [output ?? half], options }))
  }
  t.same(broken(0.5, 0.25, 0.5), [])
  t.same(broken(0.5, 0.25, 2 ** -20), [rule])
  t.same(broken(2 ** 127, 2 ** 127, 2 ** 127), [rule], 'twice the scale is beyond float32')
  t.same(broken(2 ** -100, 2 ** 60, 2 ** 60), [rule], 'the ratio is below float32')
  t.end()
})

t.test('has the rules of all operators on two tensors', (t) => {
  const real = tensor({ type: 'float32' })
  const mixed = instance(sub, { inputs: [half, real], outputs: [half], options })
  t.same(brokenRules(sub, mixed), ['All inputs have the same type'])
  t.end()
})
