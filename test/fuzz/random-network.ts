/** Random networks that pay to run row by row: tall images, blocks of convolutions with a way around them, a head. */
import { type Random, seededRandom } from '../support/random.js'
import * as elementwise from './elementwise-operators.js'
import { GraphBuilder, isSmall, type Value, type ValueType } from './graph-builder.js'
import { magnitudeOf, randomScale, randomZeroPoint, resultQuantization } from './quantization.js'
import { type RandomGraph, randomMode, randomOutputs } from './random-graph.js'
import * as reducing from './reducing-operators.js'
import * as shaping from './shape-operators.js'
import * as windowed from './windowed-operators.js'
import { convolution, isImage, type OperatorMaker, type Window } from './windowed-operators.js'

export const POINTWISE: readonly OperatorMaker[] = [
  elementwise.relu,
  elementwise.relu6,
  elementwise.leakyRelu,
  elementwise.mul,
  elementwise.quantize,
  elementwise.logistic,
  shaping.concatenation,
]
const SHRINKING: readonly OperatorMaker[] = [
  windowed.conv2d,
  windowed.depthwiseConv2d,
  windowed.maxPool2d,
  windowed.averagePool2d,
  shaping.pad,
]
export const HEADS: readonly OperatorMaker[] = [
  reducing.mean,
  reducing.fullyConnected,
  windowed.singleWindow,
  windowed.singleWindow,
  windowed.averagePool2d,
  reducing.softmax,
  shaping.reshape,
]

export function imageShape(random: Random): readonly number[] {
  for (;;) {
    const batches = random.chance(0.05) ? 2 : 1
    // sometimes a sequence, as a 1-D convolution is exported
    const rows = random.chance(0.1) ? [1, random.between(7, 200)] : [random.between(7, 60), random.between(1, 8)]
    const shape = [batches, ...rows, random.between(1, 4)]
    if (isSmall(shape.with(3, 4))) return shape
  }
}

export function addInput(graph: GraphBuilder, type: ValueType, shape: readonly number[]): void {
  const { random } = graph
  graph.input({ type, shape, scale: randomScale(random), zeroPoint: randomZeroPoint(random), magnitude: 4 })
}

/** Odd, even and dilated windows that leave rows and columns as many as they are. */
export function sameWindow(random: Random, { shape }: Value): Window {
  const [, height = 1, width = 1] = shape
  const axis = (most: number): { size: number; stride: number; dilation: number } => ({
    size: random.between(1, most),
    stride: 1,
    dilation: random.pick([1, 1, 1, 2]),
  })
  return { padding: 'SAME', rows: axis(5), columns: axis(Math.min(3, width)), height, width }
}

export const sameShape = (a: Value, b: Value): boolean => a.type === b.type && a.shape.join() === b.shape.join()

/** The sum of two values of one shape. */
export function addUp(graph: GraphBuilder, a: Value, b: Value): void {
  const { random } = graph
  const inputs = random.chance(0.5) ? [a.tensor, b.tensor] : [b.tensor, a.tensor]
  const quantization = resultQuantization(random, a.type, magnitudeOf(a) + magnitudeOf(b))
  const activation = random.pick(['NONE', 'RELU'] as const)
  graph.operator(
    { kind: 'ADD', version: a.type === 'int8' ? 2 : 1, inputs, options: { activation } },
    { type: a.type, shape: a.shape, ...quantization },
  )
}

export const lastImage = ({ values }: GraphBuilder): Value | undefined => values.findLast((value) => isImage(value))

/** One to three convolutions, and a way around them where the shape has stayed the same. */
function addBlock(graph: GraphBuilder): void {
  const { random } = graph
  const start = lastImage(graph)
  for (let count = random.between(1, 3); count > 0; count -= 1) {
    const input = lastImage(graph)
    if (input === undefined) return
    const kind = random.pick(['CONV_2D', 'DEPTHWISE_CONV_2D', 'DEPTHWISE_CONV_2D'] as const)
    convolution(graph, kind, input, sameWindow(random, input))
    if (random.chance(0.2)) random.pick(POINTWISE)(graph)
  }
  const end = lastImage(graph)
  const around = graph.values.findLast((value) => end !== undefined && value !== end && sameShape(value, end))
  if (start !== undefined && end !== undefined && end !== start && around !== undefined && random.chance(0.7))
    addUp(graph, around, end)
}

/** Network `index` of the run with this seed. */
export function randomNetwork(seed: number, index: number): RandomGraph {
  const random = seededRandom(Math.imul(seed, 0x51ed) + index * 0x2003f)
  const graph = new GraphBuilder(random)
  const type = random.pick(['int8', 'int8', 'int8', 'float32'] as const)
  const shape = imageShape(random)
  addInput(graph, type, shape)
  for (let more = random.pick([0, 0, 0, 1, 1, 2]); more > 0; more -= 1) {
    addInput(graph, type, random.chance(0.6) ? shape : imageShape(random))
  }
  const [first, second] = graph.values
  if (first !== undefined && second !== undefined && sameShape(first, second) && random.chance(0.5))
    addUp(graph, first, second)
  for (let blocks = random.between(1, 4); blocks > 0; blocks -= 1) {
    addBlock(graph)
    if (random.chance(0.6)) random.pick(SHRINKING)(graph)
  }
  for (let heads = random.between(0, 2); heads > 0; heads -= 1) random.pick(HEADS)(graph)
  const model = graph.finish(randomOutputs(graph))
  return { name: `n${String(index).padStart(4, '0')}`, model, ...randomMode(random, model) }
}
