import { constantBytes, contextBytes } from '../codegen/index.js'
import { type Graph, type Operator, tensorAt, type TensorIndex } from '../ir/index.js'
import { callsOf, type KernelCall, type Program } from '../lower/index.js'
import type { Buffer, MemoryPlan } from '../memory/index.js'
import { countedPieces, type OperatorFlow, type Schedule, type Stage } from '../schedule/index.js'
import type { RemovedChannels } from './removed-channels.js'
import { momentsOf, type Running } from './moments.js'

/** A tensor that a buffer holds. */
export interface TensorReport {
  readonly index: number
  readonly name: string
  readonly type: string
  readonly shape: readonly number[]
}

/** An operator of a stage, and what is kept of its output. */
export interface OperatorReport {
  /** Position in the model file; -1 for an input that comes piece by piece. */
  readonly index: number
  readonly kind: string
  /** Name of its output. */
  readonly name: string
  /** The ring that holds its output: so many of all its rows or pixels at a time. Absent where that is held whole. */
  readonly ring?: {
    readonly unit: 'row' | 'pixel'
    readonly pieces: number
    readonly ofPieces: number
    readonly bytes: number
  }
  /** Bytes of accumulators that take its input piece by piece. */
  readonly accumulatorBytes?: number
  /**
   * It writes its output over its input, one channel after the other: results of a channel that wait at a time until their
   * place is free, and bytes of those. Absent where it does not.
   */
  readonly lanes?: { readonly delay: number; readonly bytes: number }
  /** Bytes of its weights and tables in ROM; what several operators share counts for the first. */
  readonly constantBytes: number
  /**
   * Where its weights are packed: their bytes and the instructions that multiply them, before and after. Instructions are
   * computed from what the kernel takes for a weight, with gcc -Os, and not measured.
   */
  readonly packing?: NonNullable<KernelCall['packing']>
}

/** Operators that run together. */
export interface StageReport {
  /** A `layer` runs by itself; the operators of a `cascade` run piece by piece, taking turns. */
  readonly kind: 'layer' | 'cascade'
  readonly operators: readonly OperatorReport[]
  /** Most bytes that are alive at one step of it. */
  readonly bytes: number
  readonly steps: number
}

/** What a buffer is for. One that holds an input first and other tensors later is an input. */
export type BufferKind = 'input' | 'output' | 'tensor' | 'ring' | 'accumulators' | 'scratch'

/** A step of an operator: position of its stage, and index of the operator. */
export interface StepReport {
  readonly stage: number
  readonly operator: number
}

/** A piece of the arena while it is in use. */
export interface BufferReport {
  readonly kind: BufferKind
  /** Name of the first tensor that it holds; for accumulators and scratch, of the operator's output. */
  readonly name: string
  /** Tensors that it holds, one after the other in place; none for accumulators and scratch. */
  readonly tensors: readonly TensorReport[]
  readonly offset: number
  readonly bytes: number
  /** First step that it is alive at; absent where it is filled before the first step. */
  readonly from?: StepReport
  /** Last step that it is alive at; absent where it is read after the last step. */
  readonly to?: StepReport
}

/** The moment at which most is alive, and what. */
export interface PeakReport {
  readonly bytes: number
  /** The step that runs then; absent before the first step and after the last. */
  readonly during?: StepReport
  /** What is alive then, largest first: position in the list of buffers, and bytes that are alive. */
  readonly buffers: readonly { readonly buffer: number; readonly bytes: number }[]
}

/** The memory that a model needs, and why. */
export interface PlanReport {
  /** How the inputs come; every figure is for this mode. */
  readonly input: string
  /** The kernel set that it is for: of those that the preprocessor chooses from, the one that needs the most RAM. */
  readonly kernels: string
  /** `sizeof` the context: all the RAM that the model needs, stack apart. */
  readonly contextBytes: number
  readonly arenaBytes: number
  /** No layout of this schedule can be smaller. */
  readonly lowerBound: number
  /** Constant arrays in ROM, code and parameters apart. */
  readonly constantBytes: number
  readonly removed: RemovedChannels
  readonly peak: PeakReport
  readonly stages: readonly StageReport[]
  readonly buffers: readonly BufferReport[]
}

/** A planned model, as far as it is reported on. */
export interface ReportedPlan {
  readonly graph: Graph
  /** The model's inputs, one that comes piece by piece included. */
  readonly inputs: readonly TensorIndex[]
  /** How they come. */
  readonly input: string
  readonly schedule: Schedule
  readonly plan: MemoryPlan
  readonly program: Program
  readonly removed: RemovedChannels
}

/** What a plan says about the memory of a model. */
export function planReport(reported: ReportedPlan): PlanReport {
  const { input, schedule, plan, program, removed } = reported
  const moments = momentsOf(schedule)
  const constants = constantsOf(program)
  return {
    input,
    kernels: program.set,
    contextBytes: contextBytes(program),
    arenaBytes: plan.bytes,
    lowerBound: plan.bound,
    constantBytes: constantBytes(program),
    removed,
    peak: peakOf(plan, moments),
    stages: schedule.stages.map((stage) => stageReport(reported, stage, constants)),
    buffers: plan.buffers.map((buffer) => bufferReport(reported, buffer, moments)),
  }
}

/** Bytes of constants by the index of the operator that is the first to use them. */
function constantsOf(program: Program): ReadonlyMap<number, number> {
  const bytes = new Map(program.constants.map(({ name, values }) => [name, values.byteLength]))
  const byOperator = new Map<number, number>()
  for (const { operator, fields, inputs } of callsOf(program)) {
    const inFields = Object.values(fields).flatMap((field) =>
      typeof field === 'object' && 'constant' in field ? [field.constant] : [],
    )
    const inInputs = inputs.flatMap(({ placement }) => (placement.kind === 'constant' ? [placement.name] : []))
    for (const name of [...inFields, ...inInputs]) {
      byOperator.set(operator.index, (byOperator.get(operator.index) ?? 0) + (bytes.get(name) ?? 0))
      bytes.delete(name)
    }
  }
  return byOperator
}

const outputName = (graph: Graph, { outputs }: Operator): string => tensorAt(graph, outputs[0] ?? -1).name

function stageReport(
  { graph, program }: ReportedPlan,
  stage: Stage,
  constants: ReadonlyMap<number, number>,
): StageReport {
  const { flows, simulation, bytes } = stage
  const operators = flows.map((flow): OperatorReport => {
    const { operator } = flow.selected
    const { index, kind } = operator
    const ring = ringOf(stage, flow)
    const packing = callsOf(program).find((call) => call.operator.index === index)?.packing
    return {
      index,
      kind,
      name: outputName(graph, operator),
      ...(ring && { ring }),
      ...(flow.accumulatorBytes > 0 && { accumulatorBytes: flow.accumulatorBytes }),
      ...(flow.lanes && { lanes: { ...flow.lanes, bytes: flow.scratchBytes } }),
      constantBytes: constants.get(index) ?? 0,
      ...(packing && { packing }),
    }
  })
  return { kind: flows.length === 1 ? 'layer' : 'cascade', operators, bytes, steps: simulation.steps.length }
}

function ringOf({ simulation }: Stage, flow: OperatorFlow): OperatorReport['ring'] {
  const bytes = simulation.traces.find(({ storage }) => storage === flow.output)?.ring
  if (bytes === undefined) return undefined
  const pieces = countedPieces(flow)
  return { unit: pieces.unit, pieces: bytes / pieces.bytes, ofPieces: pieces.count, bytes }
}

function tensorReport(graph: Graph, index: TensorIndex): TensorReport {
  const { name, type, shape } = tensorAt(graph, index)
  return { index, name, type, shape }
}

/** Which moments a buffer is alive at, both included. */
function lifeOf({ begin, from, to }: Buffer): readonly [number, number] {
  const alive = (last: number, i: number): boolean => last > (from[i] ?? 0)
  return [begin + to.findIndex(alive), begin + to.findLastIndex(alive)]
}

function bufferReport(
  reported: ReportedPlan,
  buffer: Buffer & { readonly offset: number },
  moments: readonly (Running | undefined)[],
): BufferReport {
  const { graph } = reported
  const { purpose, offset, bytes } = buffer
  const roots = 'operator' in purpose ? [] : purpose.storages.map(({ root }) => root)
  const owner = 'operator' in purpose ? graph.operators.find(({ index }) => index === purpose.operator) : undefined
  const tensors = roots.map((root) => tensorReport(graph, root))
  const [first, last] = lifeOf(buffer).map((moment) => stepReport(moments[moment]))
  return {
    kind: kindOf(reported, buffer),
    name: tensors[0]?.name ?? (owner ? outputName(graph, owner) : ''),
    tensors,
    offset,
    bytes,
    ...(first && { from: first }),
    ...(last && { to: last }),
  }
}

function kindOf({ graph, inputs, schedule }: ReportedPlan, { purpose }: Buffer): BufferKind {
  if (purpose.kind !== 'storage') return purpose.kind
  const holds = (tensors: readonly TensorIndex[]): boolean =>
    tensors.some((index) => purpose.storages.some((storage) => storage === schedule.storages.get(index)))
  return holds(inputs) ? 'input' : holds(graph.outputs) ? 'output' : 'tensor'
}

function stepReport(running: Running | undefined): StepReport | undefined {
  return running && { stage: running.stage, operator: running.operator.index }
}

/** Bytes of a buffer that are alive at a moment. */
function aliveBytes({ begin, from, to }: Buffer, moment: number): number {
  return (to[moment - begin] ?? 0) - (from[moment - begin] ?? 0)
}

/** The moment at which the most bytes are alive: the first one, but rather a step than before or after all. */
export function peakMoment({ buffers }: MemoryPlan, moments: number): number {
  const alive = Array.from({ length: moments }, (_, moment) =>
    buffers.reduce((sum, buffer) => sum + aliveBytes(buffer, moment), 0),
  )
  const most = alive.reduce((a, b) => Math.max(a, b), 0)
  const inside = alive.slice(1, -1).indexOf(most)
  return inside < 0 ? Math.max(0, alive.indexOf(most)) : inside + 1
}

function peakOf(plan: MemoryPlan, moments: readonly (Running | undefined)[]): PeakReport {
  const moment = peakMoment(plan, moments.length)
  const alive = plan.buffers
    .map((buffer, i) => ({ buffer: i, bytes: aliveBytes(buffer, moment) }))
    .filter(({ bytes }) => bytes > 0)
    .sort((a, b) => b.bytes - a.bytes || a.buffer - b.buffer)
  const during = stepReport(moments[moment])
  return { bytes: alive.reduce((sum, { bytes }) => sum + bytes, 0), ...(during && { during }), buffers: alive }
}
