/** Models of many layers, none of which reads another: what kernels are swept over, many in one firmware. */
import { GraphBuilder, type Value } from '../fuzz/graph-builder.js'
import { randomBias, randomScale, randomZeroPoint, resultQuantization } from '../fuzz/quantization.js'
import { activatedMagnitude, randomActivation, sumMagnitude, weightedInputs } from '../fuzz/windowed-operators.js'
import { type Axis, windowPositions } from '../fuzz/windowed-operators.js'
import type { ModelSpec } from '../support/model-writer.js'
import { type Random, seededRandom } from '../support/random.js'

/** Multiplications of one layer. */
const MAX_MACS = 40_000

/** Puts a layer with an input of its own into a graph; false when the one that was drawn is too large. */
type LayerMaker = (graph: GraphBuilder) => boolean

const EXTENTS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12]
const CHANNELS = [1, 2, 3, 4, 4, 5, 7, 8, 8, 12, 16, 17, 24, 32]

/** Window sizes of the models that there are, and odd ones. */
function randomFilter(random: Random): readonly [number, number] {
  return random.pick([
    ...([
      [1, 1],
      [1, 1],
      [1, 1],
      [3, 3],
      [3, 3],
      [3, 3],
      [5, 5],
      [2, 2],
      [7, 7],
    ] as const),
    ...([
      [1, 3],
      [3, 1],
      [1, 5],
      [8, 1],
      [10, 4],
      [4, 10],
    ] as const),
    [random.between(1, 6), random.between(1, 6)] as const,
  ])
}

function randomAxis(random: Random, size: number): Axis {
  return { size, stride: random.pick([1, 1, 1, 2, 2, 3]), dilation: random.pick([1, 1, 1, 1, 2, 3]) }
}

/** Noise, noise at the ends, sparse noise; now and then -128, which converters do not write. */
function randomWeights(random: Random, count: number): Int8Array {
  const style = random.below(16)
  return Int8Array.from({ length: count }, () => {
    if (style === 0) return random.between(-128, 127)
    if (style === 1) return random.pick([-127, 127])
    if (style === 2) return random.chance(0.9) ? 0 : random.between(-127, 127)
    if (style === 3) return random.between(-3, 3)
    return random.between(-127, 127)
  })
}

function input(graph: GraphBuilder, shape: readonly number[]): Value {
  const { random } = graph
  return graph.input({ type: 'int8', shape, scale: randomScale(random), zeroPoint: randomZeroPoint(random) })
}

/** Scale and zero point of a result. Powers of two make ties; none is too small for a clamp, or for a sum of operands. */
function boundedResult(random: Random, magnitude: number, operands = 0): ReturnType<typeof resultQuantization> {
  const drawn = resultQuantization(random, 'int8', magnitude)
  const scale = random.chance(0.3) ? 2 ** Math.round(Math.log2(drawn.scale)) : drawn.scale
  return { ...drawn, scale: Math.max(2 ** -24, operands * 2 ** -18, scale) }
}

/** Weights, bias and the rest of an operator with weights whose output channels lie along `dimension`. */
function weighted(graph: GraphBuilder, from: Value, shape: readonly number[], dimension: number, terms: number) {
  const { random } = graph
  const count = shape.reduce((a, b) => a * b, 1)
  const channels = shape[dimension] ?? 1
  const data = randomWeights(random, count)
  const base = randomScale(random)
  const perChannel = random.chance(0.6)
  // powers of two make ties
  const factor = (): number => (random.chance(0.3) ? 2 ** random.between(-3, 2) : 2 ** (random.below(3000) / 1000 - 2))
  const scales = perChannel ? Array.from({ length: channels }, () => Math.fround(base * factor())) : [base]
  const square = data.reduce((sum, weight) => sum + weight * weight, 0) / count
  const scale = scales.reduce((sum, each) => sum + each, 0) / scales.length
  const deviation = Math.max(scale, scale * Math.sqrt(square))
  const quantization = { scales, dimension: perChannel ? dimension : 0 }
  const tensor = { type: 'int8', shape, data, quantization } as const
  const sum = sumMagnitude(from, deviation, terms)
  const wild = random.chance(0.15)
  const ordinary = Math.min(2 ** 22, Math.ceil(sum / (from.scale * scale)))
  const bias = wild
    ? randomBias(random, from, { tensor, scales, deviation }, channels, sum)
    : {
        type: 'int32' as const,
        shape: [channels],
        data: Int32Array.from({ length: channels }, () => random.between(-ordinary, ordinary)),
        quantization: { scales: scales.map((each) => Math.fround(from.scale * each)), dimension: 0 },
      }
  const activation = randomActivation(random)
  const inputs = weightedInputs(random, from, graph.constant(tensor), bias && graph.constant(bias), 0)
  const magnitude = activatedMagnitude(activation, sum)
  const output = boundedResult(random, magnitude)
  return { inputs, activation, output }
}

/** The shape of a convolution, whose output channels are those of a depthwise one as well. */
interface ConvolutionShape {
  readonly height: number
  readonly width: number
  readonly depth: number
  readonly channels: number
  readonly rows: Axis
  readonly columns: Axis
  readonly depthMultiplier: number
  readonly maxMacs: number
  /** What a PAD adds above, below, to the left and to the right. */
  readonly pad?: readonly [number, number, number, number]
}

function randomShape(random: Random, depthwise: boolean): ConvolutionShape {
  const [height, width, depth] = [random.pick(EXTENTS), random.pick(EXTENTS), random.pick(CHANNELS)]
  const [rowSize, columnSize] = randomFilter(random)
  const [rows, columns] = [randomAxis(random, rowSize), randomAxis(random, columnSize)]
  const depthMultiplier = depthwise ? random.pick(depth === 1 ? [1, 2, 8, 9] : [1, 1, 1, 1, 1, 1, 1, 1, 2, 3]) : 1
  const channels = depthwise ? depth * depthMultiplier : random.pick(CHANNELS)
  return { height, width, depth, channels, rows, columns, depthMultiplier, maxMacs: MAX_MACS }
}

/** Filters of three columns that move by one, on many pixels of many channels. */
function tiledShape(random: Random): ConvolutionShape {
  const [height, width] = random.pick([
    [27, 6],
    [30, 4],
    [21, 7],
    [17, 9],
    [13, 10],
    [13, 11],
    [12, 12],
    [7, 21],
  ] as const)
  const rows = {
    ...randomAxis(random, random.pick([1, 2, 3, 3, 3, 3, 3, 5])),
    stride: random.pick([1, 1, 1, 1, 1, 1, 1, 2]),
  }
  const columns = { size: 3, stride: 1, dilation: 1 }
  const [depth, channels] = [random.pick([8, 12, 12, 16, 16, 20, 24]), random.pick([4, 4, 8, 12])]
  return { height, width, depth, channels, rows, columns, depthMultiplier: 1, maxMacs: 3 * MAX_MACS }
}

/** Depthwise filters of 3x3. */
function squareShape(random: Random): ConvolutionShape {
  const [height, width] = [random.pick(EXTENTS), random.pick([3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 25])]
  const rows = randomAxis(random, 3)
  const columns = { size: 3, stride: random.pick([1, 1, 2]), dilation: 1 }
  const depth = random.pick([4, 4, 5, 6, 7, 8, 8, 9, 11, 12, 17])
  return { height, width, depth, channels: depth, rows, columns, depthMultiplier: 1, maxMacs: MAX_MACS }
}

/** Depthwise filters of 3x3 that move by one column, now and then on rows of which three are far apart. */
function rowShape(random: Random): ConvolutionShape {
  const far = [
    [4, 5, 300],
    [4, 7, 255],
    [3, 6, 373],
    [3, 10, 256],
    [6, 3, 512],
  ] as const
  const height = random.pick([3, 3, 4, 5, 6, 7, 8, 9, 12])
  const width = random.pick([3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 25, 48])
  const near = [height, width, random.pick([4, 4, 5, 6, 7, 8, 8, 9, 11, 12, 17])] as const
  const [rows, columns, depth] = random.chance(0.1) ? random.pick(far) : near
  const pad = [random.below(2), random.below(2), random.below(2), random.below(2)] as const
  return {
    ...{ height: rows, width: columns, depth, channels: depth, depthMultiplier: 1, maxMacs: 3 * MAX_MACS },
    rows: { size: 3, stride: random.pick([1, 1, 2, 3]), dilation: 1 },
    columns: { size: 3, stride: 1, dilation: 1 },
    ...(random.chance(0.3) && { pad }),
  }
}

/** The input of a convolution, behind a PAD where there is one. */
function paddedInput(graph: GraphBuilder, batches: number, { height, width, depth, pad }: ConvolutionShape): Value {
  const from = input(graph, [batches, height, width, depth])
  if (pad === undefined) return from
  const [top, bottom, left, right] = pad
  const pairs = graph.constant({ type: 'int32', shape: [4, 2], data: [0, 0, top, bottom, left, right, 0, 0] })
  const shape = [batches, height + top + bottom, width + left + right, depth]
  return graph.operator({ kind: 'PAD', version: 2, inputs: [from.tensor, pairs], options: {} }, { ...from, shape })
}

function convolution(
  graph: GraphBuilder,
  kind: 'CONV_2D' | 'DEPTHWISE_CONV_2D',
  shaped: (random: Random, depthwise: boolean) => ConvolutionShape = randomShape,
): boolean {
  const { random } = graph
  const depthwise = kind === 'DEPTHWISE_CONV_2D'
  const drawn = shaped(random, depthwise)
  const { height, width, depth, channels, rows, columns, depthMultiplier, maxMacs, pad = [0, 0, 0, 0] } = drawn
  const padding = random.pick(['SAME', 'VALID'] as const)
  const outputHeight = windowPositions(padding, height + pad[0] + pad[1], rows)
  const outputWidth = windowPositions(padding, width + pad[2] + pad[3], columns)
  const terms = rows.size * columns.size * (depthwise ? 1 : depth)
  const batches = random.chance(0.1) ? 2 : 1
  if (outputHeight < 1 || outputWidth < 1) return false
  if (batches * outputHeight * outputWidth * channels * terms > maxMacs) return false
  const from = paddedInput(graph, batches, drawn)
  const shape = depthwise ? [1, rows.size, columns.size, channels] : [channels, rows.size, columns.size, depth]
  const { inputs, activation, output } = weighted(graph, from, shape, depthwise ? 3 : 0, terms)
  const options = {
    ...{ padding, activation, strideH: rows.stride, strideW: columns.stride },
    ...{ dilationH: rows.dilation, dilationW: columns.dilation },
  }
  const result = { type: 'int8', shape: [batches, outputHeight, outputWidth, channels], ...output } as const
  if (depthwise)
    graph.operator({ kind: 'DEPTHWISE_CONV_2D', version: 3, inputs, options: { ...options, depthMultiplier } }, result)
  else graph.operator({ kind: 'CONV_2D', version: 3, inputs, options }, result)
  return true
}

function fullyConnected(graph: GraphBuilder): boolean {
  const { random } = graph
  const rows = random.pick([1, 1, 1, 2, 3])
  const columns = random.chance(0.5) ? 4 * random.between(1, 60) : random.between(1, 200)
  const outputs = random.between(1, 40)
  const from = input(graph, [rows, columns])
  const { inputs, activation, output } = weighted(graph, from, [outputs, columns], 0, columns)
  graph.operator(
    { kind: 'FULLY_CONNECTED', version: 4, inputs, options: { activation } },
    { type: 'int8', shape: [rows, outputs], ...output },
  )
  return true
}

function pool(graph: GraphBuilder, kind: 'AVERAGE_POOL_2D' | 'MAX_POOL_2D'): boolean {
  const { random } = graph
  const [height, width, depth] = [random.pick(EXTENTS), random.pick(EXTENTS), random.pick(CHANNELS)]
  const whole = random.chance(0.2)
  const [filterH, filterW] = whole ? [height, width] : randomFilter(random)
  const [strideH, strideW] = [random.pick([1, 1, 2, 3]), random.pick([1, 1, 2, 3])]
  const padding = whole ? 'VALID' : random.pick(['SAME', 'VALID'] as const)
  const outputHeight = windowPositions(padding, height, { size: filterH, stride: strideH, dilation: 1 })
  const outputWidth = windowPositions(padding, width, { size: filterW, stride: strideW, dilation: 1 })
  if (outputHeight < 1 || outputWidth < 1) return false
  if (outputHeight * outputWidth * depth * filterH * filterW > MAX_MACS) return false
  const from = input(graph, [1, height, width, depth])
  const options = { padding, filterH, filterW, strideH, strideW, activation: randomActivation(random) }
  const shape = [1, outputHeight, outputWidth, depth]
  graph.operator({ kind, version: 2, inputs: [from.tensor], options }, { ...from, shape })
  return true
}

function binary(graph: GraphBuilder, kind: 'ADD' | 'SUB' | 'MUL'): boolean {
  const { random } = graph
  const shape = [1, random.pick(EXTENTS), random.pick(EXTENTS), random.pick(CHANNELS)]
  const stretched = random.chance(0.2) ? shape.map((extent) => (random.chance(0.5) ? 1 : extent)) : shape
  const scale = randomScale(random)
  // equal scales, powers of two between them, any scales
  const second = random.pick([scale, scale * 2 ** random.between(-4, 4), randomScale(random)])
  const operand = (extents: readonly number[], by: number): Value =>
    graph.input({ type: 'int8', shape: extents, scale: Math.fround(by), zeroPoint: randomZeroPoint(random) })
  const operands = [operand(shape, scale), operand(stretched, second)]
  if (random.chance(0.5)) operands.reverse()
  const magnitude = kind === 'MUL' ? scale * second * 2 ** 13 : 150 * Math.max(scale, second)
  const activation = randomActivation(random)
  graph.operator(
    { kind, version: 2, inputs: operands.map(({ tensor }) => tensor), options: { activation } },
    {
      type: 'int8',
      shape,
      ...boundedResult(random, activatedMagnitude(activation, magnitude), Math.max(scale, second)),
    },
  )
  return true
}

/** The kinds of layers that are swept, by the family of their kernels. */
export const LAYERS = {
  add: (graph) => binary(graph, 'ADD'),
  average_pool_2d: (graph) => pool(graph, 'AVERAGE_POOL_2D'),
  conv_2d: (graph) => convolution(graph, 'CONV_2D'),
  depthwise_conv_2d: (graph) => convolution(graph, 'DEPTHWISE_CONV_2D'),
  fully_connected: fullyConnected,
  max_pool_2d: (graph) => pool(graph, 'MAX_POOL_2D'),
  mul: (graph) => binary(graph, 'MUL'),
  sub: (graph) => binary(graph, 'SUB'),
} satisfies Record<string, LayerMaker>

export type LayerKind = keyof typeof LAYERS

/** Shapes that some kernels are made for. */
export const SPECIAL_LAYERS = {
  conv_2d: (graph) => convolution(graph, 'CONV_2D', tiledShape),
  depthwise_conv_2d: (graph) => convolution(graph, 'DEPTHWISE_CONV_2D', squareShape),
  depthwise_rows: (graph) => convolution(graph, 'DEPTHWISE_CONV_2D', rowShape),
} satisfies Record<string, LayerMaker>

/** A model of `count` layers of one kind, each from inputs of the model to an output of it. */
export function randomLayers(kind: LayerKind, count: number, seed: number): ModelSpec {
  return layersBy(LAYERS[kind], count, seed)
}

/** The same of shapes that some kernels are made for. */
export function specialLayers(kind: keyof typeof SPECIAL_LAYERS, count: number, seed: number): ModelSpec {
  return layersBy(SPECIAL_LAYERS[kind], count, seed)
}

function layersBy(make: LayerMaker, count: number, seed: number): ModelSpec {
  const graph = new GraphBuilder(seededRandom(seed))
  let made = 0
  while (made < count) made += make(graph) ? 1 : 0
  return graph.finish(graph.unused().map(({ tensor }) => tensor))
}
