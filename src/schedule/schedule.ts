import type { Graph, TensorIndex } from '../ir/index.js'
import type { Granularity, OperatorSet } from '../ops/index.js'
import type { SelectedOperator } from '../select/index.js'
import { flowOf } from './flow.js'
import { type CutOptions, cutStages, type FlowPair, type Stage, type StageCosts, StageTable } from './stages.js'
import { type Storage, storagesOf, type StorageMap } from './storage.js'

/** When everything runs: stages in order. */
export interface Schedule {
  readonly stages: readonly Stage[]
  readonly storages: StorageMap
  /** Storages that are whole after the last stage. */
  readonly kept: readonly Storage[]
}

/** Makes schedules of a graph that need the least memory; undefined when there is no way to avoid what is to be avoided. */
export type Scheduler = (options?: Omit<CutOptions, 'onProgress'>) => Schedule | undefined

/** Told how far a work is that may take seconds: how much is done of how much. */
export type OnProgress = (done: number, of: number) => void

/** What a schedule has to keep to. */
export interface ScheduleOptions {
  /** How finely cascades are cut: `row` unless told. */
  readonly granularity?: Granularity
  /** Tensors that are whole after the last stage, as the graph's outputs are. */
  readonly preserved?: readonly TensorIndex[]
  /** The most operators of a stage: with 1, all of them run one after the other. */
  readonly longest?: number
  /** What schedulers of the same graph and options have found out for other kernel sets: this one adds to it. */
  readonly costs?: StageCosts
  /** Whether operators may run lane by lane in place at all: `true` unless told. */
  readonly lanes?: boolean
  /** Told how many stages were looked at. */
  readonly onProgress?: OnProgress
}

/** A scheduler of the operators of a graph, which remembers what it has found out of stages. */
export function schedulerOf(
  graph: Graph,
  selected: readonly SelectedOperator[],
  operators: OperatorSet,
  { granularity = 'row', preserved = [], longest, costs, lanes = true, onProgress }: ScheduleOptions = {},
): Scheduler {
  const storages = storagesOf(graph, operators)
  const flows = selected.flatMap((operator): readonly FlowPair[] => {
    const rows = flowOf(graph, operator, operators, storages, 'row')
    const cascaded = granularity === 'row' ? rows : flowOf(graph, operator, operators, storages, granularity)
    return rows === undefined || cascaded === undefined ? [] : [{ cascaded, rows }]
  })
  const kept = [...graph.outputs, ...preserved].flatMap((index) => storages.get(index) ?? [])
  const table = new StageTable(graph, flows, storages, kept, operators, { longest, costs })
  // what comes after the first search knows most of what it asks for
  let told = onProgress
  return (options = {}) => {
    const stages = cutStages(table, { ...options, lanes: lanes && options.lanes === true, onProgress: told })
    told = undefined
    return stages && { stages, storages, kept }
  }
}
