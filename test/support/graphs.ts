import { type Elements, type Graph, newElements, tensorAt, tensorBytes, toElements } from '../../src/ir/index.js'
import { builtinOperators, checkGraph, evaluateGraph, parseGraph } from '../../src/ops/index.js'
import { readModel } from '../../src/tflite/index.js'
import { type ModelSpec, writeModel } from './model-writer.js'
import { seededRandom } from './random.js'

/** The checked graph of a model file. Throws when the reader or a rule of an operator refuses it. */
export function graphOf(file: Uint8Array): Graph {
  const [source] = readModel(file).graphs
  if (source === undefined) throw new Error('a model without a graph')
  const { graph, diagnostics } = parseGraph(source, builtinOperators)
  const found = [...diagnostics, ...checkGraph(graph, builtinOperators)]
  if (found.length > 0) throw new Error(found.map(({ rule, found: seen }) => `${rule}: ${seen ?? ''}`).join('\n'))
  return graph
}

/** The checked graph of a described model. */
export function graphFrom(spec: ModelSpec): Graph {
  return graphOf(writeModel(spec))
}

/** Random bytes for each input of a graph; floats are from -4 to 4. */
export function randomInputs(graph: Graph, seed: number): readonly Elements[] {
  const random = seededRandom(seed)
  return graph.inputs.map((index) => {
    const tensor = tensorAt(graph, index)
    if (tensor.type === 'float32') {
      const reals = newElements('float32', tensorBytes(tensor) / 4) as Elements
      return reals.map(() => random.below(8000) / 1000 - 4)
    }
    return toElements(
      tensor.type,
      Uint8Array.from({ length: tensorBytes(tensor) }, () => random.below(256)),
    ) as Elements
  })
}

/** What a graph gives on random inputs, by the operators' reference semantics. */
export function evaluateRandom(graph: Graph, seed: number): readonly (readonly number[])[] {
  return evaluateGraph(graph, builtinOperators, randomInputs(graph, seed)).map((values) => Array.from(values))
}

/** Inputs at the ends of what they can be. */
export const EXTREMES = ['least', 'most', 'alternating'] as const

/** What a graph gives when all elements of its inputs are extreme, by the operators' reference semantics. */
export function evaluateExtreme(graph: Graph, extreme: (typeof EXTREMES)[number]): readonly (readonly number[])[] {
  const inputs = randomInputs(graph, 0).map((values) => {
    const [least, most] = values instanceof Float32Array ? [-4, 4] : [-128, 127]
    return values.map((_, i) => (extreme === 'least' || (extreme === 'alternating' && i % 2 === 0) ? least : most))
  })
  return evaluateGraph(graph, builtinOperators, inputs).map((values) => Array.from(values))
}

/** Kinds of a graph's operators, in order. */
export function kinds(graph: Graph): readonly string[] {
  return graph.operators.map(({ kind }) => kind)
}
