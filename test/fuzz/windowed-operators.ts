/** Random CONV_2D, DEPTHWISE_CONV_2D, AVERAGE_POOL_2D and MAX_POOL_2D. */
import type { Activation, Padding } from '../support/model-options.js'
import type { Random } from '../support/random.js'
import { type GraphBuilder, isSmall, MAX_MAGNITUDE, type Value } from './graph-builder.js'
import { magnitudeOf, randomBias, randomWeights, resultQuantization } from './quantization.js'

/** Puts an operator on a value of the graph, or gives false when none is suitable. */
export type OperatorMaker = (graph: GraphBuilder) => boolean

/** Multiplications that one operator may take: the reference semantics run them a few dozen times. */
const MAX_MACS = 60_000

export interface Axis {
  readonly size: number
  readonly stride: number
  readonly dilation: number
}

export function randomActivation(random: Random): Activation {
  return random.pick(['NONE', 'NONE', 'RELU', 'RELU6', 'RELU_N1_TO_1'] as const)
}

/** About the largest result behind a fused activation. */
export function activatedMagnitude(activation: Activation, magnitude: number): number {
  if (activation === 'RELU6') return Math.min(6, magnitude)
  return activation === 'RELU_N1_TO_1' ? Math.min(1, magnitude) : magnitude
}

function randomAxis(random: Random, extent: number, dilates: boolean): Axis {
  const size = random.chance(0.1) ? Math.min(10, extent) : random.between(1, Math.min(5, extent + 1))
  return { size, stride: random.pick([1, 1, 1, 2, 2, 3, 5]), dilation: dilates ? random.pick([1, 1, 1, 2, 3]) : 1 }
}

/** Positions of a window over `extent` elements; less than 1 where it does not fit. */
export function windowPositions(padding: Padding, extent: number, { size, stride, dilation }: Axis): number {
  return padding === 'SAME' ? Math.ceil(extent / stride) : Math.floor((extent - (size - 1) * dilation - 1) / stride) + 1
}

export const isImage = ({ shape, magnitude }: Value): boolean => shape.length === 4 && magnitude < MAX_MAGNITUDE

/** A window, and the rows and columns of the result. */
export interface Window {
  readonly padding: Padding
  readonly rows: Axis
  readonly columns: Axis
  readonly height: number
  readonly width: number
}

/** A window over an image; undefined when the one that was drawn does not fit into it. */
function randomWindow(random: Random, { shape }: Value, dilates: boolean): Window | undefined {
  const [, inputHeight = 1, inputWidth = 1] = shape
  const padding = random.pick(['SAME', 'VALID'] as const)
  const rows = randomAxis(random, inputHeight, dilates)
  const columns = random.chance(0.3) ? rows : randomAxis(random, inputWidth, dilates)
  const height = windowPositions(padding, inputHeight, rows)
  const width = windowPositions(padding, inputWidth, columns)
  return height >= 1 && width >= 1 ? { padding, rows, columns, height, width } : undefined
}

function windowOptions({ padding, rows, columns }: Window): {
  readonly padding: Padding
  readonly strideH: number
  readonly strideW: number
} {
  return { padding, strideH: rows.stride, strideW: columns.stride }
}

function dilations(random: Random, { rows, columns }: Window): { dilationH?: number; dilationW?: number } {
  // The default of the file format is 1.
  if (rows.dilation === 1 && columns.dilation === 1 && random.chance(0.3)) return {}
  return { dilationH: rows.dilation, dilationW: columns.dilation }
}

/** Inputs of an operator with weights: a bias that is left out is -1 with probability `listed`, else not even that. */
export function weightedInputs(
  random: Random,
  input: Value,
  weights: number,
  bias: number | undefined,
  listed = 0.5,
): number[] {
  if (bias !== undefined) return [input.tensor, weights, bias]
  return random.chance(listed) ? [input.tensor, weights, -1] : [input.tensor, weights]
}

/** Root of the mean square of the terms of a sum of products, times the root of their number. */
export function sumMagnitude(input: Value, deviation: number, terms: number): number {
  const square =
    input.type === 'float32' ? input.magnitude ** 2 / 3 : input.scale ** 2 * (74 ** 2 + input.zeroPoint ** 2)
  return 2.5 * Math.sqrt(square * terms) * deviation
}

/** Into how many groups a convolution divides its channels; mostly one. */
function randomGroups(random: Random, channels: number): number {
  const divisors = Array.from({ length: channels }, (_, i) => i + 1).filter((groups) => channels % groups === 0)
  return random.chance(0.85) ? 1 : random.pick(divisors)
}

/** Adds a convolution, by default with some window on some image. */
export function convolution(
  graph: GraphBuilder,
  kind: 'CONV_2D' | 'DEPTHWISE_CONV_2D',
  input = graph.pick(isImage),
  window = input && randomWindow(graph.random, input, true),
): boolean {
  const { random } = graph
  if (input === undefined || window === undefined) return false
  const { rows, columns, height, width } = window
  const [batches = 1, , , inputChannels = 1] = input.shape
  const depthwise = kind === 'DEPTHWISE_CONV_2D'
  const depthMultiplier = depthwise ? random.pick([1, 1, 1, 2, 3]) : 1
  const groups = depthwise ? 1 : randomGroups(random, inputChannels)
  const channels = depthwise ? inputChannels * depthMultiplier : groups * random.between(1, Math.ceil(9 / groups))
  const shape = [batches, height, width, channels]
  const filterChannels = inputChannels / groups
  const terms = rows.size * columns.size * (depthwise ? 1 : filterChannels)
  if (!isSmall(shape) || shape.reduce((a, b) => a * b, terms) > MAX_MACS) return false

  const weightsShape = [depthwise ? 1 : channels, rows.size, columns.size, depthwise ? channels : filterChannels]
  const weights = randomWeights(random, input.type, weightsShape, depthwise ? 3 : 0)
  const sum = sumMagnitude(input, weights.deviation, terms)
  const bias = randomBias(random, input, weights, channels, sum)
  const activation = randomActivation(random)
  // The oracle dies of a DEPTHWISE_CONV_2D that lists a bias of -1.
  const listed = depthwise ? 0.05 : 0.5
  const inputs = weightedInputs(random, input, graph.constant(weights.tensor), bias && graph.constant(bias), listed)
  const options = { ...windowOptions(window), ...dilations(random, window), activation }
  const output = {
    type: input.type,
    shape,
    ...resultQuantization(random, input.type, activatedMagnitude(activation, sum)),
  }
  const version = input.type === 'int8' ? 3 : 1
  if (depthwise)
    graph.operator({ kind: 'DEPTHWISE_CONV_2D', version, inputs, options: { ...options, depthMultiplier } }, output)
  else graph.operator({ kind: 'CONV_2D', version, inputs, options }, output)
  return true
}

/** Adds pooling, by default with some window on some image. */
export function pool(
  graph: GraphBuilder,
  kind: 'AVERAGE_POOL_2D' | 'MAX_POOL_2D',
  input = graph.pick(isImage),
  drawn = input && randomWindow(graph.random, input, false),
): boolean {
  const { random } = graph
  if (input === undefined) return false
  const [batches = 1, inputHeight = 1, inputWidth = 1, channels = 1] = input.shape
  const axis = (size: number): Axis => ({ size, stride: 1, dilation: 1 })
  const whole = { padding: 'VALID', rows: axis(inputHeight), columns: axis(inputWidth), height: 1, width: 1 } as const
  const window = random.chance(0.15) ? whole : drawn
  if (window === undefined) return false
  const { rows, columns, height, width } = window
  const shape = [batches, height, width, channels]
  const activation = randomActivation(random)
  const options = { ...windowOptions(window), filterH: rows.size, filterW: columns.size, activation }
  const magnitude = activatedMagnitude(activation, magnitudeOf(input))
  graph.operator({ kind, version: 2, inputs: [input.tensor], options }, { ...input, shape, magnitude })
  return true
}

/** An axis along which a window has one position: on all of the input, on some of it, or beyond it too. */
function singleAxis(random: Random, padding: Padding, extent: number): Axis {
  if (random.chance(0.4)) return { size: extent, stride: 1, dilation: 1 }
  const dilation = extent > 2 ? random.pick([1, 1, 2, 3]) : 1
  const size = random.between(1, padding === 'SAME' ? extent + 2 : Math.floor((extent - 1) / dilation) + 1)
  return { size, stride: extent, dilation }
}

/** A convolution with one output position. */
export const singleWindow: OperatorMaker = (graph) => {
  const { random } = graph
  const input = graph.pick(isImage)
  if (input === undefined) return false
  const [, rows = 1, columns = 1] = input.shape
  const padding = random.pick(['SAME', 'VALID', 'VALID'] as const)
  const window: Window = {
    ...{ padding, height: 1, width: 1 },
    rows: singleAxis(random, padding, rows),
    columns: singleAxis(random, padding, columns),
  }
  const single = (['rows', 'columns'] as const).every(
    (axis) => windowPositions(padding, axis === 'rows' ? rows : columns, window[axis]) === 1,
  )
  return single && convolution(graph, random.pick(['CONV_2D', 'DEPTHWISE_CONV_2D'] as const), input, window)
}

export const conv2d: OperatorMaker = (graph) => convolution(graph, 'CONV_2D')
export const depthwiseConv2d: OperatorMaker = (graph) => convolution(graph, 'DEPTHWISE_CONV_2D')
export const averagePool2d: OperatorMaker = (graph) => pool(graph, 'AVERAGE_POOL_2D')
export const maxPool2d: OperatorMaker = (graph) => pool(graph, 'MAX_POOL_2D')
