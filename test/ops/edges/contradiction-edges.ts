/** Models that contradict themselves, or hold what no kernel computes: whatever the oracle refuses, eonc does. */
import type { ModelSpec, OperatorSpec, TensorSpec } from '../../support/model-writer.js'
import { activation, bias, type EdgeCase, edgeCase, type Expectation, layer, weights } from './edge-case.js'

type Change = Partial<TensorSpec>

interface Contradiction extends Expectation {
  readonly input?: Change
  readonly weights?: Change
  readonly bias?: Change
  readonly output?: Change
  /** Options beside those of a valid layer. */
  readonly options?: Readonly<Record<string, unknown>>
}

const INPUT_SCALE = 0.5
const WEIGHTS_SCALE = 0.25
const affine = { scale: INPUT_SCALE, zeroPoint: 3 }

/** A layer on a 1x4x4x2 image, changed. */
function contradicted(kind: string, { options, ...changes }: Contradiction): ModelSpec {
  const depthwise = kind === 'DEPTHWISE_CONV_2D'
  const pooled = kind === 'AVERAGE_POOL_2D' || kind === 'MAX_POOL_2D'
  const shape = depthwise ? [1, 2, 2, 2] : [2, 2, 2, 2]
  const constants = pooled
    ? []
    : [
        { ...weights('int8', shape, [WEIGHTS_SCALE], depthwise ? 3 : 0), ...changes.weights },
        { ...bias('int8', 2, [100, -100], [INPUT_SCALE * WEIGHTS_SCALE]), ...changes.bias },
      ]
  const valid = {
    padding: 'VALID',
    strideH: 1,
    strideW: 1,
    ...(depthwise ? { depthMultiplier: 1 } : {}),
    ...(pooled ? { filterH: 2, filterW: 2 } : {}),
  }
  return layer(
    kind,
    {
      input: { ...activation('int8', [1, 4, 4, 2], affine), ...changes.input },
      constants,
      output: { ...activation('int8', [1, 3, 3, 2], affine), ...changes.output },
    },
    { options: { ...valid, ...options } as NonNullable<OperatorSpec['options']> },
  )
}

const SHAPE = 'The output has the shape that the operator computes'
const STEPS = 'Strides and dilations are from 1 to 32767'
const ACTIVATION = 'The fused activation is NONE, RELU, RELU_N1_TO_1 or RELU6'
const PER_TENSOR = 'int8 activations are quantized per tensor, with one scale and one zero point'
const TYPE = 'Input and output have the same type'

const windowed: Readonly<Record<string, Contradiction>> = {
  'an output that is too high': { output: { shape: [1, 4, 3, 2] }, refused: SHAPE, alone: true },
  'an output that is too narrow': { output: { shape: [1, 3, 2, 2] }, refused: SHAPE, alone: true },
  'an output of another type': { output: { type: 'int16' }, refused: TYPE, alone: true },
  'an input without quantization': { input: { quantization: {} }, refused: PER_TENSOR },
  'a stride of 0': { options: { strideW: 0 }, refused: STEPS, alone: true },
  'a negative stride': { options: { strideH: -1 }, refused: STEPS, alone: true },
  'fused TANH': { options: { activation: 'TANH' }, refused: ACTIVATION, alone: true },
  'an input of 3 dimensions': { input: { shape: [4, 4, 2] }, refused: 'The input has 4 dimensions', alone: true },
}

const weighted: Readonly<Record<string, Contradiction>> = {
  'float32 weights': {
    weights: { type: 'float32', shape: [1, 2, 2, 2], data: new Float32Array(8), quantization: {} },
    refused: 'Weights have the type of the input: int8 with int8, float32 with float32',
  },
  'weights without quantization': {
    weights: { quantization: {} },
    refused: 'int8 weights have one scale, or one for each output channel along their own dimension',
  },
  'scales along another dimension': {
    weights: { quantization: { scales: [0.1, 0.2], dimension: 1 } },
    refused: 'int8 weights have one scale, or one for each output channel along their own dimension',
    alone: true,
  },
  'weights with a zero point': {
    weights: { quantization: { scales: [WEIGHTS_SCALE], zeroPoints: [1] } },
    refused: 'int8 weights are symmetric: their zero points are 0',
    alone: true,
  },
  'a bias of int64': {
    bias: { type: 'int64', data: [100, -100] },
    refused: 'The bias is int32 for int8 inputs and float32 for float32 inputs',
    alone: true,
  },
  'a bias that is too short': {
    bias: { shape: [1], data: Int32Array.of(7) },
    refused: 'The bias has one element for each output channel',
    alone: true,
  },
  'a dilation of 0': { options: { dilationH: 0 }, refused: STEPS, alone: true },
}

const pooling: Readonly<Record<string, Contradiction>> = {
  'a window without rows': {
    options: { filterH: 0 },
    refused: 'The window has at least one row and one column',
    alone: true,
  },
  'an output of other scale': {
    output: { quantization: { scales: [0.25] } },
    refused: 'Input and output have the same scale and zero point',
  },
}

const of = (kind: string, list: Readonly<Record<string, Contradiction>>): readonly EdgeCase[] =>
  Object.entries(list).map(([name, change]) => edgeCase(`${kind}, ${name}`, change, contradicted(kind, change)))

export const contradictionEdges: readonly EdgeCase[] = [
  ...of('CONV_2D', { ...windowed, ...weighted }),
  ...of('DEPTHWISE_CONV_2D', { ...windowed, ...weighted }),
  ...of('AVERAGE_POOL_2D', { ...windowed, ...pooling }),
  ...of('MAX_POOL_2D', { ...windowed, ...pooling }),
]
