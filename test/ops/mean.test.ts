import t from 'tap'
import { toBytes, type Tensor } from '../../src/ir/index.js'
import { mean, type MeanOptions } from '../../src/ops/mean.js'
import type { Instance } from '../../src/ops/index.js'
import { brokenRules, evaluated, instance, tensor } from '../support/instances.js'

const axesOf = (...axes: readonly number[]): Tensor =>
  tensor({ type: 'int32', shape: [axes.length], data: toBytes(Int32Array.from(axes)) })

function over(
  input: Tensor,
  axes: readonly number[],
  outputShape: readonly number[],
  changes: Partial<Tensor> & { readonly keepDimensions?: boolean } = {},
): Instance<MeanOptions> {
  const { keepDimensions = false, ...rest } = changes
  const output = { ...input, shape: outputShape, ...rest }
  return instance(mean, { inputs: [input, axesOf(...axes)], outputs: [output], options: { keepDimensions } })
}

const image = tensor({ shape: [1, 2, 2, 2], scale: 1 })
/** Channel 0 holds 1, 2, 3, 4; channel 1 holds -1, -2, -3, -4. */
const pixels = Int8Array.of(1, -1, 2, -2, 3, -3, 4, -4)

t.test('averages rows and columns, rounded half away from zero', (t) => {
  t.same(evaluated(mean, over(image, [1, 2], [1, 2]), [pixels]), [3, -3])
  t.same(evaluated(mean, over(image, [1, 2], [1, 1, 1, 2], { keepDimensions: true }), [pixels]), [3, -3])
  t.end()
})

t.test('axes may be negative, in any order, and listed twice', (t) => {
  for (const axes of [
    [-2, -3],
    [2, 1],
    [1, 2, 1],
    [1, -2, -3],
  ]) {
    t.same(evaluated(mean, over(image, axes, [1, 2]), [pixels]), [3, -3], `axes ${axes.join()}`)
    t.same(brokenRules(mean, over(image, axes, [1, 2])), [])
  }
  t.end()
})

t.test('reduces dimensions that do not lie side by side', (t) => {
  const input = tensor({ shape: [2, 3, 2, 2], type: 'float32' })
  const values = Float32Array.from({ length: 24 }, (_, i) => i)
  // rows 0 and 2 of dimension 1 are kept: (i, j, k, l) is 12i + 4j + 2k + l
  t.same(evaluated(mean, over(input, [0, 2], [3, 2]), [values]), [7, 8, 11, 12, 15, 16])
  t.same(evaluated(mean, over(input, [1, 3], [2, 2]), [values]), [4.5, 6.5, 16.5, 18.5])
  t.same(evaluated(mean, over(input, [0, 1, 2, 3], []), [values]), [11.5])
  t.end()
})

t.test('takes the zero point off and scales to the output', (t) => {
  const input = tensor({ shape: [4], scale: 0.5, zeroPoint: -128 })
  const quantization = { scales: [0.25], zeroPoints: [10], dimension: 0 }
  // (0 + 4 + 8 + 12) / 4 * 0.5 / 0.25 + 10
  t.same(evaluated(mean, over(input, [0], [], { quantization }), [Int8Array.of(-128, -124, -120, -116)]), [22])
  const fine = { scales: [2 ** -10], zeroPoints: [0], dimension: 0 }
  t.same(evaluated(mean, over(input, [0], [], { quantization: fine }), [Int8Array.of(-128, -124, -120, -116)]), [127])
  t.end()
})

t.test('holds the division in the multiplier, cut off after 31 bits', (t) => {
  const input = tensor({ shape: [3], scale: 1 })
  const fields = { multiplier: Math.floor(2 ** 31 / 3), shift: 0, sum_offset: 0, output_zero_point: 0 }
  t.match(mean.lower(over(input, [0], [])), { family: 'mean', type: 's8', reads: [0], fields })
  const shifted = tensor({ shape: [3], scale: 1, zeroPoint: -7 })
  t.match(mean.lower(over(shifted, [0], [])), { fields: { sum_offset: 21 } })
  t.end()
})

t.test('gives the multiplier no more bits than the right shift has room for', (t) => {
  // a ratio of 2^-31 leaves one of the two bits that four elements would take
  const input = tensor({ shape: [4], scale: 2 ** -31 })
  const quantization = { scales: [1], zeroPoints: [0], dimension: 0 }
  const fields = { multiplier: 2 ** 30 / 2, shift: -31 }
  t.match(mean.lower(over(input, [0], [], { quantization })), { fields })
  t.end()
})

t.test('merges neighbouring dimensions into loops', (t) => {
  const loops = (input: Tensor, axes: readonly number[], shape: readonly number[]): readonly unknown[] => {
    const fields = [mean.lower(over(input, axes, shape))].flat()[0]?.fields
    const values = (name: string): readonly unknown[] => [0, 1, 2].map((i) => fields?.[`${name}_${i}`])
    return ['kept_extent', 'kept_stride', 'reduced_extent', 'reduced_stride'].map(values)
  }
  const photo = tensor({ shape: [2, 4, 5, 3], type: 'float32' })
  t.same(loops(photo, [1, 2], [2, 3]), [
    [1, 2, 3],
    [0, 60, 1],
    [1, 1, 20],
    [0, 0, 3],
  ])
  t.same(loops(photo, [0, 3], [4, 5]), [
    [1, 1, 20],
    [0, 0, 3],
    [1, 2, 3],
    [0, 60, 1],
  ])
  t.same(loops(photo, [0, 1, 2, 3], []), [
    [1, 1, 1],
    [0, 0, 0],
    [1, 1, 120],
    [0, 0, 1],
  ])
  t.end()
})

t.test('consumes an image row by row when it reduces rows and columns', (t) => {
  const flow = mean.dataFlow(over(image, [1, 2], [1, 2]))
  t.match(flow, { inPlace: [], lanewise: true, accumulates: true })
  t.match(mean.dataFlow(over(image, [1, 2, 3], [1])), { lanewise: false, accumulates: true })
  t.match(mean.dataFlow(over(image, [3], [1, 2, 2])), { lanewise: false, accumulates: false })
  t.end()
})

t.test('refuses what the reference kernels do not compute', (t) => {
  const broken = (inputs: readonly (Tensor | undefined)[], output: Tensor): readonly string[] =>
    brokenRules(mean, instance(mean, { inputs, outputs: [output], options: { keepDimensions: false } }))
  const output = { ...image, shape: [1, 2] }
  t.same(broken([image, axesOf(1, 2)], output), [])
  t.same(broken([image], output), ['The operator has 2 inputs and 1 output'])
  t.same(broken([tensor({ type: 'int16' }), axesOf(1)], output), ['The input is int8 or float32'])
  t.same(broken([image, axesOf(1, 2)], { ...output, type: 'float32' }), ['Input and output have the same type'])
  t.same(broken([image, tensor({ type: 'int64', shape: [2] })], output), ['The list of axes is int32'])
  t.same(broken([image, tensor({ type: 'int32', shape: [2] })], output), ['The list of axes is a constant'])
  const deep = { ...image, shape: [1, 1, 1, 2, 2, 2, 2] }
  t.same(broken([deep, axesOf(1, 2)], output), ['Inputs have at most 6 dimensions'])
  t.same(broken([image, axesOf(1, 4)], output), ['The axes are dimensions of the input'])
  t.same(broken([image, axesOf(-5)], output), ['The axes are dimensions of the input'])
  t.same(broken([image, axesOf(1)], output), ['The output has the shape that the operator computes'])
  const unquantized = 'int8 activations are quantized per tensor, with one scale and one zero point'
  t.same(broken([tensor({ shape: [1, 2, 2, 2] }), axesOf(1, 2)], output), [unquantized])
  t.end()
})

t.test('refuses long lists of axes in float32 alone', (t) => {
  const float = { ...image, type: 'float32' } as const
  t.same(brokenRules(mean, over(float, [1, 2, 1, 2], [1, 2])), [])
  t.same(brokenRules(mean, over(float, [1, 2, 1, 2, 1], [1, 2])), ['A float32 mean lists at most 4 axes'])
  t.same(brokenRules(mean, over(image, [1, 2, 1, 2, 1], [1, 2])), [])
  t.end()
})

t.test('refuses factors that no kernel can scale by', (t) => {
  const to = (scale: number): readonly string[] =>
    brokenRules(mean, over(image, [1, 2], [1, 2], { quantization: { scales: [scale], zeroPoints: [0], dimension: 0 } }))
  t.same(to(2 ** -31), [], 'four elements take two bits of the factor away')
  t.same(to(2 ** -32), ['The input scale is below 2^30 times the output scale'])
  t.end()
})
