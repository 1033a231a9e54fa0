import { elementCount, type Graph, tensorAt, type TensorIndex } from '../ir/index.js'
import { INPUT, type InputOptions, rowCount } from '../ops/index.js'

/** Position of the operator that feeds an input: before all of the file. */
const FEED_INDEX = -1

/** Rows that an input comes in: its own, or those of the shape that the model gives it; undefined if it has none. */
function rowsOf(graph: Graph, input: TensorIndex): number | undefined {
  const shapes = graph.operators.filter(({ kind, inputs }) => kind === 'RESHAPE' && inputs[0] === input)
  const tensors = [input, ...shapes.map(({ outputs }) => outputs[0] ?? input)].map((index) => tensorAt(graph, index))
  return tensors.map(rowCount).find((rows) => rows > 1)
}

/** An input that an application gives piece by piece. */
export interface Feed {
  /** The graph with an operator in the place of the input. */
  readonly graph: Graph
  readonly tensor: TensorIndex
  /** Pieces of an inference, and elements of each: rows where the input has any, else single elements. */
  readonly units: number
  readonly unitElements: number
}

/** Makes an operator of an input, which gives it row by row where it has rows. The batch of the input is 1. */
export function feedInput(graph: Graph, tensor: TensorIndex): Feed {
  const elements = elementCount(tensorAt(graph, tensor).shape)
  const rows = rowsOf(graph, tensor)
  const options: InputOptions = { units: rows ?? 1 }
  const operator = { kind: INPUT, index: FEED_INDEX, version: 1, inputs: [], outputs: [tensor], options }
  const fed = {
    ...graph,
    inputs: graph.inputs.filter((index) => index !== tensor),
    operators: [operator, ...graph.operators],
  }
  return { graph: fed, tensor, units: rows ?? elements, unitElements: elements / (rows ?? elements) }
}
