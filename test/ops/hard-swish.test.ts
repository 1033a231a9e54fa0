import { join } from 'node:path'
import t from 'tap'
import { toBytes } from '../../src/ir/index.js'
import { hardSwish } from '../../src/ops/hard-swish.js'
import { INT8_VALUES } from '../../src/ops/lookup.js'
import { brokenRules, evaluated, instance, lowered, tensor, type TensorDescription } from '../support/instances.js'
import { writeModel } from '../support/model-writer.js'
import { runOracle, skipWithoutOracle } from '../support/oracle.js'
import { seededRandom } from '../support/random.js'
import { projectRoot } from '../support/toolchain.js'

const of = (input: TensorDescription, output: TensorDescription) =>
  instance(hardSwish, { inputs: [tensor(input)], outputs: [tensor(output)], options: null })

t.test('int8: near the function itself', (t) => {
  const scaled = of({ scale: 1 / 16 }, { scale: 1 / 16, zeroPoint: -100 })
  // -8, -3, -1.5, 0, 1.5, 3 and 5 give 0, 0, -0.375, 0, 1.125, 3 and 5
  const inputs = Int8Array.of(-128, -48, -24, 0, 24, 48, 80)
  t.same(evaluated(hardSwish, scaled, [inputs]), [-100, -100, -106, -100, -82, -52, -20])
  t.end()
})

t.test('float32: the function itself', (t) => {
  const real = of({ type: 'float32' }, { type: 'float32' })
  t.same(evaluated(hardSwish, real, [Float32Array.of(-4, -3, -1.5, 0, 3, 7)]), [-0, -0, -0.375, 0, 3, 7])
  t.equal(lowered(hardSwish, real).family, 'hard_swish')
  t.end()
})

t.test('refuses scales that the reference kernel cannot shift', (t) => {
  const [rule = ''] = brokenRules(hardSwish, of({ scale: 256 }, { scale: 256 }))
  t.match(rule, /^The scales of int8 tensors allow 16-bit arithmetic/)
  t.same(brokenRules(hardSwish, of({ scale: 2 ** -21 }, { scale: 2 ** -21 })), [rule])
  t.same(brokenRules(hardSwish, of({ scale: 1 }, { scale: 1 / 256 })), [rule])
  t.same(brokenRules(hardSwish, of({ scale: 2 ** -8 }, { scale: 1 })), [])
  t.same(brokenRules(hardSwish, of({ scale: 2 ** -9 }, { scale: 64 })), [rule])
  t.end()
})

t.test('all int8 values, on many scales, give what the oracle does', { skip: skipWithoutOracle() }, async (t) => {
  const random = seededRandom(20261125)
  const shape = [1, INT8_VALUES.length]
  const scale = (from: number, to: number): number => Math.fround(2 ** (from + (random.below(1e6) / 1e6) * (to - from)))
  const made = Array.from({ length: 600 }, (_, index) => {
    const input = index < 300 ? scale(-8, 0) : scale(-20, 8)
    const output = Math.fround(input * scale(index < 300 ? -2 : -7, index < 300 ? 2 : 7))
    return {
      input: { scale: input, zeroPoint: random.between(-128, 127), shape },
      output: { scale: output, zeroPoint: random.between(-128, 127), shape },
    }
  }).filter(({ input, output }) => brokenRules(hardSwish, of(input, output)).length === 0)
  t.ok(made.length > 500, `${made.length} pairs of scales`)
  const written = ({ scale, zeroPoint }: { readonly scale: number; readonly zeroPoint: number }, name: string) =>
    ({ name, type: 'int8', shape, quantization: { scales: [scale], zeroPoints: [zeroPoint] } }) as const
  const jobs = made.map(({ input, output }) => ({
    model: writeModel({
      tensors: [written(input, 'x'), written(output, 'y')],
      operators: [{ kind: 'HARD_SWISH', inputs: [0], outputs: [1] }],
      ...{ inputs: [0], outputs: [1] },
    }),
    vectors: [[toBytes(INT8_VALUES)]],
  }))
  const results = await runOracle(jobs, join(projectRoot, 'build/test/hard-swish'))
  const wrong = made.filter(({ input, output }, index) => {
    const result = results[index]
    if (result?.status !== 'ok') return true
    const ours = Int8Array.from(evaluated(hardSwish, of(input, output), [INT8_VALUES]) as number[])
    return Buffer.compare(toBytes(ours), result.vectors[0]?.[0] ?? new Uint8Array()) !== 0
  })
  t.same(wrong, [])
})
