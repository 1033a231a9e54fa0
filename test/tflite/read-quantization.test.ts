import t from 'tap'
import { readModel } from '../../src/tflite/index.js'
import { type QuantizationSpec, type TensorSpec, writeModel } from '../support/model-writer.js'
import { addModel, findingsOf } from './findings-of.js'

function quantizationOf(quantization: QuantizationSpec, changes: Partial<TensorSpec> = {}): unknown {
  const model = addModel({ c: { data: new Int8Array(12), shape: [3, 4], quantization, ...changes } })
  return readModel(writeModel(model)).graphs[0]?.tensors[1]?.quantization
}

t.test('reads one scale, whatever dimension it names', (t) => {
  const expected = { scales: [0.25], zeroPoints: [-128], dimension: 0 }
  t.same(quantizationOf({ scales: [0.25], zeroPoints: [-128] }), expected)
  t.same(quantizationOf({ scales: [0.25], zeroPoints: [-128], dimension: 9 }), expected)
  t.end()
})

t.test('reads a scale for each slice along a dimension', (t) => {
  const zeroPoints = [1, 0, -1]
  const expected = { scales: [0.25, 0.5, 1], zeroPoints, dimension: 0 }
  t.same(quantizationOf({ scales: [0.25, 0.5, 1], zeroPoints, dimension: 0 }), expected)
  t.same(quantizationOf({ scales: [1, 1, 1, 1], dimension: 1 }), {
    scales: [1, 1, 1, 1],
    zeroPoints: [0, 0, 0, 0],
    dimension: 1,
  })
  t.end()
})

t.test('gives scales as the exact float32 values of the file', (t) => {
  t.same(quantizationOf({ scales: [0.1], zeroPoints: [0] }), {
    scales: [Math.fround(0.1)],
    zeroPoints: [0],
    dimension: 0,
  })
  t.end()
})

t.test('absent zero points are 0, and a single one holds for all scales', (t) => {
  const scales = [0.25, 0.5, 1]
  t.same(quantizationOf({ scales, zeroPoints: [] }), { scales, zeroPoints: [0, 0, 0], dimension: 0 })
  t.same(quantizationOf({ scales, zeroPoints: [7] }), { scales, zeroPoints: [7, 7, 7], dimension: 0 })
  t.end()
})

t.test('a vector may name the dimension of the filter that it belongs to', (t) => {
  const quantization = { scales: [0.25, 0.5, 1], dimension: 3 }
  const bias = { type: 'int32', shape: [3], data: [1, 2, 3] } as const
  t.same(quantizationOf(quantization, bias), { scales: [0.25, 0.5, 1], zeroPoints: [0, 0, 0], dimension: 0 })
  t.end()
})

t.test('a table without scales, and one on floating-point values, says nothing', (t) => {
  t.equal(quantizationOf({}), undefined)
  t.equal(quantizationOf({ min: [-1], max: [1] }), undefined)
  const float = { type: 'float32', shape: [1], data: [1] } as const
  t.equal(quantizationOf({ scales: [NaN], zeroPoints: [1, 2, 3] }, float), undefined)
  t.end()
})

const FAULTS: readonly (readonly [name: string, quantization: QuantizationSpec, finding: string])[] = [
  ['a scale of zero', { scales: [0] }, 'BAD_MODEL: Scales are positive and finite, scale[0] = 0'],
  [
    'a negative scale',
    { scales: [1, 1, -0.5, 1], dimension: 1 },
    'BAD_MODEL: Scales are positive and finite, scale[2] = -0.5',
  ],
  ['a scale that is not a number', { scales: [NaN] }, 'BAD_MODEL: Scales are positive and finite, scale[0] = NaN'],
  ['an infinite scale', { scales: [Infinity] }, 'BAD_MODEL: Scales are positive and finite, scale[0] = Infinity'],
  [
    'a zero point outside of the type',
    { scales: [1], zeroPoints: [128] },
    'BAD_MODEL: Zero points of int8 lie between -128 and 127, zero_point[0] = 128',
  ],
  [
    'a zero point of 64 bits',
    { scales: [1], zeroPoints: [-(2 ** 40)] },
    'BAD_MODEL: Zero points of int8 lie between -128 and 127, zero_point[0] = -1099511627776',
  ],
  [
    'zero points that are not as many as scales',
    { scales: [1, 1, 1], zeroPoints: [1, 2] },
    'BAD_MODEL: There are as many zero points as scales, 3 scales, 2 zero points',
  ],
  [
    'scales that are not as many as slices',
    { scales: [1, 1] },
    'BAD_MODEL: There is one scale, or one for each slice along the quantized dimension, 2 scales, quantized_dimension = 0, shape [3, 4]',
  ],
  [
    'a quantized dimension that the shape does not have',
    { scales: [1, 1, 1], dimension: 2 },
    'BAD_MODEL: There is one scale, or one for each slice along the quantized dimension, 3 scales, quantized_dimension = 2, shape [3, 4]',
  ],
  [
    'a negative quantized dimension',
    { scales: [1, 1, 1], dimension: -1 },
    'BAD_MODEL: There is one scale, or one for each slice along the quantized dimension, 3 scales, quantized_dimension = -1, shape [3, 4]',
  ],
  [
    'quantization by blocks',
    { scales: [1], detailsType: 2 },
    'UNSUPPORTED_QUANTIZATION: Quantization is affine, by scale and zero point, details_type = BlockwiseQuantization',
  ],
  [
    'quantization of a kind that the schema does not have',
    { detailsType: 77 },
    'UNSUPPORTED_QUANTIZATION: Quantization is affine, by scale and zero point, details_type = 77',
  ],
]

for (const [name, quantization, finding] of FAULTS) {
  t.test(`refuses ${name}`, (t) => {
    const model = addModel({ c: { data: new Int8Array(12), shape: [3, 4], quantization } })
    t.same(findingsOf(model), [`${finding} at subgraph 0, tensor 1 "c"`])
    t.end()
  })
}
