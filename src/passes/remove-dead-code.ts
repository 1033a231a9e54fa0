import type { Operator } from '../ir/index.js'
import type { Pass } from './pass.js'

/** Drops operators whose outputs nobody reads. */
export const removeDeadCode: Pass = {
  name: 'remove-dead-code',
  keeps: 'Operators have no effect but their outputs, so one whose outputs are not read changes nothing.',
  run(graph) {
    const needed = new Set(graph.outputs)
    const kept: Operator[] = []
    for (const operator of [...graph.operators].reverse()) {
      if (!operator.outputs.some((index) => needed.has(index))) continue
      kept.unshift(operator)
      for (const index of operator.inputs) needed.add(index)
    }
    return kept.length === graph.operators.length ? graph : { ...graph, operators: kept }
  },
}
