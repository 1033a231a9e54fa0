import t from 'tap'
import type { Tensor } from '../../src/ir/index.js'
import type { Instance } from '../../src/ops/index.js'
import { softmax, type SoftmaxOptions } from '../../src/ops/softmax.js'
import { brokenRules, evaluated, instance, lowered, optionsTable, tensor } from '../support/instances.js'
import { EVERY_PAIR } from '../support/pairs.js'

const PROBABILITIES = { scale: 1 / 256, zeroPoint: -128 }

function over(shape: readonly number[], scale: number, beta = 1): Instance<SoftmaxOptions> {
  const [input, output] = [tensor({ shape, scale, zeroPoint: 7 }), tensor({ shape, ...PROBABILITIES })]
  return instance(softmax, { inputs: [input], outputs: [output], options: { beta } })
}

function real(shape: readonly number[], beta = 1): Instance<SoftmaxOptions> {
  const float = tensor({ shape, type: 'float32' })
  return instance(softmax, { inputs: [float], outputs: [float], options: { beta } })
}

/** Softmax in double, in steps of 1/256 from -128 on, limited to int8. */
function exact(values: readonly number[], steepness: number): readonly number[] {
  const powers = values.map((value) => Math.exp(value * steepness))
  const sum = powers.reduce((a, b) => a + b)
  return powers.map((power) => Math.min(127, Math.round((256 * power) / sum) - 128))
}

t.test('equal elements share evenly, whatever they are', (t) => {
  for (const value of [-128, 0, 127]) {
    t.same(evaluated(softmax, over([4], 0.1), [Int8Array.from([value, value, value, value])]), [-64, -64, -64, -64])
  }
  t.same(evaluated(softmax, over([1, 1], 0.1), [Int8Array.of(-5)]), [127], 'one element is 1, saturated')
  t.end()
})

t.test('the difference between elements counts, scaled by beta and the scale of the input', (t) => {
  // e^(4 * 0.5) = 7.389: 256 * 7.389 / 8.389 = 225.5
  const two = Int8Array.of(14, 10)
  t.same(evaluated(softmax, over([1, 2], 0.5), [two]), [97, -97])
  t.same(evaluated(softmax, over([1, 2], 0.25, 2), [two]), [97, -97])
  t.same(evaluated(softmax, over([1, 2], 0.5, 0.5), [two]), exact([14, 10], 0.25))
  t.end()
})

t.test('is within one step of the real softmax', (t) => {
  const values = Array.from({ length: 10 }, (_, i) => ((i * 53) % 128) - 64)
  for (const scale of [0.01, 0.05, 0.3]) {
    const expected = exact(values, scale)
    const steps = evaluated(softmax, over([1, 10], scale), [Int8Array.from(values)])
    t.ok(
      steps.every((step, i) => Math.abs(step - (expected[i] ?? NaN)) <= 1),
      `scale ${scale}`,
    )
  }
  t.end()
})

t.test('elements far below the largest are nothing', (t) => {
  t.same(evaluated(softmax, over([1, 3], 16), [Int8Array.of(-128, 126, 127)]), [-128, -128, 127])
  t.end()
})

t.test('every vector along the last dimension is one', (t) => {
  const values = Int8Array.of(14, 10, 0, 0, 10, 14)
  t.same(evaluated(softmax, over([3, 1, 2], 0.5), [values]), [97, -97, 0, 0, -97, 97])
  t.end()
})

t.test('more than 512 equal elements are less than half a step each', (t) => {
  for (const count of [512, 4096]) {
    const shares = evaluated(softmax, over([count], 0.1), [new Int8Array(count)])
    t.same([...new Set(shares)], [-128])
  }
  t.same([...new Set(evaluated(softmax, over([511], 0.1), [new Int8Array(511)]))], [-127], '256 / 511 is more')
  t.end()
})

t.test('float32: shares of the exponentials', (t) => {
  const shares = evaluated(softmax, real([2, 2]), [Float32Array.of(0, Math.log(3), 1000, 1000)])
  t.ok([0.25, 0.75, 0.5, 0.5].every((share, i) => Math.abs(share - (shares[i] ?? NaN)) < 1e-6))
  const [steep = NaN] = evaluated(softmax, real([2], 2), [Float32Array.of(0, Math.log(3))])
  t.ok(Math.abs(steep - 0.1) < 1e-6)
  t.end()
})

t.test('may overwrite its input vector by vector', (t) => {
  const vectors = { kind: 'vectors', input: 5, output: 5 }
  t.match(softmax.dataFlow(over([2, 3, 5], 0.1)), {
    inputs: [vectors],
    inPlace: [0],
    lanewise: false,
    accumulates: false,
  })
  t.end()
})

t.test('asks for its kernel with a table of exponentials as far as they count', (t) => {
  const { family, type, reads, fields } = lowered(softmax, over([2, 3, 5], 1))
  t.same([family, type, reads], ['softmax', 's8', [0]])
  const exponentials = fields['exponentials'] as Int32Array
  // 1 is 0.5 * 2^1, and the reference kernels leave out differences above 31 / 2^1
  t.match(fields, { rows: 6, depth: 5, entries: 16 })
  t.equal(exponentials.length, 16)
  t.equal(exponentials[0], 2 ** 31 - 1)
  t.ok(Math.abs((exponentials[1] ?? 0) / 2 ** 31 - Math.exp(-1)) < 1e-6)
  t.match(lowered(softmax, over([5], 0.001)).fields, { rows: 1, entries: 256 }, 'no two int8 are further apart')
  t.match(lowered(softmax, real([2, 3], 0.5)), {
    family: 'softmax',
    type: 'f32',
    fields: { rows: 2, depth: 3, beta: 0.5 },
  })
  t.end()
})

/** Results of all pairs by the table that the kernel for two elements reads. */
const pairsByTable = (distances: Uint8Array): Int8Array =>
  EVERY_PAIR.map((value, index) => {
    const difference = value - (EVERY_PAIR[index ^ 1] ?? 0)
    return Math.floor((Math.sign(difference) * (distances[Math.abs(difference)] ?? 255)) / 2)
  })

t.test('asks for the kernel for two elements with a table of how far apart their results are', (t) => {
  // 256 / (1 + e^-d) is 187.2, 225.5, 243.9, 251.4, 254.3, 255.4 for d = 1 to 6, and rounds to more than int8 holds for 7
  const { family, fields } = lowered(softmax, over([3, 2], 1))
  t.same([family, fields['rows'], fields['entries']], ['binary_softmax', 3, 7])
  t.same(fields['distances'], Uint8Array.of(0, 118, 194, 232, 246, 252, 254))
  for (const [scale, beta] of [
    [2 ** -25, 1],
    [0.001, 1],
    [0.02, 0.3],
    [0.0625, 1],
    [0.3, 2],
    [2, 1],
    [100, 1],
  ] as const) {
    const { family, fields } = lowered(softmax, over([1, 2], scale, beta))
    t.equal(family, 'binary_softmax')
    const pairs = pairsByTable(fields['distances'] as Uint8Array)
    const results = evaluated(softmax, over([256, 256, 2], scale, beta), [EVERY_PAIR])
    t.ok(Buffer.from(pairs).equals(Buffer.from(Int8Array.from(results))), `scale ${scale}, beta ${beta}`)
  }
  t.end()
})

t.test('where two results are rounded up together, it asks for the kernel for any number of elements', (t) => {
  // 256 / (1 + e^-2.96938) is 243.49998, and the fixed-point reciprocal is a little above
  t.same(evaluated(softmax, over([1, 2], 2.96938), [Int8Array.of(1, 0)]), [116, -115])
  t.equal(lowered(softmax, over([1, 2], 2.96938)).family, 'softmax')
  t.equal(lowered(softmax, real([3, 2])).family, 'softmax')
  t.end()
})

t.test('reads its option', (t) => {
  t.same(softmax.parse(optionsTable({ 0: 0.5 })), { beta: 0.5 })
  t.same(softmax.parse(optionsTable({})), { beta: 0 })
  t.end()
})

t.test('refuses what the reference kernels do not compute, each thing once', (t) => {
  const broken = (input: Tensor, output: Tensor, beta = 1): readonly string[] =>
    brokenRules(softmax, instance(softmax, { inputs: [input], outputs: [output], options: { beta } }))
  const input = tensor({ scale: 0.1 })
  const output = tensor(PROBABILITIES)
  const float = tensor({ type: 'float32' })
  t.same(broken(input, output), [])
  t.same(brokenRules(softmax, instance(softmax, { inputs: [], outputs: [output], options: { beta: 1 } })), [
    'The operator has 1 input and 1 output',
  ])
  t.same(broken(tensor({ type: 'int16' }), output), ['The input is int8 or float32'])
  t.same(broken(input, { ...output, type: 'int16' }), ['Input and output have the same type'])
  t.same(broken(tensor(), output), ['int8 activations are quantized per tensor, with one scale and one zero point'])
  const shape = ['Input and output have the same shape, of at least one dimension']
  t.same(broken(input, tensor({ shape: [4], ...PROBABILITIES })), shape)
  t.same(broken(tensor({ shape: [], scale: 1 }), tensor({ shape: [], ...PROBABILITIES })), shape)
  const range = ['An int8 output has scale 1/256 and zero point -128']
  t.same(broken(input, tensor({ scale: 1 / 128, zeroPoint: -128 })), range)
  t.same(broken(input, tensor({ scale: 1 / 256, zeroPoint: 0 })), range)
  const long = { shape: [1, 4097] }
  t.same(broken({ ...input, ...long }, { ...output, ...long }), ['An int8 softmax runs over at most 4096 elements'])
  t.same(broken({ ...float, ...long }, { ...float, ...long }), [])
  const steep = ['beta is positive, and beta times the input scale is at least 2^-26 on int8']
  t.same(broken(input, output, 0), steep)
  t.same(broken(input, output, -1), steep)
  t.same(broken(tensor({ scale: 2 ** -26 }), output), steep)
  t.same(broken(tensor({ scale: 2 ** -25 }), output), [])
  t.same(broken(float, float, NaN), steep)
  t.same(broken(float, float, -1), [])
  t.end()
})
