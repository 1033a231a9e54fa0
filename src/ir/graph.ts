import type { Tensor } from './tensor.js'

/** An index into `Graph.tensors`, or `NO_TENSOR` for an optional input that is left out. */
export type TensorIndex = number

/** Stands for an optional input that is left out, as -1 does in the file format. */
export const NO_TENSOR = -1

/** One operator of a graph. `Options` is what the operator's definition made of the file's options table. */
export interface Operator<Options = unknown> {
  /** Name of the operator in the file format, such as `CONV_2D`; a custom operator's own name. */
  readonly kind: string
  /** Position in the model file, kept by passes so that diagnostics and comments name what the user knows. */
  readonly index: number
  readonly version: number
  readonly inputs: readonly TensorIndex[]
  readonly outputs: readonly TensorIndex[]
  readonly options: Options
}

/** A computation in topological order. Immutable: a pass makes another one. */
export interface Graph {
  readonly name: string
  readonly tensors: readonly Tensor[]
  readonly operators: readonly Operator[]
  readonly inputs: readonly TensorIndex[]
  readonly outputs: readonly TensorIndex[]
}

/** A graph straight from a file: options are unparsed, so operators of any kind can be held. */
export interface SourceGraph extends Graph {
  readonly operators: readonly Operator<OptionsTable>[]
}

/** A verified options table of one operator; `slot` is the field's position in the schema's table. An absent field gives `fallback`. */
export interface OptionsTable {
  /** False when the operator has no options table at all. */
  readonly present: boolean
  /** A signed 32-bit field. */
  int32(slot: number, fallback: number): number
  /** A signed 8-bit field: enumerations are stored so. */
  int8(slot: number, fallback: number): number
  float32(slot: number, fallback: number): number
  bool(slot: number, fallback: boolean): boolean
  /** A vector of signed 32-bit integers, or undefined when absent. */
  int32s(slot: number): readonly number[] | undefined
}

/** The tensor at an index that is known to exist. */
export function tensorAt(graph: Graph, index: TensorIndex): Tensor {
  const tensor = graph.tensors[index]
  if (tensor === undefined) throw new RangeError(`no tensor ${index} in graph "${graph.name}"`)
  return tensor
}

/** Tensors of an operator's inputs; undefined where an optional one is left out. */
export function inputTensors(graph: Graph, operator: Operator): readonly (Tensor | undefined)[] {
  return operator.inputs.map((index) => (index === NO_TENSOR ? undefined : tensorAt(graph, index)))
}

/** Tensors of an operator's outputs. */
export function outputTensors(graph: Graph, operator: Operator): readonly Tensor[] {
  return operator.outputs.map((index) => tensorAt(graph, index))
}

/** How many operators read each tensor, once per use, plus one for each time that it is an output of the graph. */
export function useCounts(graph: Graph): readonly number[] {
  const counts = new Array<number>(graph.tensors.length).fill(0)
  const used = [...graph.operators.flatMap((operator) => operator.inputs), ...graph.outputs]
  for (const index of used) if (index !== NO_TENSOR) counts[index] = (counts[index] ?? 0) + 1
  return counts
}
