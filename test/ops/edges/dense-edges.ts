/** FULLY_CONNECTED at its edges. */
import type { Activation } from '../../support/model-options.js'
import type { ModelSpec } from '../../support/model-writer.js'
import {
  activation,
  bias,
  type EdgeCase,
  edgeCase,
  type Expectation,
  fitting,
  layer,
  LIMIT_BIASES,
  type Spread,
  type Type,
  weights,
} from './edge-case.js'

interface Dense extends Expectation {
  readonly type?: Type
  readonly input?: readonly number[]
  /** The last extent of the input unless told. */
  readonly columns?: number
  readonly outputs?: number
  /** Rows of outputs unless told. */
  readonly output?: readonly number[]
  readonly zeroPoints?: readonly [input: number, output: number]
  readonly inputScale?: number
  /** One, or one for each output. */
  readonly weightScales?: readonly number[]
  /** One that fits the accumulators unless told. */
  readonly outputScale?: number
  readonly weights?: Spread
  /** Repeated over the outputs; `[]` leaves the bias out. */
  readonly bias?: readonly number[]
  /** Product of the scales of input and weights unless told. */
  readonly biasScale?: number
  readonly activation?: Activation
}

function dense(options: Dense): ModelSpec {
  const { type = 'int8', input = [2, 7], outputs = 4, zeroPoints = [0, 0], inputScale = 0.5 } = options
  const { weightScales = [0.25], activation: fused = 'NONE', bias: values = [1000, -777, 5] } = options
  const columns = options.columns ?? input.at(-1) ?? 1
  const rows = input.reduce((product, extent) => product * extent, 1) / columns
  const product = Math.fround(inputScale * (weightScales[0] ?? 1))
  const constants = [weights(type, [outputs, columns], weightScales, 0, options.weights)]
  const outputScale = options.outputScale ?? fitting(product, columns)
  return layer(
    'FULLY_CONNECTED',
    {
      input: activation(type, input, { scale: inputScale, zeroPoint: zeroPoints[0] }),
      constants:
        values.length > 0 ? [...constants, bias(type, outputs, values, [options.biasScale ?? product])] : constants,
      output: activation(type, options.output ?? [rows, outputs], { scale: outputScale, zeroPoint: zeroPoints[1] }),
    },
    { version: 4, options: { activation: fused } },
  )
}

const ROWS = 'The input is rows of as many elements as the weights have columns, and gives as many rows of outputs'

const SHAPES: Readonly<Record<string, Dense>> = {
  'one element': { input: [1, 1], outputs: 1 },
  'a vector': { input: [9], output: [4] },
  'rows of an image': { input: [2, 3, 2, 5], output: [2, 3, 2, 4] },
  'an image as one row': { input: [1, 3, 2, 5], columns: 30 },
  'rows that are not the last dimension': { input: [2, 3, 4], columns: 6, output: [4, 4] },
  'many inputs': { input: [1, 700], outputs: 3 },
  'batch of 3': { input: [3, 5], zeroPoints: [17, -4] },
  'a scalar as input': { input: [], columns: 1, output: [1, 4] },
  'fewer outputs than the weights have rows': { output: [2, 3], refused: ROWS, alone: true },
  'fewer rows than the input has': { output: [1, 4], refused: ROWS, alone: true },
}

const VALUES: Readonly<Record<string, Dense>> = {
  'zero points at the ends': { zeroPoints: [-128, 127], outputScale: 60 },
  'zero points at the other ends': { zeroPoints: [127, -128], outputScale: 60 },
  'weights -128': { weights: 'least', zeroPoints: [-128, 100], outputScale: 300 },
  'bias at the ends of int32': { bias: LIMIT_BIASES, outputScale: 2 ** 22 },
  'bias at the ends of int32, least input': { bias: LIMIT_BIASES, outputScale: 2 ** 22, zeroPoints: [127, 0] },
  'no bias': { bias: [], zeroPoints: [-128, 0] },
  'one scale for each output': { weightScales: [0.25, 0.01, 2 ** -12, 7], outputScale: 100 },
  'scales from 2^-30 to 2^10': { weightScales: [2 ** -30, 2 ** 10, 0.25, 1e-6], outputScale: 60 },
  'scales that do not multiply exactly': { inputScale: Math.fround(0.1), weightScales: [Math.fround(1 / 3)] },
  'bias scale within 2 % of the output': { biasScale: 0.5, outputScale: 20 },
  'bias scale beyond 2 % of the output': {
    biasScale: 0.6,
    outputScale: 20,
    refused: 'The scale of the bias is the product of the scales of input and weights, within 2 % of the output scale',
  },
  'bias scale beyond 2 %, weights per channel': {
    biasScale: 0.6,
    outputScale: 20,
    weightScales: [0.25, 0.3, 0.2, 0.1],
  },
  RELU: { activation: 'RELU', zeroPoints: [1, -20] },
  RELU6: { activation: 'RELU6', outputScale: 0.05, zeroPoints: [0, -128] },
  RELU_N1_TO_1: { activation: 'RELU_N1_TO_1', outputScale: 0.01, zeroPoints: [0, 90] },
  'RELU6 in steps beyond 32 bits': {
    activation: 'RELU6',
    inputScale: 2 ** -12,
    weightScales: [2 ** -15],
    outputScale: 2 ** -29,
    refused: 'The limits of the fused activation fit 32 bits in the quantization of the output',
  },
}

/** Scale of the weights over that of the output, input scale 1. */
const FACTORS = [-34, -31, -16, -8, -1, 0, 3, 10, 29]

function factorEdges(): readonly EdgeCase[] {
  const model = (exponent: number): ModelSpec =>
    dense({
      inputScale: 1,
      weightScales: [2 ** exponent],
      outputScale: 1,
      zeroPoints: [-1, 5],
      bias: [2 ** 31 - 1, -(2 ** 31), Math.round(50 / 2 ** Math.max(-20, exponent)), 0],
    })
  return FACTORS.map((exponent) => edgeCase(`FULLY_CONNECTED with a factor of 2^${exponent}`, {}, model(exponent)))
}

export const denseEdges: readonly EdgeCase[] = [
  ...Object.entries({ ...SHAPES, ...VALUES }).map(([name, options]) =>
    edgeCase(`FULLY_CONNECTED int8, ${name}`, options, dense(options)),
  ),
  ...Object.entries(SHAPES).map(([name, options]) =>
    edgeCase(`FULLY_CONNECTED float32, ${name}`, options, dense({ ...options, type: 'float32' })),
  ),
  ...factorEdges(),
]
