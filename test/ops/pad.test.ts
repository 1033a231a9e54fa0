import t from 'tap'
import { toBytes, type Tensor } from '../../src/ir/index.js'
import type { Instance } from '../../src/ops/index.js'
import { pad } from '../../src/ops/pad.js'
import { brokenRules, evaluated, instance, tensor } from '../support/instances.js'

const paddingsOf = (...counts: readonly number[]): Tensor =>
  tensor({ type: 'int32', shape: [counts.length / 2, 2], data: toBytes(Int32Array.from(counts)) })

const padded = (input: Tensor, paddings: readonly number[], shape: readonly number[]): Instance<null> =>
  instance(pad, { inputs: [input, paddingsOf(...paddings)], outputs: [{ ...input, shape }], options: null })

const square = tensor({ shape: [2, 2], scale: 0.5, zeroPoint: -7 })
const values = Int8Array.of(1, 2, 3, 4)

t.test('writes the zero point of the output around int8', (t) => {
  t.same(evaluated(pad, padded(square, [1, 0, 0, 1], [3, 3]), [values]), [-7, -7, -7, 1, 2, -7, 3, 4, -7])
  const output = tensor({ shape: [6], scale: 0.25, zeroPoint: 5 })
  const other = instance(pad, {
    inputs: [tensor({ shape: [4], scale: 1 }), paddingsOf(1, 1)],
    outputs: [output],
    options: null,
  })
  t.same(evaluated(pad, other, [values]), [5, 1, 2, 3, 4, 5], 'bytes are copied, whatever their scale')
  t.same(brokenRules(pad, other), [])
  t.end()
})

t.test('writes zeros around float32', (t) => {
  const float = tensor({ shape: [1, 2, 1], type: 'float32' })
  const around = padded(float, [0, 0, 1, 1, 1, 0], [1, 4, 2])
  t.same(evaluated(pad, around, [Float32Array.of(1.5, -2)]), [0, 0, 0, 1.5, 0, -2, 0, 0])
  t.end()
})

t.test('copies a tensor that gets no padding', (t) => {
  t.same(evaluated(pad, padded(square, [0, 0, 0, 0], [2, 2]), [values]), [1, 2, 3, 4])
  t.end()
})

t.test('copies rows with the padding around them', (t) => {
  const fields = (input: Tensor, paddings: readonly number[], shape: readonly number[]): unknown =>
    [pad.lower(padded(input, paddings, shape))].flat()[0]?.fields
  const image = tensor({ shape: [2, 4, 5, 3], scale: 1 })
  // columns and channels are one dimension of 15; two images of (4 + 3) rows of 15 + 3 + 6
  t.same(fields(image, [0, 0, 1, 2, 1, 2, 0, 0], [2, 7, 8, 3]), {
    outer: Int32Array.of(4, 3 * 24, 2, 0),
    dimensions: 2,
    rows: 8,
    row: 15,
    left: 3,
    right: 6,
    before: 24,
    after: 48,
    value: 0,
  })
  t.same(fields(square, [0, 0, 0, 0], [2, 2]), {
    outer: Int32Array.of(1, 0),
    dimensions: 1,
    rows: 1,
    row: 4,
    left: 0,
    right: 0,
    before: 0,
    after: 0,
    value: -7,
  })
  t.end()
})

t.test('asks for the kernel of its type', (t) => {
  t.match(pad.lower(padded(square, [1, 0, 0, 1], [3, 3])), { family: 'pad', type: 's8', reads: [0] })
  const float = tensor({ shape: [1], type: 'float32' })
  t.match(pad.lower(padded(float, [1, 0], [2])), { family: 'pad', type: 'f32', fields: { value: 0 } })
  t.end()
})

t.test('refuses what the reference kernels do not compute', (t) => {
  const broken = (inputs: readonly (Tensor | undefined)[], output: Tensor): readonly string[] =>
    brokenRules(pad, instance(pad, { inputs, outputs: [output], options: null }))
  const output = { ...square, shape: [3, 3] }
  const paddings = paddingsOf(1, 0, 0, 1)
  t.same(broken([square, paddings], output), [])
  t.same(broken([square], output), ['The operator has 2 to 3 inputs and 1 output'])
  t.same(broken([tensor({ type: 'int16' }), paddings], output), ['The input is int8 or float32'])
  t.same(broken([square, paddings], { ...output, type: 'float32' }), ['Input and output have the same type'])
  t.same(broken([square, tensor({ type: 'int64', shape: [2, 2] })], output), ['The list of paddings is int32'])
  t.same(broken([square, tensor({ type: 'int32', shape: [2, 2] })], output), ['The list of paddings is a constant'])
  t.same(broken([{ ...square, shape: [] }, paddings], output), ['The input has 1 to 5 dimensions'])
  t.same(broken([{ ...square, shape: [1, 1, 1, 1, 2, 2] }, paddings], output), ['The input has 1 to 5 dimensions'])
  t.same(broken([square, paddingsOf(1, 0)], output), ['There are two paddings for each dimension of the input'])
  t.same(broken([square, paddingsOf(-1, 2, 0, 1)], output), ['Paddings are not negative'])
  t.same(broken([square, paddingsOf(1, 1, 0, 1)], output), ['The output has the shape that the operator computes'])
  const unquantized = 'int8 activations are quantized per tensor, with one scale and one zero point'
  t.same(broken([square, paddings], tensor({ shape: [3, 3] })), [unquantized])
  t.end()
})
