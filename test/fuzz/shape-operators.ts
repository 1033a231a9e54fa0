/** Random RESHAPE, SQUEEZE, EXPAND_DIMS, PAD, PADV2 and CONCATENATION. */
import { elementCount } from '../../src/ir/tensor.js'
import type { Random } from '../support/random.js'
import { type GraphBuilder, isSmall, type Value } from './graph-builder.js'
import { randomElements } from './quantization.js'
import type { OperatorMaker } from './windowed-operators.js'

/** A random shape of `rank` dimensions with so many elements. */
export function factored(random: Random, count: number, rank: number): readonly number[] {
  const shape = new Array<number>(rank).fill(1)
  let rest = count
  for (let factor = 2; rest > 1 && rank > 0; factor += 1) {
    while (rest % factor === 0) {
      const dimension = random.below(rank)
      shape[dimension] = (shape[dimension] ?? 1) * factor
      rest /= factor
    }
  }
  return shape
}

/** An int32 list as a constant. */
function list(graph: GraphBuilder, numbers: readonly number[], shape: readonly number[] = [numbers.length]): number {
  return graph.constant({ type: 'int32', shape, data: numbers })
}

export const reshape: OperatorMaker = (graph) => {
  const { random } = graph
  const input = graph.pick()
  if (input === undefined) return false
  const rank = random.pick([1, 2, 3, 4, 4, 4])
  const shape = factored(random, elementCount(input.shape), rank)
  const open = random.chance(0.3) ? random.below(rank) : -1
  const newShape = shape.map((extent, dimension) => (dimension === open ? -1 : extent))
  // The new shape is in the options, in a second input, or in the output alone.
  const style = random.below(3)
  graph.operator(
    {
      kind: 'RESHAPE',
      inputs: style === 0 ? [input.tensor, list(graph, newShape)] : [input.tensor],
      ...(style === 1 && { options: { newShape } }),
      ...(style === 0 && random.chance(0.5) && { options: { newShape } }),
    },
    { ...input, shape },
  )
  return true
}

export const squeeze: OperatorMaker = (graph) => {
  const { random } = graph
  const input = graph.pick(({ shape }) => shape.includes(1))
  if (input === undefined) return false
  const rank = input.shape.length
  const ones = input.shape.flatMap((extent, dimension) => (extent === 1 ? [dimension] : []))
  const some = ones.filter(() => random.chance(0.6))
  const all = some.length === 0 || random.chance(0.3)
  const dropped = all ? ones : some
  const squeezeDims = all ? [] : some.map((dimension) => (random.chance(0.3) ? dimension - rank : dimension))
  const shape = input.shape.filter((_, dimension) => !dropped.includes(dimension))
  graph.operator({ kind: 'SQUEEZE', inputs: [input.tensor], options: { squeezeDims } }, { ...input, shape })
  return true
}

export const expandDims: OperatorMaker = (graph) => {
  const { random } = graph
  const input = graph.pick(({ shape }) => shape.length <= 5)
  if (input === undefined) return false
  const rank = input.shape.length
  const axis = random.between(0, rank)
  const shape = input.shape.toSpliced(axis, 0, 1)
  const written = list(graph, [random.chance(0.4) ? axis - rank - 1 : axis], random.pick([[], [1]]))
  graph.operator({ kind: 'EXPAND_DIMS', inputs: [input.tensor, written], options: {} }, { ...input, shape })
  return true
}

function padding(graph: GraphBuilder, kind: 'PAD' | 'PADV2'): boolean {
  const { random } = graph
  const input = graph.pick(({ shape }) => shape.length >= 1 && shape.length <= 5)
  if (input === undefined) return false
  const rank = input.shape.length
  const spatial = rank === 4 && random.chance(0.5)
  const pairs = input.shape.map((_, dimension) => {
    if (spatial && (dimension === 0 || dimension === 3)) return [0, 0] as const
    return random.chance(0.3) ? ([0, 0] as const) : ([random.below(3), random.below(4)] as const)
  })
  const shape = input.shape.map(
    (extent, dimension) => extent + (pairs[dimension]?.[0] ?? 0) + (pairs[dimension]?.[1] ?? 0),
  )
  if (!isSmall(shape)) return false
  const inputs = [input.tensor, list(graph, pairs.flat(), [rank, 2])]
  if (kind === 'PADV2') inputs.push(paddingValue(graph, input))
  graph.operator(
    { kind, version: kind === 'PAD' && input.type === 'float32' ? 1 : 2, inputs, options: {} },
    { ...input, shape },
  )
  return true
}

/** The value of a PADV2: anything, or what the convolution or maximum behind it ignores. */
function paddingValue(graph: GraphBuilder, input: Value): number {
  const { random } = graph
  const description = { ...input, shape: random.pick([[], [1]]) }
  const neutral = input.type === 'int8' ? random.pick([-128, input.zeroPoint]) : 0
  const data = randomElements(random, description, 1)
  if (random.chance(0.5)) data[0] = neutral
  return graph.constantValue(description, data).tensor
}

export const pad: OperatorMaker = (graph) => padding(graph, 'PAD')
export const padv2: OperatorMaker = (graph) => padding(graph, 'PADV2')

export const concatenation: OperatorMaker = (graph) => {
  const { random } = graph
  const first = graph.pick(({ shape }) => shape.length >= 1 && shape.length <= 5)
  if (first === undefined) return false
  const rank = first.shape.length
  const axis = random.below(rank)
  const parts = Array.from({ length: random.between(1, 3) }, () => concatenated(graph, first, axis))
  const values = random.chance(0.5) ? [first, ...parts] : [...parts, first]
  const shape = first.shape.with(
    axis,
    values.reduce((sum, value) => sum + (value.shape[axis] ?? 0), 0),
  )
  if (!isSmall(shape)) return false
  const magnitude = values.reduce((most, value) => Math.max(most, value.magnitude), 0)
  graph.operator(
    {
      kind: 'CONCATENATION',
      version: 2,
      inputs: values.map(({ tensor }) => tensor),
      options: { axis: random.chance(0.3) ? axis - rank : axis, activation: 'NONE' },
    },
    { ...first, shape, magnitude },
  )
  return true
}

/** Something that can be put behind `first` along an axis: a value of the graph, `first` itself, or a constant. */
function concatenated(graph: GraphBuilder, first: Value, axis: number): Value {
  const { random } = graph
  const key = (shape: readonly number[]): string => shape.map((extent, i) => (i === axis ? '' : extent)).join('x')
  const fits = ({ type, shape, scale, zeroPoint }: Value): boolean =>
    type === first.type &&
    shape.length === first.shape.length &&
    key(shape) === key(first.shape) &&
    scale === first.scale &&
    zeroPoint === first.zeroPoint
  const found = random.chance(0.6) ? graph.pick(fits) : undefined
  if (found !== undefined) return found
  const description = { ...first, shape: first.shape.with(axis, random.between(1, 3)) }
  return graph.constantValue(description, randomElements(random, description, elementCount(description.shape)))
}
