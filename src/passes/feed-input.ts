import { elementCount, type Graph, type Tensor, tensorAt, type TensorIndex } from '../ir/index.js'
import { INPUT, type InputOptions, pieceCount } from '../ops/index.js'

/** Position of the operator that feeds an input: before all of the file. */
const FEED_INDEX = -1

/** Other shapes that the model gives an input. */
const SHAPING: readonly string[] = ['RESHAPE', 'EXPAND_DIMS']

/** The input itself if it has rows, or the first shape that the model gives it that has; undefined if there is none. */
function cutTensor(graph: Graph, input: TensorIndex): Tensor | undefined {
  const shapes = graph.operators.filter(({ kind, inputs }) => SHAPING.includes(kind) && inputs[0] === input)
  const tensors = [input, ...shapes.map(({ outputs }) => outputs[0] ?? input)].map((index) => tensorAt(graph, index))
  return tensors.find((tensor) => pieceCount(tensor, 'row') > 1)
}

/** An input that an application gives piece by piece. */
export interface Feed {
  /** The graph with an operator in the place of the input. */
  readonly graph: Graph
  readonly tensor: TensorIndex
  /** What the application gives: rows where the input has any, else single elements. How many, and of which size. */
  readonly units: number
  readonly unitElements: number
}

/** Makes an operator of an input, which gives it piece by piece where it has rows. The batch of the input is 1. */
export function feedInput(graph: Graph, tensor: TensorIndex): Feed {
  const elements = elementCount(tensorAt(graph, tensor).shape)
  const cut = cutTensor(graph, tensor)
  const units = cut === undefined ? elements : pieceCount(cut, 'row')
  const options: InputOptions = { rows: cut === undefined ? 1 : units, pixels: cut ? pieceCount(cut, 'pixel') : 1 }
  const operator = { kind: INPUT, index: FEED_INDEX, version: 1, inputs: [], outputs: [tensor], options }
  const fed = {
    ...graph,
    inputs: graph.inputs.filter((index) => index !== tensor),
    operators: [operator, ...graph.operators],
  }
  return { graph: fed, tensor, units, unitElements: elements / units }
}
