import type { Buffer } from '../memory/index.js'
import type { Stage } from '../schedule/index.js'
import { momentsOf } from './moments.js'
import { type BufferKind, peakMoment, type PlanReport, type ReportedPlan } from './plan-report.js'

/** Bytes of the arena, `low` up to but not including `high`, in the columns `from` up to but not including `to`. */
export interface MapSpan {
  readonly from: number
  readonly to: number
  readonly low: number
  readonly high: number
}

/** A buffer as it lies in the arena while it is alive: spans in the order of time. */
export interface MapBuffer {
  readonly kind: BufferKind
  readonly name: string
  readonly bytes: number
  readonly spans: readonly MapSpan[]
}

/** A stage, in the columns `from` up to but not including `to`. */
export interface MapStage {
  readonly from: number
  readonly to: number
  readonly operators: readonly { readonly index: number; readonly kind: string; readonly name: string }[]
}

/**
 * What lies where in the arena, over time. Time is counted in columns: a step of the schedule each, or a few steps of one
 * stage where a schedule is long. The first column is before all steps, the last one after them.
 */
export interface MemoryMap {
  readonly columns: number
  /** Most steps that a column stands for. */
  readonly stepsPerColumn: number
  /** The column in which the most bytes are alive. */
  readonly peak: number
  readonly input: string
  readonly contextBytes: number
  readonly arenaBytes: number
  readonly lowerBound: number
  readonly stages: readonly MapStage[]
  readonly buffers: readonly MapBuffer[]
}

/** Moments of one column, the second not included. */
type Column = readonly [number, number]

/** A map of more columns is no clearer. */
const MAX_COLUMNS = 600

/** Columns of each stage: of about equally many moments, at least one for each stage. */
function columnsOf(stages: readonly Stage[], moments: number): readonly (readonly Column[])[] {
  let begin = 1
  return stages.map(({ simulation: { steps } }) => {
    const count = Math.max(1, Math.min(steps.length, Math.floor((steps.length * MAX_COLUMNS) / moments)))
    const at = (column: number): number => begin + Math.round((column * steps.length) / count)
    const columns = Array.from({ length: count }, (_, column): Column => [at(column), at(column + 1)])
    begin += steps.length
    return columns
  })
}

/** The map of a planned model's arena; `report` is on the same plan. */
export function memoryMap({ schedule, plan }: ReportedPlan, report: PlanReport): MemoryMap {
  const { length } = momentsOf(schedule)
  const ofStages = columnsOf(schedule.stages, length)
  const columns: readonly Column[] = [[0, 1], ...ofStages.flat(), [length - 1, length]]
  const peak = peakMoment(plan, length)
  let begin = 1
  const stages = report.stages.map(({ operators }, i): MapStage => {
    const from = begin
    begin += ofStages[i]?.length ?? 0
    return { from, to: begin, operators: operators.map(({ index, kind, name }) => ({ index, kind, name })) }
  })
  return {
    columns: columns.length,
    stepsPerColumn: columns.reduce((most, [first, end]) => Math.max(most, end - first), 1),
    peak: columns.findIndex(([first, end]) => peak >= first && peak < end),
    input: report.input,
    contextBytes: report.contextBytes,
    arenaBytes: report.arenaBytes,
    lowerBound: report.lowerBound,
    stages,
    buffers: report.buffers.map(({ kind, name, bytes }, i) => {
      const buffer = plan.buffers[i]
      return { kind, name, bytes, spans: buffer === undefined ? [] : spansOf(buffer, columns) }
    }),
  }
}

/** The alive part of a buffer: what is alive at any moment of a column, columns that are alike in one span. */
function spansOf(buffer: Buffer & { readonly offset: number }, columns: readonly Column[]): readonly MapSpan[] {
  const spans: MapSpan[] = []
  columns.forEach((column, index) => {
    const alive = aliveIn(buffer, column)
    if (alive === undefined) return
    const last = spans.at(-1)
    if (last?.to === index && last.low === alive.low && last.high === alive.high)
      spans[spans.length - 1] = { ...last, to: index + 1 }
    else spans.push({ from: index, to: index + 1, ...alive })
  })
  return spans
}

function aliveIn(
  { begin, from, to, offset }: Buffer & { readonly offset: number },
  [first, end]: Column,
): Pick<MapSpan, 'low' | 'high'> | undefined {
  let low = Infinity
  let high = -Infinity
  for (let i = Math.max(0, first - begin); i < Math.min(from.length, end - begin); i += 1) {
    const [start = 0, stop = 0] = [from[i], to[i]]
    if (stop <= start) continue
    low = Math.min(low, offset + start)
    high = Math.max(high, offset + stop)
  }
  return high > low ? { low, high } : undefined
}
