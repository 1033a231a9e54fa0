import { type Graph, InternalError } from '../ir/index.js'
import type { OnProgress, Schedule, Scheduler } from '../schedule/index.js'
import { type MemoryPlan, planMemory } from './plan.js'

/** A schedule with its arena. */
export interface PlannedSchedule {
  readonly schedule: Schedule
  readonly plan: MemoryPlan
}

/** Stages that need less than this share of the arena are not what makes it large. */
const WORTH_AVOIDING = 0.6
/** Rounds of search: in each, one stage more is avoided. */
const ROUNDS = 4
/** Stages that are tried to be avoided in a round: the largest. */
const CANDIDATES = 10

/** Bytes of the arena, which a packing that is a few bytes better does not make smaller. */
const arenaBytes = ({ plan: { bytes, alignment } }: PlannedSchedule): number => Math.ceil(bytes / alignment) * alignment

/** The schedule and arena when some stages are avoided; undefined when that cannot be, or cannot be better. */
function attempt(
  graph: Graph,
  scheduler: Scheduler,
  avoided: ReadonlySet<string>,
  limit: number,
): PlannedSchedule | undefined {
  const schedule = scheduler({ avoided })
  if (schedule === undefined || schedule.stages.some(({ bytes }) => bytes >= limit)) return undefined
  const plan = planMemory(graph, schedule)
  return plan.bytes < limit ? { schedule, plan } : undefined
}

/**
 * A schedule that needs little memory, and its arena. Stages are cut by what is alive at one time, which is a lower bound
 * of the arena; where packing misses it, other cuts are tried that avoid one of the large stages, and so on from the best.
 * Operators run lane by lane only where nothing else makes the arena as small.
 * `onProgress` is told how many cuts were tried, of the most that can be.
 */
export function planLeastMemory(graph: Graph, scheduler: Scheduler, onProgress?: OnProgress): PlannedSchedule {
  let tried = 0
  const onTry = (): void => onProgress?.((tried += 1), 2 * ROUNDS * CANDIDATES)
  const without = searchFrom(scheduler(), graph, scheduler, onTry)
  const first = scheduler({ lanes: true })
  const usesLanes = first?.stages.some(({ flows }) => flows.some(({ lanes }) => lanes !== undefined)) === true
  if (!usesLanes) return without
  const inLanes = searchFrom(first, graph, (options) => scheduler({ ...options, lanes: true }), onTry)
  return arenaBytes(inLanes) < arenaBytes(without) ? inLanes : without
}

/** The best schedule that is found from a first one on. */
function searchFrom(
  first: Schedule | undefined,
  graph: Graph,
  scheduler: Scheduler,
  onTry: () => void,
): PlannedSchedule {
  if (first === undefined) throw new InternalError('operators could not be scheduled')
  let best: PlannedSchedule = { schedule: first, plan: planMemory(graph, first) }
  let avoided: ReadonlySet<string> = new Set()
  for (let round = 0; round < ROUNDS && best.plan.bytes > best.plan.bound + best.plan.alignment; round += 1) {
    const { stages } = best.schedule
    const large = stages
      .filter(({ bytes }) => bytes >= WORTH_AVOIDING * best.plan.bound)
      .sort((a, b) => b.bytes - a.bytes)
      .slice(0, CANDIDATES)
    let better: { readonly found: PlannedSchedule; readonly avoided: ReadonlySet<string> } | undefined
    for (const { key } of large) {
      onTry()
      const without = new Set([...avoided, key])
      const found = attempt(graph, scheduler, without, better?.found.plan.bytes ?? best.plan.bytes)
      if (found !== undefined) better = { found, avoided: without }
    }
    if (better === undefined) break
    best = better.found
    avoided = better.avoided
  }
  return best
}
