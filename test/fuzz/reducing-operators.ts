/** Random FULLY_CONNECTED, MEAN and SOFTMAX. */
import { elementCount } from '../../src/ir/tensor.js'
import { type GraphBuilder, isSmall, MAX_MAGNITUDE, type Value } from './graph-builder.js'
import { magnitudeOf, randomBias, randomWeights, resultQuantization, uniform } from './quantization.js'
import {
  activatedMagnitude,
  type OperatorMaker,
  randomActivation,
  sumMagnitude,
  weightedInputs,
} from './windowed-operators.js'

const MAX_COLUMNS = 400

export const fullyConnected: OperatorMaker = (graph) => {
  const { random } = graph
  const input = graph.pick(({ shape, magnitude }) => shape.length >= 1 && magnitude < MAX_MAGNITUDE)
  if (input === undefined) return false
  // Any number of trailing dimensions may make up one row, as when a layer stands right behind a convolution.
  const trailing = random.chance(0.6) ? 1 : random.between(1, input.shape.length)
  const columns = elementCount(input.shape.slice(-trailing))
  const rows = input.shape.slice(0, -trailing)
  const outputs = random.between(1, 16)
  const keepNumDims = trailing === 1 && random.chance(0.4)
  const shape = keepNumDims ? [...rows, outputs] : [elementCount(rows), outputs]
  if (columns > MAX_COLUMNS || !isSmall(shape)) return false

  const weights = randomWeights(random, input.type, [outputs, columns], 0)
  const sum = sumMagnitude(input, weights.deviation, columns)
  const bias = randomBias(random, input, weights, outputs, sum)
  const activation = randomActivation(random)
  const inputs = weightedInputs(random, input, graph.constant(weights.tensor), bias && graph.constant(bias))
  graph.operator(
    {
      kind: 'FULLY_CONNECTED',
      version: input.type === 'int8' ? 4 : 1,
      inputs,
      options: { activation, ...(keepNumDims && { keepNumDims }) },
    },
    { type: input.type, shape, ...resultQuantization(random, input.type, activatedMagnitude(activation, sum)) },
  )
  return true
}

export const mean: OperatorMaker = (graph) => {
  const { random } = graph
  const input = graph.pick(({ shape }) => shape.length >= 1)
  if (input === undefined) return false
  const rank = input.shape.length
  const dimensions = input.shape.map((_, dimension) => dimension)
  const spatial = rank === 4 && random.chance(0.4)
  const reduced = spatial ? [1, 2] : dimensions.filter(() => random.chance(0.5))
  if (reduced.length === 0) reduced.push(random.below(rank))
  const keepDims = random.chance(0.5)
  const shape = input.shape.flatMap((extent, dimension) => {
    if (!reduced.includes(dimension)) return [extent]
    return keepDims ? [1] : []
  })
  const axes = reduced.map((axis) => (random.chance(0.3) ? axis - rank : axis))
  if (random.chance(0.1)) axes.reverse()
  if (axes.length < 4 && random.chance(0.05)) axes.push(random.pick(axes))
  const list = graph.constant({
    type: 'int32',
    shape: axes.length === 1 && random.chance(0.3) ? [] : [axes.length],
    data: axes,
  })
  const output = random.chance(0.3) ? input : resultQuantization(random, input.type, magnitudeOf(input))
  graph.operator(
    { kind: 'MEAN', version: 2, inputs: [input.tensor, list], options: { keepDims } },
    { type: input.type, shape, scale: output.scale, zeroPoint: output.zeroPoint, magnitude: input.magnitude },
  )
  return true
}

/** With more elements, the int8 softmax of the oracle aborts on some inputs: when it divides by the sum 512 or more. */
const MAX_DEPTH = 511

/** A value with its last dimension cut into pairs. */
function inPairs(graph: GraphBuilder): Value | undefined {
  const input = graph.pick(({ shape }) => shape.length <= 4 && (shape.at(-1) ?? 1) % 2 === 0)
  if (input === undefined || input.shape.at(-1) === 2) return input
  const shape = [...input.shape.slice(0, -1), (input.shape.at(-1) ?? 0) / 2, 2]
  const reshape = { kind: 'RESHAPE', inputs: [input.tensor], options: { newShape: shape } } as const
  return graph.operator(reshape, { ...input, shape })
}

export const softmax: OperatorMaker = (graph) => {
  const { random } = graph
  const fits = (depth: number | undefined): boolean => depth !== undefined && depth <= MAX_DEPTH
  // two elements have a kernel of their own
  const pairs = random.chance(0.4) ? inPairs(graph) : undefined
  const input = pairs ?? graph.pick(({ shape }) => shape.length <= 5 && fits(shape.at(-1)))
  if (input === undefined) return false
  const beta = random.chance(0.7) ? 1 : Math.fround(uniform(random, 0.05, 4))
  graph.operator(
    { kind: 'SOFTMAX', version: 2, inputs: [input.tensor], options: { beta } },
    { type: input.type, shape: input.shape, scale: 1 / 256, zeroPoint: -128, magnitude: 1 },
  )
  return true
}
