/** CONV_2D and DEPTHWISE_CONV_2D at their edges. */
import type { Activation, Padding } from '../../support/model-options.js'
import type { ModelSpec } from '../../support/model-writer.js'
import {
  activation,
  type Affine,
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

type Pair = readonly [rows: number, columns: number]

/** Where a window goes. */
export interface Geometry {
  readonly input: readonly [batches: number, height: number, width: number, channels: number]
  readonly filter: Pair
  readonly stride?: Pair
  readonly dilation?: Pair
  readonly padding: Padding
}

interface Convolution extends Geometry, Expectation {
  readonly kind: 'CONV_2D' | 'DEPTHWISE_CONV_2D'
  readonly type?: Type
  /** Output channels of CONV_2D; 3 unless told. */
  readonly channels?: number
  /** Groups that the channels of CONV_2D are divided into; 1 unless told. */
  readonly groups?: number
  /** Output channels for each input channel of DEPTHWISE_CONV_2D; 1 unless told. */
  readonly depthMultiplier?: number
  readonly zeroPoints?: Pair
  readonly inputScale?: number
  /** One, or one for each output channel. */
  readonly weightScales?: readonly number[]
  /** One that fits the accumulators unless told. */
  readonly outputScale?: number
  readonly weights?: Spread
  /** Repeated over the output channels; `[]` leaves the bias out. */
  readonly bias?: readonly number[]
  readonly activation?: Activation
}

/** Positions of a window of `size` taps along an axis. */
export function positions(padding: Padding, extent: number, size: number, stride: number, dilation = 1): number {
  const reach = (size - 1) * dilation + 1
  return padding === 'SAME' ? Math.ceil(extent / stride) : Math.floor((extent - reach) / stride) + 1
}

function convolution(options: Convolution): ModelSpec {
  const { kind, type = 'int8', input, filter, stride = [1, 1], dilation = [1, 1], padding } = options
  const depthwise = kind === 'DEPTHWISE_CONV_2D'
  const { channels = 3, groups = 1, depthMultiplier = 1, zeroPoints = [0, 0] } = options
  const { inputScale = 0.5, weightScales = [0.25], activation: fused = 'NONE' } = options
  const [batches, height, width, inputChannels] = input
  const outputChannels = depthwise ? inputChannels * depthMultiplier : channels
  const rows = positions(padding, height, filter[0], stride[0], dilation[0])
  const columns = positions(padding, width, filter[1], stride[1], dilation[1])
  const filterChannels = depthwise ? outputChannels : inputChannels / groups
  const terms = filter[0] * filter[1] * (depthwise ? 1 : filterChannels)
  const outputScale = options.outputScale ?? fitting(inputScale * (weightScales[0] ?? 1), terms)
  const shape = [depthwise ? 1 : outputChannels, ...filter, filterChannels]
  const biasValues = options.bias ?? [1000, -777, 5]
  const biasScales = weightScales.map((scale) => Math.fround(scale * inputScale))
  const constants = [weights(type, shape, weightScales, depthwise ? 3 : 0, options.weights)]
  const affine = (scale: number, zeroPoint: number): Affine => ({ scale, zeroPoint })
  return layer(
    kind,
    {
      input: activation(type, input, affine(inputScale, zeroPoints[0])),
      constants: biasValues.length > 0 ? [...constants, bias(type, outputChannels, biasValues, biasScales)] : constants,
      output: activation(type, [batches, rows, columns, outputChannels], affine(outputScale, zeroPoints[1])),
    },
    {
      version: 3,
      options: {
        padding,
        strideH: stride[0],
        strideW: stride[1],
        dilationH: dilation[0],
        dilationW: dilation[1],
        activation: fused,
        ...(depthwise ? { depthMultiplier } : {}),
      },
    },
  )
}

/** Windows that lie on edges. */
export const GEOMETRIES: Readonly<Record<string, Geometry>> = {
  'one pixel': { input: [1, 1, 1, 2], filter: [1, 1], padding: 'VALID' },
  'filter larger than the input': { input: [1, 2, 3, 2], filter: [5, 7], padding: 'SAME' },
  'filter larger than one pixel': { input: [1, 1, 1, 3], filter: [3, 3], padding: 'SAME' },
  'even filter': { input: [1, 5, 4, 2], filter: [2, 4], padding: 'SAME' },
  'even filter, even stride': { input: [1, 6, 7, 2], filter: [4, 2], stride: [2, 2], padding: 'SAME' },
  'filter as large as the input': { input: [1, 3, 5, 2], filter: [3, 5], padding: 'VALID' },
  'dilation beyond the input': { input: [1, 3, 4, 2], filter: [3, 3], dilation: [4, 7], padding: 'SAME' },
  'dilation that differs by axis': { input: [1, 7, 6, 2], filter: [3, 2], dilation: [2, 3], padding: 'SAME' },
  'dilation that just fits': { input: [1, 7, 9, 2], filter: [3, 3], dilation: [3, 4], padding: 'VALID' },
  'dilation with a stride': { input: [1, 9, 8, 2], filter: [3, 3], stride: [2, 3], dilation: [2, 2], padding: 'SAME' },
  'stride larger than the filter': { input: [1, 7, 8, 2], filter: [2, 1], stride: [5, 3], padding: 'VALID' },
  'stride larger than the filter, padded': { input: [1, 7, 8, 2], filter: [2, 1], stride: [5, 3], padding: 'SAME' },
  'stride larger than the input': { input: [1, 3, 2, 2], filter: [3, 2], stride: [9, 11], padding: 'SAME' },
  'strides that differ': { input: [1, 8, 9, 2], filter: [3, 3], stride: [1, 4], padding: 'SAME' },
  'one row': { input: [1, 1, 20, 2], filter: [1, 9], stride: [1, 2], padding: 'SAME' },
  'one column': { input: [1, 20, 1, 2], filter: [7, 1], stride: [3, 1], padding: 'VALID' },
  'rows that are left over': { input: [1, 8, 7, 2], filter: [3, 2], stride: [3, 4], padding: 'VALID' },
  'batch of 3': { input: [3, 4, 5, 2], filter: [3, 3], stride: [2, 1], padding: 'SAME' },
}

const KINDS = ['CONV_2D', 'DEPTHWISE_CONV_2D'] as const

const ZERO_POINTS: readonly Pair[] = [
  [-128, 127],
  [127, -128],
  [-7, 3],
]

function geometryEdges(): readonly EdgeCase[] {
  return Object.entries(GEOMETRIES).flatMap(([name, geometry], index) =>
    KINDS.flatMap((kind, other) => {
      // an output scale at which zero points at opposite ends leave something of the result
      const int8 = { kind, ...geometry, zeroPoints: ZERO_POINTS[(index + other) % 3] ?? [0, 0], outputScale: 60 }
      const float32 = { kind, ...geometry, type: 'float32' } as const
      return [
        edgeCase(`${kind} int8, ${name}`, {}, convolution(int8)),
        ...(index % 3 === other ? [edgeCase(`${kind} float32, ${name}`, {}, convolution(float32))] : []),
      ]
    }),
  )
}

const small: Geometry = { input: [1, 3, 3, 2], filter: [3, 2], padding: 'SAME' }

function depthMultiplierEdges(): readonly EdgeCase[] {
  const multiplied = {
    kind: 'DEPTHWISE_CONV_2D',
    depthMultiplier: 3,
    zeroPoints: [-128, 5],
    weightScales: [0.25, 0.01, 3, 2 ** -9, 0.1, 0.5],
    outputScale: 60,
  } as const
  return ['filter larger than the input', 'dilation with a stride', 'batch of 3', 'one row'].map((name) =>
    edgeCase(
      `DEPTHWISE_CONV_2D, depth multiplier 3, ${name}`,
      {},
      convolution({ ...multiplied, ...(GEOMETRIES[name] as Geometry) }),
    ),
  )
}

/** Channels of input and output, and the groups that they are divided into. */
const GROUPS: readonly (readonly [inputs: number, outputs: number, groups: number])[] = [
  [6, 4, 2],
  [6, 9, 3],
  [4, 4, 4],
  [3, 6, 3],
  [8, 2, 2],
]

const UNDIVIDED =
  'The filter has all input channels, or those of one of several groups that inputs and outputs divide into'

/** CONV_2D whose channels are divided into groups, in int8 and float32. */
export function groupEdges(): readonly EdgeCase[] {
  const grouped = (name: string, changes: Partial<Convolution>): EdgeCase =>
    edgeCase(
      `CONV_2D ${changes.type ?? 'int8'}, ${name}`,
      changes,
      convolution({ kind: 'CONV_2D', ...small, zeroPoints: [-128, 5], outputScale: 60, ...changes }),
    )
  const divided = GROUPS.flatMap(([inputs, channels, groups], index) => {
    const geometry = Object.values(GEOMETRIES)[3 * index + 1] as Geometry
    const [batches, height, width] = geometry.input
    const changes: Partial<Convolution> = { ...geometry, input: [batches, height, width, inputs], channels, groups }
    const name = `${inputs} to ${channels} channels in ${groups} groups`
    const weightScales = Array.from({ length: channels }, (_, channel) => 0.1 + channel / 16)
    return [grouped(name, { ...changes, weightScales }), grouped(name, { ...changes, type: 'float32' })]
  })
  return [
    ...divided,
    grouped('outputs that do not divide into the groups', {
      input: [1, 3, 3, 4],
      channels: 3,
      groups: 2,
      refused: UNDIVIDED,
      alone: true,
    }),
    grouped('more groups than outputs', { input: [1, 3, 3, 4], channels: 2, groups: 4, refused: UNDIVIDED }),
  ]
}

/** Scales of input times weights over output: below 2^-32 nothing is left of it, from 2^30 on no kernel can do it. */
const FACTORS = [-34, -32, -31, -30, -20, -8, -1, 0, 1, 10, 29, 30]

function factorEdges(): readonly EdgeCase[] {
  const large = { refused: 'Scales of input, weights and output give a factor below 2^30', alone: true }
  return FACTORS.flatMap((exponent) =>
    // a power of two has the least multiplier of its shift, a number just below it the largest
    [2 ** exponent, Math.fround(2 ** exponent * (1 - 2 ** -24))].map((factor, below) => {
      const kind = KINDS[(exponent + 34 + below) % 2] ?? 'CONV_2D'
      const middling = Math.round(50 / Math.max(factor, 2 ** -20))
      return edgeCase(
        `${kind} with a factor ${below ? 'just below' : 'of'} 2^${exponent}`,
        factor < 2 ** 30 ? {} : large,
        convolution({
          kind,
          ...small,
          input: [1, 3, 3, 6],
          channels: 6,
          zeroPoints: [3, below ? 127 : -128],
          inputScale: 1,
          weightScales: [factor],
          outputScale: 1,
          bias: [middling, -middling, 2 ** 31 - 1, -(2 ** 31), 1, 0],
        }),
      )
    }),
  )
}

const VALUES: Readonly<Record<string, Partial<Convolution>>> = {
  'bias at the ends of int32': { bias: LIMIT_BIASES, outputScale: 2 ** 22 },
  'bias at the ends of int32, least input': { bias: LIMIT_BIASES, outputScale: 2 ** 22, zeroPoints: [127, 0] },
  'no bias': { bias: [], zeroPoints: [-128, -20] },
  'weights -128': { weights: 'least', zeroPoints: [127, 0], outputScale: 400 },
  'weights -128, all inputs positive': { weights: 'least', zeroPoints: [-128, 127], outputScale: 400 },
  'scales from 2^-30 to 2^10': { weightScales: [2 ** -30, 2 ** 10, 0.25, 1e-6, 33.3, 2 ** -12], outputScale: 100 },
  'scales that underflow': { weightScales: [1e-12, 0.25, 1e-20, 3, 1e-30, 2 ** -31], outputScale: 100 },
  'equal scales for all channels': { weightScales: [0.1, 0.1, 0.1, 0.1, 0.1, 0.1] },
  RELU: { activation: 'RELU', zeroPoints: [1, 30] },
  RELU6: { activation: 'RELU6', outputScale: 0.05, zeroPoints: [1, -128] },
  'RELU6 with a coarse output': { activation: 'RELU6', outputScale: 13, zeroPoints: [1, 0] },
  RELU_N1_TO_1: { activation: 'RELU_N1_TO_1', outputScale: 0.02, zeroPoints: [-1, 100] },
  'RELU with a zero point of 127': { activation: 'RELU', zeroPoints: [1, 127] },
  'RELU6 in steps beyond 32 bits': {
    activation: 'RELU6',
    inputScale: 2 ** -12,
    weightScales: [2 ** -15],
    outputScale: 2 ** -29,
    refused: 'The limits of the fused activation fit 32 bits in the quantization of the output',
  },
}

function valueEdges(): readonly EdgeCase[] {
  return Object.entries(VALUES).flatMap(([name, options]) =>
    KINDS.map((kind) =>
      edgeCase(
        `${kind}, ${name}`,
        options,
        convolution({ kind, ...small, input: [1, 3, 3, 6], channels: 6, ...options }),
      ),
    ),
  )
}

export const convolutionEdges: readonly EdgeCase[] = [
  ...geometryEdges(),
  ...depthMultiplierEdges(),
  ...groupEdges(),
  ...factorEdges(),
  ...valueEdges(),
]
