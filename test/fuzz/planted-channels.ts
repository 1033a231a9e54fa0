/** Random models with channels that nobody reads, that never change, and that change for one input out of all. */
import type { ModelSpec, OperatorSpec, TensorSpec } from '../support/model-writer.js'
import { type Random, seededRandom } from '../support/random.js'
import { GraphBuilder } from './graph-builder.js'
import { type RandomGraph, randomGraph, randomMode } from './random-graph.js'
import { addInput, addUp, HEADS, imageShape, lastImage, POINTWISE } from './random-network.js'
import { randomNetwork, sameShape, sameWindow } from './random-network.js'
import { pad } from './shape-operators.js'
import { averagePool2d, convolution, maxPool2d } from './windowed-operators.js'

/** Where output and input channels lie in the weights of an operator. */
interface Layout {
  readonly outputs: number
  readonly inputs: number
  readonly output: (index: number) => number
  readonly input: (index: number) => number
}

function layoutOf({ kind }: OperatorSpec, shape: readonly number[]): Layout {
  const inputs = shape.at(-1) ?? 1
  if (kind === 'DEPTHWISE_CONV_2D') {
    return { outputs: inputs, inputs, output: (index) => index % inputs, input: (index) => index % inputs }
  }
  const filter = shape.slice(1).reduce((a, b) => a * b, 1)
  return {
    outputs: shape[0] ?? 1,
    inputs,
    output: (index) => Math.floor(index / filter),
    input: (index) => index % inputs,
  }
}

const PLANTS = ['unread', 'constant', 'never', 'always', 'nearly', 'nearly'] as const

/** Weights and biases of a layer, which are changed in place. */
interface Layer {
  readonly weights: Int8Array
  readonly bias: Int32Array | undefined
  readonly layout: Layout
  /** Real value of an accumulator's step, in steps of the output, for each output channel. */
  readonly factor: (channel: number) => number
  readonly inputZeroPoint: number
  readonly outputZeroPoint: number
}

/** An accumulator next to where an output leaves its lower limit, if that is the zero point or -128. */
function threshold({ factor, outputZeroPoint }: Layer, channel: number, random: Random): number {
  const limit = random.pick([0, -128 - outputZeroPoint])
  return Math.round((limit + 0.5) / factor(channel)) + random.between(-2, 2)
}

function plant(layer: Layer, random: Random): void {
  const { weights, bias, layout } = layer
  const kind = random.pick(PLANTS)
  const [output, input] = [random.below(layout.outputs), random.below(layout.inputs)]
  const change = (of: (index: number) => boolean, to: (weight: number, index: number) => number): void =>
    weights.forEach((weight, index) => {
      if (of(index)) weights[index] = to(weight, index)
    })
  const own = (index: number): boolean => layout.output(index) === output
  if (kind === 'unread')
    change(
      (index) => layout.input(index) === input,
      () => 0,
    )
  else if (kind === 'constant') change(own, () => 0)
  else if (bias === undefined) return
  else if (kind === 'nearly') {
    const only = weights.findIndex((_, index) => own(index))
    const weight = random.pick([1, -1, 3, 100, -127])
    change(own, (_, index) => (index === only ? weight : 0))
    const most = Math.max((127 - layer.inputZeroPoint) * weight, (-128 - layer.inputZeroPoint) * weight)
    bias[output] = Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, threshold(layer, output, random) - most))
  } else {
    const reach = weights.reduce((sum, weight, index) => sum + (own(index) ? 255 * Math.abs(weight) : 0), 0)
    const beyond = Math.min(2 ** 31 - 1 - reach, reach + Math.ceil(256 / layer.factor(output)))
    bias[output] = kind === 'never' ? -beyond : beyond
  }
}

function scaleOf({ quantization }: TensorSpec, channel: number): number {
  const scales = quantization?.scales ?? [1]
  return (scales.length === 1 ? scales[0] : scales[channel]) ?? 1
}

const zeroPointOf = ({ quantization }: TensorSpec): number => quantization?.zeroPoints?.[0] ?? 0

/** A model like `model`, with up to three plants in each of most int8 layers with weights. */
export function plantChannels(random: Random, model: ModelSpec): ModelSpec {
  const tensors = [...model.tensors]
  for (const operator of model.operators) {
    const [x = -1, w = -1, b = -1] = operator.inputs
    const [input, weights, bias, output] = [x, w, b, operator.outputs[0] ?? -1].map((index) => tensors[index])
    if (!/CONV_2D|FULLY_CONNECTED/.test(String(operator.kind)) || random.chance(0.15)) continue
    if (!(weights?.data instanceof Int8Array) || input === undefined || output === undefined) continue
    const layer: Layer = {
      weights: weights.data.slice(),
      bias: bias?.data instanceof Int32Array ? bias.data.slice() : undefined,
      layout: layoutOf(operator, weights.shape),
      factor: (channel) => (scaleOf(input, 0) * scaleOf(weights, channel)) / scaleOf(output, 0),
      inputZeroPoint: zeroPointOf(input),
      outputZeroPoint: zeroPointOf(output),
    }
    for (let plants = random.between(1, 3); plants > 0; plants -= 1) plant(layer, random)
    tensors[w] = { ...weights, data: layer.weights }
    if (bias !== undefined && layer.bias !== undefined) tensors[b] = { ...bias, data: layer.bias }
  }
  return { ...model, tensors }
}

/** Convolutions one behind the other, with what channels run through between them, and one output. */
function plainNetwork(random: Random): ModelSpec {
  const graph = new GraphBuilder(random)
  addInput(graph, 'int8', imageShape(random))
  for (let blocks = random.between(2, 4); blocks > 0; blocks -= 1) {
    const input = lastImage(graph)
    if (input === undefined) break
    convolution(graph, 'CONV_2D', input, sameWindow(random, input))
    const first = lastImage(graph)
    const between = random.pick(['nothing', 'depthwise', 'sum', 'other', 'pool'] as const)
    if (between === 'depthwise' && first !== undefined)
      convolution(graph, 'DEPTHWISE_CONV_2D', first, sameWindow(random, first))
    if (between === 'other') random.pick(POINTWISE)(graph)
    if (between === 'pool') random.pick([averagePool2d, maxPool2d, pad])(graph)
    if (between === 'sum') {
      convolution(graph, 'CONV_2D', input, sameWindow(random, input))
      const [second, other] = graph.values.toReversed()
      if (second !== undefined && other !== undefined && sameShape(second, other)) addUp(graph, second, other)
    }
  }
  const last = lastImage(graph)
  if (last !== undefined && random.chance(0.7)) convolution(graph, 'CONV_2D', last, sameWindow(random, last))
  else random.pick(HEADS)(graph)
  return graph.finish([graph.values.at(-1)?.tensor ?? 0])
}

/** Model `index` of the run with this seed: a plain network, or any random graph or network, with plants. */
export function plantedGraph(seed: number, index: number): RandomGraph {
  const random = seededRandom(Math.imul(seed, 0x6b43) + index * 0x4001f)
  const make = random.pick(['plain', 'plain', 'plain', 'graph', 'network'] as const)
  const name = `p${String(index).padStart(4, '0')}`
  if (make === 'plain') {
    const model = plantChannels(random, plainNetwork(random))
    return { name, model, ...randomMode(random, model) }
  }
  const given = make === 'graph' ? randomGraph(seed, index) : randomNetwork(seed, index)
  return { ...given, name, model: plantChannels(random, given.model) }
}
