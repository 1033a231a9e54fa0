/** Random small models over all operators, the same for the same seed on every machine. */
import { INPUT_MODES, type InputMode } from '../../src/compile.js'
import { GRANULARITIES, type Granularity } from '../../src/ops/index.js'
import type { RomSize } from '../../src/select/index.js'
import type { ModelSpec } from '../support/model-writer.js'
import { type Random, seededRandom } from '../support/random.js'
import { damage } from './damage.js'
import * as elementwise from './elementwise-operators.js'
import { GraphBuilder, isSmall, type ValueType } from './graph-builder.js'
import { randomScale, randomZeroPoint } from './quantization.js'
import * as reducing from './reducing-operators.js'
import * as shaping from './shape-operators.js'
import { factored } from './shape-operators.js'
import * as windowed from './windowed-operators.js'
import type { OperatorMaker } from './windowed-operators.js'

/** A model of a fuzz run. */
export interface RandomGraph {
  /** A C identifier, and where the graph comes from. */
  readonly name: string
  readonly model: ModelSpec
  /** How a rule was broken on purpose; undefined for a model that ought to be fine. */
  readonly damage?: string
  /** How finely cascades are cut: into rows unless told. */
  readonly ram?: Granularity
  /** How the inputs come: `resident` unless told, and with `streamInput` which of them comes piece by piece. */
  readonly input?: InputMode
  readonly streamInput?: string
  /** How weights lie in ROM: `normal` unless told. */
  readonly rom?: RomSize
}

/** How operators of each kind are made: all that eonc computes. */
const MAKERS = {
  ADD: elementwise.add,
  AVERAGE_POOL_2D: windowed.averagePool2d,
  CONCATENATION: shaping.concatenation,
  CONV_2D: windowed.conv2d,
  DEPTHWISE_CONV_2D: windowed.depthwiseConv2d,
  DEQUANTIZE: elementwise.dequantize,
  EXPAND_DIMS: shaping.expandDims,
  FULLY_CONNECTED: reducing.fullyConnected,
  HARD_SWISH: elementwise.hardSwish,
  LEAKY_RELU: elementwise.leakyRelu,
  LOGISTIC: elementwise.logistic,
  MAX_POOL_2D: windowed.maxPool2d,
  MEAN: reducing.mean,
  MUL: elementwise.mul,
  PAD: shaping.pad,
  PADV2: shaping.padv2,
  QUANTIZE: elementwise.quantize,
  RELU: elementwise.relu,
  RELU6: elementwise.relu6,
  RESHAPE: shaping.reshape,
  SOFTMAX: reducing.softmax,
  SQUEEZE: shaping.squeeze,
  SUB: elementwise.sub,
  TANH: elementwise.tanh,
} as const satisfies Readonly<Record<string, OperatorMaker>>

type Kind = keyof typeof MAKERS

/** The kinds of operators that random graphs are made of. */
export const KINDS = Object.keys(MAKERS) as readonly Kind[]

/** Neighbours that compilers like to merge, and that would seldom meet by chance. */
const FOLLOWERS: Partial<Record<Kind, readonly Kind[]>> = {
  PAD: ['CONV_2D', 'DEPTHWISE_CONV_2D', 'MAX_POOL_2D', 'AVERAGE_POOL_2D'],
  PADV2: ['CONV_2D', 'DEPTHWISE_CONV_2D', 'MAX_POOL_2D', 'AVERAGE_POOL_2D'],
  CONV_2D: ['RELU', 'RELU6', 'ADD', 'QUANTIZE'],
  DEPTHWISE_CONV_2D: ['RELU6', 'MUL', 'QUANTIZE'],
  FULLY_CONNECTED: ['RELU', 'SOFTMAX', 'LEAKY_RELU'],
  ADD: ['RELU', 'RELU6'],
  QUANTIZE: ['QUANTIZE', 'LOGISTIC', 'TANH', 'DEQUANTIZE'],
  RELU: ['QUANTIZE', 'MAX_POOL_2D'],
}

/** Attempts at putting a random operator somewhere; few fail. */
const ATTEMPTS = 40

function randomInput(graph: GraphBuilder, type: ValueType): void {
  const { random } = graph
  const shape = inputShape(random)
  graph.input({ type, shape, scale: randomScale(random), zeroPoint: randomZeroPoint(random), magnitude: 4 })
}

function inputShape(random: Random): readonly number[] {
  if (random.chance(0.2)) return factored(random, random.between(1, 60), random.between(1, 5))
  const batches = random.pick([1, 1, 1, 1, 2, 3])
  const flat = random.chance(0.15)
  for (;;) {
    const height = flat ? 1 : random.between(1, 13)
    const shape = [batches, height, random.between(1, flat ? 40 : 13), random.pick([1, 2, 3, 4, 5, 7, 8, 16])]
    if (isSmall(shape)) return shape
  }
}

/** Adds operators until there are `count`, or no more can be added. */
function addOperators(graph: GraphBuilder, count: number, kinds: readonly Kind[]): void {
  const { random } = graph
  let next: readonly Kind[] | undefined
  for (let attempt = 0; graph.operators.length < count && attempt < ATTEMPTS; attempt += 1) {
    const followers = next !== undefined && random.chance(0.4) ? next.filter((kind) => kinds.includes(kind)) : []
    const kind = random.pick(followers.length > 0 ? followers : kinds)
    if (MAKERS[kind](graph)) next = FOLLOWERS[kind]
  }
}

/** Outputs: most of what nobody reads, now and then something in between, or an input. */
export function randomOutputs(graph: GraphBuilder): readonly number[] {
  const { random } = graph
  const unused = graph.unused().filter(({ tensor }) => !graph.inputs.includes(tensor) || random.chance(0.3))
  const ends = unused.filter((_, index) => index === unused.length - 1 || random.chance(0.9))
  const outputs = new Set(ends.map(({ tensor }) => tensor))
  for (const { tensor } of graph.values) {
    if (random.chance(graph.inputs.includes(tensor) ? 0.01 : 0.08)) outputs.add(tensor)
  }
  if (outputs.size === 0) outputs.add(graph.values.at(-1)?.tensor ?? 0)
  const list = [...outputs]
  if (random.chance(0.02)) list.push(random.pick(list))
  return random.chance(0.2) ? list.reverse() : list
}

/** Names of the inputs that may come piece by piece: they have a batch of 1. */
export function singleInputs({ inputs, tensors }: ModelSpec): readonly string[] {
  return inputs.flatMap((index) => {
    const { name, shape } = tensors[index] ?? { shape: [2, 2] }
    return name !== undefined && (shape.length < 2 || shape[0] === 1) ? [name] : []
  })
}

/** A granularity, and a way for the inputs of a model to come. */
export function randomMode(random: Random, model: ModelSpec): Pick<RandomGraph, 'ram' | 'input' | 'streamInput'> {
  const single = singleInputs(model)
  const input = random.pick(INPUT_MODES)
  const ram = random.pick(GRANULARITIES)
  if (input === 'resident' || input === 'preserve') return { ram, input }
  return single.length > 0 ? { ram, input, streamInput: random.pick(single) } : { ram }
}

/**
 * Model `index` of the run with this seed. About one of ten breaks a rule on purpose. `kinds` leaves out operators
 * that are not wanted.
 */
export function randomGraph(seed: number, index: number, kinds: readonly Kind[] = KINDS): RandomGraph {
  const random = seededRandom(Math.imul(seed, 0x9e37) + index * 0x1003f)
  const graph = new GraphBuilder(random)
  const type = random.pick(['int8', 'int8', 'float32'] as const)
  randomInput(graph, type)
  for (let more = random.pick([0, 0, 0, 1, 2]); more > 0; more -= 1) {
    randomInput(graph, random.chance(0.8) ? type : random.pick(['int8', 'float32'] as const))
  }
  addOperators(graph, random.pick([1, 2, 3, 4, 5, 6, 7, 8, 10]), kinds)
  const model = graph.finish(randomOutputs(graph))
  const name = `g${String(index).padStart(4, '0')}`
  if (!random.chance(0.12)) return { name, model, ...randomMode(random, model) }
  return { name, ...damage(random, model) }
}
