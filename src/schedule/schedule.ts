import type { Graph, TensorIndex } from '../ir/index.js'
import type { OperatorSet } from '../ops/index.js'
import type { SelectedOperator } from '../select/index.js'
import { flowOf, type OperatorFlow } from './flow.js'
import { cutStages, type Stage, StageTable } from './stages.js'
import { type Storage, storagesOf, type StorageMap } from './storage.js'

/** When everything runs: stages in order. */
export interface Schedule {
  readonly stages: readonly Stage[]
  readonly storages: StorageMap
  /** Storages that are whole after the last stage. */
  readonly kept: readonly Storage[]
}

/**
 * Makes schedules of a graph that need the least memory. A schedule may avoid stages, by their keys; undefined when there
 * is no way to do without them.
 */
export type Scheduler = (avoided?: ReadonlySet<string>) => Schedule | undefined

/**
 * A scheduler of the operators of a graph, which remembers what it has found out of stages. The graph's outputs are whole
 * after the last stage, and so are the `preserved` tensors. No stage has more than `longest` operators: with 1, all of
 * them run one after the other.
 */
export function schedulerOf(
  graph: Graph,
  selected: readonly SelectedOperator[],
  operators: OperatorSet,
  preserved: readonly TensorIndex[] = [],
  longest?: number,
): Scheduler {
  const storages = storagesOf(graph, operators)
  const flows = selected.flatMap((operator): readonly OperatorFlow[] => {
    const flow = flowOf(graph, operator, operators, storages)
    return flow === undefined ? [] : [flow]
  })
  const kept = [...graph.outputs, ...preserved].flatMap((index) => storages.get(index) ?? [])
  const table = new StageTable(graph, flows, storages, kept, operators, longest)
  return (avoided) => {
    const stages = cutStages(table, avoided)
    return stages && { stages, storages, kept }
  }
}
