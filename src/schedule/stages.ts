import { type Graph, InternalError } from '../ir/index.js'
import { instanceOf, type OperatorSet } from '../ops/index.js'
import { accumulating, atOnce, isUnordered, onWhole, type OperatorFlow } from './flow.js'
import { inLanes } from './lanes.js'
import { simulate, simulatedBytes, type Simulation } from './simulate.js'
import type { Outlives } from './stage-storage.js'
import type { Storage, StorageMap } from './storage.js'

/**
 * Operators that run together. Several of them are a cascade: piece by piece, so that the tensors between them exist
 * only as far as pieces are still needed.
 */
export interface Stage {
  readonly flows: readonly OperatorFlow[]
  readonly simulation: Simulation
  /** Its first and its last operator, as positions, and whether it runs lane by lane: what a search excludes it by. */
  readonly key: string
  /** Bytes that are alive at its worst step, storages that only pass through included. */
  readonly bytes: number
  /** For one operator: the input whose memory the output takes over, element by element or lane by lane. */
  readonly inPlace?: Storage
}

/** Cascades longer than this gain nothing that shorter ones do not. */
const MAX_OPERATORS = 30
/** Steps that all simulations together may have; long networks of long tensors get shorter cascades. */
const MAX_STEPS = 6e7

/** When each storage is written, and last read, in positions of operators. */
interface Lifetimes {
  readonly written: ReadonlyMap<Storage, number>
  readonly read: ReadonlyMap<Storage, number>
}

function lifetimesOf(flows: readonly OperatorFlow[], inputs: readonly Storage[], kept: readonly Storage[]): Lifetimes {
  const written = new Map<Storage, number>()
  const read = new Map<Storage, number>()
  for (const storage of inputs) written.set(storage, -1)
  flows.forEach(({ inputs, output }, position) => {
    written.set(output, position)
    // what nobody reads is still written
    read.set(output, Math.max(position, read.get(output) ?? position))
    for (const { storage } of inputs) read.set(storage, position)
  })
  for (const storage of kept) read.set(storage, flows.length)
  return { written, read }
}

/**
 * An operator by itself runs row by row, whatever cascades do. Where it is not done with a row of its input until all
 * rows are made, it is all at once: as several calls are, a single row of pixels, and a kernel with an order of its own.
 */
function alone(rows: OperatorFlow): OperatorFlow {
  const inOneCall = rows.selected.kernels.length <= 1 && !(rows.units?.form === 'window' && rows.units.dimensions > 1)
  return (inOneCall || rows.steps === 1) && !isUnordered(rows) ? rows : atOnce(rows)
}

/** An operator as steps: in a cascade, and by itself. */
export interface FlowPair {
  readonly cascaded: OperatorFlow
  readonly rows: OperatorFlow
}

/**
 * What stages need by themselves, by their operators, steps and scratch. Tables of one graph for several kernel sets
 * share it: their operators differ in steps and scratch alone.
 */
export type StageCosts = Map<string, number>

interface StageOptions {
  /** Operators of the longest stage that is looked at, at most. */
  readonly longest?: number | undefined
  readonly costs?: StageCosts | undefined
}

type Parts = Pick<Stage, 'flows' | 'inPlace'> & { readonly outlives: Outlives }

const keyOf = (from: number, to: number, lanes = false): string => `${from} ${to}${lanes ? ' lanes' : ''}`

/** Finds and remembers what stages of consecutive operators need. */
export class StageTable {
  /** Operators of the longest stage that is looked at. */
  readonly reach: number
  private readonly lifetimes: Lifetimes
  readonly flows: readonly OperatorFlow[]
  private readonly known = new Map<string, number>()
  private readonly costs: StageCosts
  private readonly knownInLanes = new Map<number, number>()
  /** Only those that a schedule has: their traces are long. */
  private readonly stages = new Map<string, Stage>()

  constructor(
    private readonly graph: Graph,
    private readonly pairs: readonly FlowPair[],
    private readonly storages: StorageMap,
    kept: readonly Storage[],
    private readonly operators: OperatorSet,
    { longest = MAX_OPERATORS, costs = new Map<string, number>() }: StageOptions = {},
  ) {
    this.costs = costs
    this.flows = pairs.map(({ cascaded }) => cascaded)
    const inputs = graph.inputs.flatMap((index) => storages.get(index) ?? [])
    this.lifetimes = lifetimesOf(this.flows, inputs, kept)
    const steps = this.flows.reduce((sum, flow) => sum + flow.steps, 1)
    this.reach = Math.max(1, Math.min(longest, Math.floor(Math.sqrt((2 * MAX_STEPS) / steps))))
  }

  /** Bytes that the stage of operators `from` up to and including `to` needs at its worst step. */
  bytes(from: number, to: number): number {
    const key = keyOf(from, to)
    const known = this.known.get(key)
    if (known !== undefined) return known
    const bytes = this.bytesOf(this.parts(from, to), from, to)
    this.known.set(key, bytes)
    return bytes
  }

  /** The same where it is less than `limit`; otherwise infinite, which often takes no simulation to tell. */
  bytesBelow(from: number, to: number, limit: number): number {
    if (from < to && this.leastBytes(from, to) >= limit) return Infinity
    const bytes = this.bytes(from, to)
    return bytes < limit ? bytes : Infinity
  }

  /** The same of one operator that runs lane by lane in place; infinite where it cannot. */
  bytesInLanes(at: number): number {
    const known = this.knownInLanes.get(at)
    if (known !== undefined) return known
    const parts = this.partsInLanes(at)
    const bytes = parts === undefined ? Infinity : this.bytesOf(parts, at, at)
    this.knownInLanes.set(at, bytes)
    return bytes
  }

  /** The stage of operators `from` up to and including `to`; of one operator, `lanes` is by lane in place. */
  stage(from: number, to: number, lanes = false): Stage {
    const key = keyOf(from, to, lanes)
    const known = this.stages.get(key)
    if (known !== undefined) return known
    const parts = lanes ? this.partsInLanes(from) : this.parts(from, to)
    if (parts === undefined) throw new InternalError(`operator ${from} cannot run lane by lane`)
    const { flows, outlives, inPlace } = parts
    const simulation = simulate(flows, outlives)
    const bytes = lanes ? this.bytesInLanes(from) : this.bytes(from, to)
    const stage = { key, flows, simulation, bytes, ...(inPlace && { inPlace }) }
    this.stages.set(key, stage)
    return stage
  }

  private bytesOf({ flows, outlives, inPlace }: Parts, from: number, to: number): number {
    const own =
      inPlace === undefined ? this.simulated(flows, outlives, from) : this.bytesInPlace(flows[0] as OperatorFlow)
    return own + this.passingThrough(flows, from, to)
  }

  private simulated(flows: readonly OperatorFlow[], outlives: Outlives, from: number): number {
    const key = [from, ...flows.flatMap(({ steps, scratchBytes }) => [steps, scratchBytes])].join(' ')
    const bytes = this.costs.get(key) ?? simulatedBytes(flows, outlives)
    this.costs.set(key, bytes)
    return bytes
  }

  private partsInLanes(at: number): Parts | undefined {
    const { outlives, inPlace } = this.parts(at, at)
    // what runs in place element by element has nothing to gain
    const flow =
      inPlace === undefined ? inLanes(this.graph, (this.pairs[at] as FlowPair).rows, this.operators) : undefined
    const storage = flow?.inputs[0]?.storage
    return flow && storage && !outlives(storage) ? { flows: [flow], outlives, inPlace: storage } : undefined
  }

  private parts(from: number, to: number): Parts {
    const single = this.pairs[from] as FlowPair
    const flows = from === to ? [alone(single.rows)] : this.inCascade(this.flows.slice(from, to + 1))
    const outlives: Outlives = (storage) => (this.lifetimes.read.get(storage) ?? -1) > to
    const inPlace = from === to ? this.inPlaceInput(flows[0] as OperatorFlow, outlives) : undefined
    return { flows, outlives, ...(inPlace && { inPlace }) }
  }

  /** Within a cascade, inputs that are larger than accumulators are taken piece by piece; what comes from before is whole. */
  private inCascade(flows: readonly OperatorFlow[]): readonly OperatorFlow[] {
    return flows.map((flow) => {
      const producer = flows.find(({ output }) => flow.inputs.some(({ storage }) => storage === output))
      return producer === undefined ? onWhole(flow) : (accumulating(flow, producer) ?? flow)
    })
  }

  private inPlaceInput(flow: OperatorFlow, outlives: Outlives): Storage | undefined {
    if (isUnordered(flow)) return undefined
    const { inputs, output } = flow
    const { operator } = flow.selected
    const { inPlace } = this.operators.get(operator.kind)?.dataFlow(instanceOf(this.graph, operator)) ?? { inPlace: [] }
    const candidates = new Set(inPlace.map((input) => this.storages.get(operator.inputs[input] ?? -1)))
    return inputs
      .map(({ storage }) => storage)
      .find((storage) => candidates.has(storage) && !outlives(storage) && storage.bytes >= output.bytes)
  }

  private bytesInPlace({ inputs, scratchBytes }: OperatorFlow): number {
    return [...new Set(inputs.map(({ storage }) => storage))].reduce((sum, { bytes }) => sum + bytes, scratchBytes)
  }

  /** What a cascade needs at its start and at its end, whatever it does between them. */
  private leastBytes(from: number, to: number): number {
    const begins = new Map<Storage, number>()
    for (const { inputs } of this.flows.slice(from, to + 1))
      for (const { storage, from: needed } of inputs)
        begins.set(storage, Math.min(begins.get(storage) ?? Infinity, needed[0] ?? 0))
    let start = 0
    let end = 0
    for (const [storage, written] of this.lifetimes.written) {
      const read = this.lifetimes.read.get(storage) ?? -1
      if (written < from && read >= from) start += storage.bytes - (read > to ? 0 : (begins.get(storage) ?? 0))
      if (written <= to && read > to) end += storage.bytes
    }
    return Math.max(start, end)
  }

  private passingThrough(flows: readonly OperatorFlow[], from: number, to: number): number {
    const touched = new Set(flows.flatMap(({ inputs, output }) => [...inputs.map(({ storage }) => storage), output]))
    let bytes = 0
    for (const [storage, written] of this.lifetimes.written) {
      const read = this.lifetimes.read.get(storage) ?? -1
      if (written < from && read > to && !touched.has(storage)) bytes += storage.bytes
    }
    return bytes
  }
}

/** A way to cut operators into stages: for the first `n` operators, the best that is known. */
interface Cut {
  /** Bytes of the worst stage. */
  readonly worst: number
  /** Operators that run lane by lane. */
  readonly inLanes: number
  /** Operators in cascades. */
  readonly cascaded: number
  /** Where the last stage begins, or -1 at the start, and whether it runs lane by lane. */
  readonly from: number
  readonly lanes: boolean
}

const isBetter = (a: Cut, b: Cut): boolean =>
  a.worst < b.worst || (a.worst === b.worst && (a.inLanes - b.inLanes || a.cascaded - b.cascaded) < 0)

const NO_CUT: Cut = { worst: Infinity, inLanes: Infinity, cascaded: Infinity, from: -1, lanes: false }

/**
 * For the first `n` operators each, the best cut. `extend` tells what the cut is of one more stage after the one `before`;
 * undefined where that is not accepted, or not better than the `best` that is known: most stages are never looked at.
 */
function bestCuts(
  count: number,
  reach: number,
  extend: (from: number, to: number, before: Cut, best: Cut | undefined) => Cut | undefined,
): readonly Cut[] {
  const none = { inLanes: 0, cascaded: 0, lanes: false }
  const cuts: Cut[] = [{ worst: 0, from: -1, ...none }]
  for (let to = 0; to < count; to += 1) {
    let best: Cut | undefined
    for (let from = to; from >= Math.max(0, to - reach + 1); from -= 1) {
      const cut = extend(from, to, cuts[from] as Cut, best)
      if (cut !== undefined && (best === undefined || isBetter(cut, best))) best = cut
    }
    cuts.push(best ?? { worst: Infinity, from: to, ...none })
  }
  return cuts
}

/** What a schedule may be made of. */
export interface CutOptions {
  /** Stages that are not used, by their keys. */
  readonly avoided?: ReadonlySet<string> | undefined
  /** Operators may run lane by lane in place, which takes longer than any other way. */
  readonly lanes?: boolean | undefined
  /** Told how many stages were looked at, of those that can be. */
  readonly onProgress?: ((done: number, of: number) => void) | undefined
}

/**
 * Cuts operators into stages so that the worst stage needs the fewest bytes; among such cuts, the one with the fewest
 * operators that run lane by lane, and then with the fewest in cascades, as layer by layer is faster and smaller. Undefined
 * when there is no way without the stages to avoid.
 */
export function cutStages(
  table: StageTable,
  { avoided = new Set(), lanes = false, onProgress }: CutOptions = {},
): readonly Stage[] | undefined {
  const { flows, reach } = table
  const count = flows.length
  const pairs = flows.reduce((sum, _, to) => sum + Math.min(reach, to + 1), 0)
  let looked = 0
  // an input that comes in one piece has nothing that could run with it piece by piece
  const [first] = flows
  const isWholeInput = first?.selected.kernels.length === 0 && first.steps === 1
  const bytes = (from: number, to: number, limit: number): number => {
    const isRuledOut = avoided.has(keyOf(from, to)) || (isWholeInput && from === 0 && to > 0)
    return isRuledOut ? Infinity : table.bytesBelow(from, to, limit)
  }
  const bytesInLanes = (from: number, to: number): number =>
    !lanes || from !== to || avoided.has(keyOf(from, to, true)) ? Infinity : table.bytesInLanes(from)
  const bottleneck =
    bestCuts(count, reach, (from, to, before, best = NO_CUT) => {
      onProgress?.((looked += 1), pairs)
      if (before.worst >= best.worst) return undefined
      const worst = Math.max(before.worst, Math.min(bytes(from, to, best.worst), bytesInLanes(from, to)))
      return { worst, inLanes: 0, cascaded: 0, from, lanes: false }
    }).at(-1)?.worst ?? Infinity
  if (bottleneck === Infinity) return undefined
  // all that stays within the bottleneck is equally good: now the fewest lanes and cascades decide
  const cuts = bestCuts(count, reach, (from, to, before, best = NO_CUT) => {
    const cut = { ...before, cascaded: before.cascaded + (from === to ? 0 : to - from + 1), from, lanes: false }
    if (before.worst === Infinity || !isBetter(cut, best)) return undefined
    if (bytes(from, to, bottleneck + 1) <= bottleneck) return cut
    return bytesInLanes(from, to) > bottleneck ? undefined : { ...cut, inLanes: before.inLanes + 1, lanes: true }
  })
  const stages: Stage[] = []
  for (let to = count; to > 0; to = cuts[to]?.from ?? 0)
    stages.unshift(table.stage(cuts[to]?.from ?? 0, to - 1, cuts[to]?.lanes))
  return stages
}
