import { join } from 'node:path'
import t from 'tap'
import { planModel } from '../../src/compile.js'
import { collect } from '../../src/diagnostics.js'
import { type Elements, type Graph, tensorAt, toBytes, toElements } from '../../src/ir/index.js'
import { builtinOperators, evaluateGraph } from '../../src/ops/index.js'
import { difference } from '../fuzz/compare.js'
import { writeModel } from '../support/model-writer.js'
import { type OracleResult, runOracle, skipWithoutOracle } from '../support/oracle.js'
import { PLAN_OPTIONS } from '../support/programs.js'
import { projectRoot } from '../support/toolchain.js'
import { contradictionEdges } from './edges/contradiction-edges.js'
import { convolutionEdges } from './edges/convolution-edges.js'
import { denseEdges } from './edges/dense-edges.js'
import { type EdgeCase, vectorsOf } from './edges/edge-case.js'
import { poolingEdges } from './edges/pooling-edges.js'
import { reductionEdges } from './edges/reduction-edges.js'

const EDGES: Readonly<Record<string, readonly EdgeCase[]>> = {
  convolutions: convolutionEdges,
  'fully connected layers': denseEdges,
  pools: poolingEdges,
  'softmax and mean': reductionEdges,
  'layers that contradict themselves': contradictionEdges,
}

function evaluate(graph: Graph, vector: readonly Uint8Array[]): Uint8Array {
  const inputs = graph.inputs.map((index, i) => toElements(tensorAt(graph, index).type, vector[i] ?? new Uint8Array()))
  return toBytes(evaluateGraph(graph, builtinOperators, inputs as Elements[])[0] as Elements)
}

/** The first difference between a graph and the oracle. */
function differenceOf(graph: Graph, edge: EdgeCase, oracle: OracleResult & { status: 'ok' }): string | undefined {
  const { type } = tensorAt(graph, graph.outputs[0] ?? -1)
  const format = { type, tolerance: type === 'float32' ? null : 0 } as const
  return vectorsOf(edge)
    .map((vector, index) => difference(oracle.vectors[index]?.[0] ?? new Uint8Array(), evaluate(graph, vector), format))
    .find((found) => found !== undefined)
}

/** How eonc and the oracle agree on a model, in words: `equal`, or the rules by which both refuse it. */
function verdict(edge: EdgeCase, file: Uint8Array, oracle: OracleResult): string {
  const planned = collect(() => planModel(file, PLAN_OPTIONS))
  if ('diagnostics' in planned) {
    const rules = planned.diagnostics.map(({ rule }) => rule).join('; ')
    return oracle.status === 'ok' && !edge.alone ? `the oracle computes it, eonc: ${rules}` : rules
  }
  if (oracle.status !== 'ok') return `the oracle does not compute it: ${oracle.message}`
  const { source, graph } = planned.value
  const [before, after] = [source, graph].map((each) => differenceOf(each, edge, oracle))
  if (before !== undefined) return `as in the file: ${before}`
  return after === undefined ? 'equal' : `after all passes: ${after}`
}

for (const [name, edges] of Object.entries(EDGES)) {
  t.test(`${name} at their edges are as the oracle has them`, { skip: skipWithoutOracle() }, async (t) => {
    const files = edges.map(({ model }) => writeModel(model))
    const jobs = edges.map((edge, index) => ({
      model: files[index] ?? new Uint8Array(),
      vectors: vectorsOf(edge),
      arena: 2 ** 20,
    }))
    const results = await runOracle(jobs, join(projectRoot, 'build/test/edges', name.replaceAll(' ', '-')))
    for (const [index, edge] of edges.entries()) {
      const found = verdict(edge, files[index] ?? new Uint8Array(), results[index] as OracleResult)
      t.equal(found, edge.refused ?? 'equal', edge.name)
    }
  })
}
