import type { Graph } from '../../src/ir/index.js'
import { builtinOperators } from '../../src/ops/index.js'
import { type Schedule, schedulerOf } from '../../src/schedule/index.js'
import { selectKernels } from '../../src/select/index.js'

/** The schedule of a graph that needs the least memory, with default options. */
export function scheduled(graph: Graph): Schedule {
  const schedule = schedulerOf(
    graph,
    selectKernels(graph, builtinOperators, { set: 'portable', goal: 'balanced' }),
    builtinOperators,
  )()
  if (schedule === undefined) throw new Error(`no schedule for ${graph.name}`)
  return schedule
}
