import t from 'tap'
import type { Graph } from '../../src/ir/index.js'
import { builtinOperators } from '../../src/ops/index.js'
import type { Pass } from '../../src/passes/index.js'
import { evaluateExtreme, evaluateRandom, EXTREMES } from '../support/graphs.js'

/** Runs a pass, and checks that the graph gives on many inputs what it gave before. The graph after the pass. */
export function runUnchanged(pass: Pass, graph: Graph): Graph {
  const after = pass.run(graph, { operators: builtinOperators, stripFloatIo: false })
  for (let seed = 0; seed < 5; seed += 1) {
    t.same(evaluateRandom(after, seed), evaluateRandom(graph, seed), `${pass.name} keeps the outputs, seed ${seed}`)
  }
  for (const extreme of EXTREMES) {
    const [expected, found] = [evaluateExtreme(graph, extreme), evaluateExtreme(after, extreme)]
    t.same(found, expected, `${pass.name} keeps the outputs, inputs ${extreme}`)
  }
  return after
}
