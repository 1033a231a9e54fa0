/** SOFTMAX and MEAN at their edges. */
import type { ModelSpec } from '../../support/model-writer.js'
import {
  activation,
  type Affine,
  type EdgeCase,
  edgeCase,
  type Expectation,
  integers,
  layer,
  type Type,
} from './edge-case.js'

interface Softmax extends Expectation {
  readonly type?: Type
  readonly shape?: readonly number[]
  readonly scale?: number
  readonly beta?: number
  readonly output?: Affine
}

const PROBABILITY: Affine = { scale: 1 / 256, zeroPoint: -128 }

function softmax({ type = 'int8', shape = [2, 9], scale = 0.1, beta = 1, output = PROBABILITY }: Softmax): ModelSpec {
  return layer(
    'SOFTMAX',
    { input: activation(type, shape, { scale, zeroPoint: 11 }), output: activation(type, shape, output) },
    { options: { beta } },
  )
}

const RANGE = 'An int8 output has scale 1/256 and zero point -128'
const STEEP = 'beta is positive, and beta times the input scale is at least 2^-26 on int8'
const LONG = 'An int8 softmax runs over at most 4096 elements'

const SOFTMAXES: Readonly<Record<string, Softmax>> = {
  'one element': { shape: [1, 1] },
  'two elements': { shape: [500, 2] },
  'two elements whose results are rounded up together': { shape: [500, 2], scale: Math.fround(2.96938) },
  'one row': { shape: [10] },
  'four dimensions': { shape: [2, 3, 2, 5] },
  '511 elements': { shape: [1, 511] },
  // the oracle aborts where the exponentials, the largest being 1, add up to 512 or more
  '1001 elements': { shape: [2, 1001], vectors: 2 },
  '4096 elements': { shape: [1, 4096], scale: 0.5, vectors: 2 },
  '4097 elements': { shape: [1, 4097], scale: 0.5, refused: LONG, alone: true },
  'scale 2^-20': { scale: 2 ** -20 },
  'scale 2^-26': { scale: 2 ** -26, refused: STEEP },
  'scale just above 2^-26': { scale: Math.fround(2 ** -26 * (1 + 2 ** -20)) },
  'scale 1/3': { scale: Math.fround(1 / 3) },
  'scale 16': { scale: 16 },
  'scale 2^20': { scale: 2 ** 20 },
  'beta 0.5': { beta: 0.5 },
  'beta 1/10': { beta: Math.fround(0.1) },
  'beta 100': { beta: 100 },
  'beta 10^-6': { beta: Math.fround(1e-6), scale: 1 },
  'beta 0': { beta: 0, refused: STEEP },
  'beta -1': { beta: -1, refused: STEEP },
  'another output scale': { output: { scale: 1 / 128, zeroPoint: -128 }, refused: RANGE },
  'another output zero point': { output: { scale: 1 / 256, zeroPoint: 0 }, refused: RANGE },
  float32: { type: 'float32', shape: [3, 17] },
  'float32, beta 0.25': { type: 'float32', beta: 0.25 },
  'float32, beta -1': { type: 'float32', beta: -1 },
  'float32, beta 30': { type: 'float32', beta: 30 },
  'float32, one element': { type: 'float32', shape: [1, 1] },
}

interface Mean extends Expectation {
  readonly type?: Type
  readonly input?: readonly number[]
  readonly axes: readonly number[]
  readonly output: readonly number[]
  readonly keepDims?: boolean
  readonly scales?: readonly [input: number, output: number]
  readonly zeroPoints?: readonly [input: number, output: number]
}

const IMAGE = [2, 5, 7, 3]

function mean(options: Mean): ModelSpec {
  const { type = 'int8', input = IMAGE, axes, output, keepDims = false } = options
  const { scales = [0.5, 0.75], zeroPoints = [-128, -60] } = options
  return layer(
    'MEAN',
    {
      input: activation(type, input, { scale: scales[0], zeroPoint: zeroPoints[0] }),
      constants: [integers(axes)],
      output: activation(type, output, { scale: scales[1], zeroPoint: zeroPoints[1] }),
    },
    { options: { keepDims } },
  )
}

const MEANS: Readonly<Record<string, Mean>> = {
  'rows and columns': { axes: [1, 2], output: [2, 3] },
  'rows and columns, equal quantization': { axes: [1, 2], output: [2, 3], scales: [0.5, 0.5], zeroPoints: [7, 7] },
  'rows and columns, kept': { axes: [2, 1], output: [2, 1, 1, 3], keepDims: true },
  'rows and columns of 3 channels, negative axes': { axes: [-2, -3], output: [2, 3] },
  rows: { axes: [1], output: [2, 7, 3] },
  'the batch': { axes: [0], output: [5, 7, 3], zeroPoints: [127, -128] },
  channels: { axes: [3], output: [2, 5, 7] },
  'dimensions apart': { axes: [0, 2], output: [5, 3] },
  everything: {
    axes: [0, 1, 2, 3],
    output: [1],
    keepDims: false,
    refused: 'The output has the shape that the operator computes',
    alone: true,
  },
  'everything to a scalar': { axes: [0, 1, 2, 3], output: [] },
  'an axis listed twice': { axes: [1, 1, 2], output: [2, 3] },
  'one element': { input: [1, 1], axes: [1], output: [1] },
  '4099 elements': { input: [1, 4099], axes: [1], output: [1], scales: [1, 1] },
  'a factor of 2^-30': { axes: [1, 2], output: [2, 3], scales: [2 ** -20, 2 ** 10] },
  'a factor of 2^10': { axes: [1, 2], output: [2, 3], scales: [2 ** 10, 1], zeroPoints: [0, 0] },
  'a factor of 2^29': { axes: [1, 2], output: [2, 3], scales: [2 ** 29, 1], zeroPoints: [0, 0] },
}

export const reductionEdges: readonly EdgeCase[] = [
  ...Object.entries(SOFTMAXES).map(([name, options]) => edgeCase(`SOFTMAX, ${name}`, options, softmax(options))),
  ...Object.entries(MEANS).flatMap(([name, options]) => [
    edgeCase(`MEAN int8, ${name}`, options, mean(options)),
    edgeCase(`MEAN float32, ${name}`, options, mean({ ...options, type: 'float32' })),
  ]),
]
