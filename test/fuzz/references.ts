/** The compiler's own reference semantics against the oracle: on the graph as read, and after each pass. */
import { planModel } from '../../src/compile.js'
import { type Elements, type Graph, tensorAt, toBytes, toElements } from '../../src/ir/index.js'
import { builtinOperators, evaluateGraph } from '../../src/ops/index.js'
import { passes } from '../../src/passes/index.js'
import { type OutputFormat, vectorDifference } from './compare.js'

/** How random models are planned and compiled. */
export const HOST_PLAN = { cpu: 'any', optimize: 'ram', stripFloatIo: false } as const

/** Vectors that are evaluated on the graph as read, and after a pass that changed it: evaluating is slow. */
const PARSED = [0, 2, 3, 4]
const PASSED = [0, 4]

function evaluate(graph: Graph, vector: readonly Uint8Array[]): readonly Uint8Array[] {
  const inputs = graph.inputs.map((index, i) =>
    toElements(tensorAt(graph, index).type, vector[i] ?? new Uint8Array()),
  ) as Elements[]
  return evaluateGraph(graph, builtinOperators, inputs).map(toBytes)
}

/** Where the reference semantics and the oracle part, as a sentence that begins with the stage; undefined if nowhere. */
export function referenceDifference(
  file: Uint8Array,
  vectors: readonly (readonly Uint8Array[])[],
  expected: readonly (readonly Uint8Array[])[],
  formats: readonly OutputFormat[],
): { readonly stage: string; readonly message: string } | undefined {
  const compare = (graph: Graph, indices: readonly number[]): string | undefined => {
    const some = indices.filter((index) => index < vectors.length)
    return vectorDifference(
      expected,
      some.map((index) => evaluate(graph, vectors[index] ?? [])),
      formats,
      some,
    )
  }
  let graph = planModel(file, HOST_PLAN).source
  const message = compare(graph, PARSED)
  if (message !== undefined) return { stage: 'reference semantics', message }
  for (const pass of passes) {
    const next = pass.run(graph, { operators: builtinOperators, stripFloatIo: HOST_PLAN.stripFloatIo })
    if (next === graph) continue
    graph = next
    const after = compare(graph, PASSED)
    if (after !== undefined) return { stage: `reference semantics after ${pass.name}`, message: after }
  }
  return undefined
}
