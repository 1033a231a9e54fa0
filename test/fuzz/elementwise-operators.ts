/** Random ADD, SUB, MUL, functions of one value, QUANTIZE and DEQUANTIZE. */
import { elementCount } from '../../src/ir/tensor.js'
import type { Random } from '../support/random.js'
import { inexactTensors } from './exactness.js'
import { type GraphBuilder, isSmall, MAX_MAGNITUDE, type Value, type ValueType } from './graph-builder.js'
import {
  magnitudeOf,
  randomElements,
  randomScale,
  randomZeroPoint,
  resultQuantization,
  uniform,
} from './quantization.js'
import { activatedMagnitude, type OperatorMaker, randomActivation } from './windowed-operators.js'

/** The shape that two shapes are stretched to; undefined when they do not go together. */
function broadcast(a: readonly number[], b: readonly number[]): readonly number[] | undefined {
  const rank = Math.max(a.length, b.length)
  const extent = (shape: readonly number[], dimension: number): number => shape[dimension - rank + shape.length] ?? 1
  const pairs = Array.from({ length: rank }, (_, i) => [extent(a, i), extent(b, i)] as const)
  if (!pairs.every(([x, y]) => x === y || x === 1 || y === 1)) return undefined
  return pairs.map(([x, y]) => Math.max(x, y))
}

/** A shape that can be stretched to `shape`, or that `shape` is stretched by. */
function relatedShape(random: Random, shape: readonly number[]): readonly number[] {
  switch (random.below(6)) {
    case 0:
      return []
    case 1:
      return [1]
    case 2:
      return shape.slice(-random.between(1, Math.max(1, shape.length)))
    case 3:
      return shape.map((extent) => (random.chance(0.5) ? 1 : extent))
    case 4:
      return shape.map((extent) => (extent === 1 ? random.between(1, 4) : extent))
    default:
      return shape
  }
}

/** The other operand: a value of the graph that fits, the first one again, or a constant. */
function otherOperand(graph: GraphBuilder, first: Value): Value {
  const { random } = graph
  const fits = (value: Value): boolean => {
    const shape = broadcast(first.shape, value.shape)
    return value.type === first.type && shape !== undefined && isSmall(shape) && shape.length <= 5
  }
  const value = random.chance(0.6) ? graph.pick((each) => each !== first && fits(each)) : undefined
  if (value !== undefined) return value
  if (random.chance(0.2)) return first
  const shape = relatedShape(random, first.shape)
  const similar = random.chance(0.7)
  const description = {
    type: first.type,
    shape: isSmall(broadcast(first.shape, shape) ?? [0]) ? shape : first.shape,
    scale: similar ? Math.fround(first.scale * 2 ** uniform(random, -2, 2)) : randomScale(random),
    zeroPoint: randomZeroPoint(random),
    magnitude: 2,
  }
  return graph.constantValue(description, randomElements(random, description, elementCount(description.shape)))
}

function binary(graph: GraphBuilder, kind: 'ADD' | 'SUB' | 'MUL'): boolean {
  const { random } = graph
  const first = graph.pick(({ shape, magnitude }) => shape.length <= 5 && magnitude < MAX_MAGNITUDE)
  if (first === undefined) return false
  const second = otherOperand(graph, first)
  const shape = broadcast(first.shape, second.shape)
  if (shape === undefined || second.magnitude >= MAX_MAGNITUDE) return false
  const [a, b] = [magnitudeOf(first), magnitudeOf(second)]
  const activation = randomActivation(random)
  const magnitude = activatedMagnitude(activation, kind === 'MUL' ? a * b : a + b)
  const inputs = random.chance(0.3) ? [second.tensor, first.tensor] : [first.tensor, second.tensor]
  graph.operator(
    { kind, version: first.type === 'int8' ? 2 : 1, inputs, options: { activation } },
    { type: first.type, shape, ...resultQuantization(random, first.type, kind === 'MUL' ? magnitude / 3 : magnitude) },
  )
  return true
}

/** A function of one value; `quantization` is what its int8 output needs, or undefined for any. */
function unary(
  kind: 'HARD_SWISH' | 'LOGISTIC' | 'TANH' | 'RELU' | 'RELU6',
  quantization: (random: Random, input: Value) => { readonly scale: number; readonly zeroPoint: number },
): OperatorMaker {
  return (graph) => {
    const input = graph.pick()
    if (input === undefined) return false
    const magnitude = kind === 'RELU' ? input.magnitude : Math.min(kind === 'RELU6' ? 6 : 1, input.magnitude)
    const { scale, zeroPoint } = quantization(graph.random, input)
    const output = { type: input.type, shape: input.shape, scale, zeroPoint, magnitude }
    graph.operator({ kind, version: input.type === 'int8' ? 2 : 1, inputs: [input.tensor] }, output)
    return true
  }
}

export const add: OperatorMaker = (graph) => binary(graph, 'ADD')
export const sub: OperatorMaker = (graph) => binary(graph, 'SUB')
export const mul: OperatorMaker = (graph) => binary(graph, 'MUL')

export const logistic = unary('LOGISTIC', () => ({ scale: 1 / 256, zeroPoint: -128 }))
export const tanh = unary('TANH', () => ({ scale: 1 / 128, zeroPoint: 0 }))
export const relu = unary('RELU', (random, input) =>
  random.chance(0.4) ? input : resultQuantization(random, input.type, magnitudeOf(input)),
)
export const relu6 = unary('RELU6', (random, input) =>
  random.chance(0.6) ? input : resultQuantization(random, input.type, Math.min(6, magnitudeOf(input))),
)

export const hardSwish: OperatorMaker = (graph) => {
  const { random } = graph
  const input = graph.pick(({ scale, type }) => type !== 'int8' || (scale >= 2 ** -20 && scale < 2 ** 8))
  if (input === undefined) return false
  const output = { type: input.type, shape: input.shape, ...resultQuantization(random, input.type, magnitudeOf(input)) }
  if (input.type === 'int8' && Math.abs(Math.log2(output.scale / input.scale)) > 7) return false
  graph.operator({ kind: 'HARD_SWISH', version: 1, inputs: [input.tensor] }, output)
  return true
}

export const leakyRelu: OperatorMaker = (graph) => {
  const { random } = graph
  const input = graph.pick(({ magnitude }) => magnitude < MAX_MAGNITUDE)
  if (input === undefined) return false
  const alpha = Math.fround(random.pick([0.01, 0.2, 0.5, 1, 1.5, -0.3, uniform(random, 0, 1)]))
  const magnitude = magnitudeOf(input) * Math.max(1, Math.abs(alpha))
  graph.operator(
    { kind: 'LEAKY_RELU', version: 2, inputs: [input.tensor], options: { alpha } },
    { type: input.type, shape: input.shape, ...resultQuantization(random, input.type, magnitude) },
  )
  return true
}

/** A constant in place of a value, now and then: what is computed from it is known at compile time. */
function orConstant(graph: GraphBuilder, value: Value, type: ValueType): Value {
  if (!graph.random.chance(0.1)) return value
  const description = { type, shape: value.shape, scale: value.scale, zeroPoint: value.zeroPoint, magnitude: 1 }
  return graph.constantValue(description, randomElements(graph.random, description, elementCount(value.shape)))
}

/**
 * The least scale that real values may be quantized with: below, steps do not fit 32 bits, and what the oracle makes of
 * them depends on its machine; or rounding makes a difference of more than a step, where the values are rounded ones.
 */
function leastScale(graph: GraphBuilder, { tensor, type, magnitude }: Value): number {
  if (type === 'int8') return 0
  return magnitude * 2 ** (inexactTensors(graph.tensors, graph.operators).has(tensor) ? -16 : -28)
}

export const quantize: OperatorMaker = (graph) => {
  const { random } = graph
  const value = graph.pick()
  if (value === undefined) return false
  const input = orConstant(graph, value, value.type)
  const quantization = resultQuantization(random, 'int8', Math.max(1e-3, magnitudeOf(input)))
  const scale = Math.max(quantization.scale, Math.fround(leastScale(graph, input)))
  graph.operator(
    { kind: 'QUANTIZE', version: 1, inputs: [input.tensor] },
    { type: 'int8', shape: input.shape, scale, zeroPoint: quantization.zeroPoint },
  )
  return true
}

export const dequantize: OperatorMaker = (graph) => {
  const value = graph.pick(({ type }) => type === 'int8')
  if (value === undefined) return false
  const input = orConstant(graph, value, 'int8')
  graph.operator(
    { kind: 'DEQUANTIZE', version: 2, inputs: [input.tensor] },
    { type: 'float32', shape: input.shape, magnitude: magnitudeOf(input) },
  )
  return true
}
