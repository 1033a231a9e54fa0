import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { constantBytes, contextBytes, generateCode } from './codegen/index.js'
import type { PlanOptions, Progress, SourceOptions } from './compile-options.js'
import { collect } from './diagnostics.js'
import { feedOf } from './feed.js'
import { type Diagnostic, DiagnosticsError, type Graph, InternalError, type TensorIndex } from './ir/index.js'
import { callsOf, type FeedRequest, lowerProgram, type Program } from './lower/index.js'
import { checkPlan, type MemoryPlan, planLeastMemory } from './memory/index.js'
import { labelsOf, modelFacts } from './model-facts.js'
import { builtinOperators, checkGraph, checkKernels, type OperatorSet, parseGraph } from './ops/index.js'
import { runPasses, stripFloatIo } from './passes/index.js'
import type { ModelFacts, SourceFile } from './plugin.js'
import { operatorSizes, overBudget, planReport, removedChannels } from './report/index.js'
import type { ReportedPlan } from './report/index.js'
import { type Schedule, schedulerOf, type StageCosts } from './schedule/index.js'
import { cmsisNnSetsOf, isCmsisNn, type KernelTarget } from './select/index.js'
import { type ProgramSet, programSetsOf, selectKernels } from './select/index.js'
import { smallerContexts } from './smaller-contexts.js'
import { sourceFiles } from './source-files.js'
import { readLabels, readModel, type SourceModel } from './tflite/index.js'
import { version } from './version.js'

export { INPUT_MODES, type InputMode, type PlanOptions, type Progress, type SourceOptions } from './compile-options.js'

/** The generated sources of one model, and the facts about it. */
export interface ModelSources {
  readonly files: readonly SourceFile[]
  readonly facts: ModelFacts
}

/** A model up to its memory plan: everything that can stand against compiling it has been looked at. */
export interface PlannedModel {
  readonly model: SourceModel
  /** The graph as it is in the file, options parsed. */
  readonly source: Graph
  /** The graph after all passes. */
  readonly graph: Graph
  /** What its kernels are chosen for. */
  readonly target: KernelTarget
  readonly schedule: Schedule
  readonly plan: MemoryPlan
  /** The model's inputs in their order, one that comes piece by piece included. */
  readonly inputs: readonly TensorIndex[]
  readonly feed?: FeedRequest
}

/** A model up to its graph, which is the same for every kernel set. */
interface ReadyModel extends Pick<PlannedModel, 'model' | 'source' | 'graph' | 'inputs' | 'feed'> {
  /** What is found out of its stages for one kernel set holds for the others. */
  readonly costs: StageCosts
}

/** The first part of the pipeline. Throws a DiagnosticsError with everything that is not supported. */
function readyModel(bytes: Uint8Array, options: PlanOptions, operators: OperatorSet): ReadyModel {
  const model = readModel(bytes)
  const source = parsedGraph(model, operators)
  const whole = runPasses(source, { operators, stripFloatIo: options.stripFloatIo })
  throwIfAny(checkKernels(whole, operators))
  const feed = feedOf(whole, options)
  return { model, source, graph: feed?.graph ?? whole, inputs: whole.inputs, costs: new Map(), ...(feed && { feed }) }
}

/** The second part, for one kernel set. */
function planFor(
  target: KernelTarget,
  { costs, ...ready }: ReadyModel,
  options: PlanOptions,
  operators: OperatorSet,
): PlannedModel {
  const { graph } = ready
  const selected = selectKernels(graph, operators, target)
  const preserved = options.input === 'preserve' ? graph.inputs : []
  const progress = (phase: Progress['phase']) => (done: number, of: number) => options.onProgress?.({ phase, done, of })
  const scheduler = schedulerOf(graph, selected, operators, {
    granularity: options.ram ?? 'row',
    preserved,
    costs,
    // kernels by lane are portable, and many times slower than fast ones
    lanes: options.optimize === 'ram',
    onProgress: progress('stages'),
    ...(isCmsisNn(target.set) && { granularity: 'row', longest: 1, lanes: false, costs: new Map<string, number>() }),
  })
  const { schedule, plan } = planLeastMemory(graph, scheduler, progress('memory'))
  throwIfAny(plan.bytes > MAX_ARENA_BYTES ? [tooLarge(plan.bytes)] : [])
  const [clobber] = checkPlan(graph, schedule, operators, plan)
  if (clobber !== undefined) throw new InternalError(`the memory plan loses a tensor: ${JSON.stringify(clobber)}`)
  return { ...ready, target, schedule, plan }
}

/**
 * A model planned for a processor: where the preprocessor chooses among several kernel sets, for the one that is left
 * when it chooses no other. Throws a DiagnosticsError.
 */
export function planModel(
  bytes: Uint8Array,
  options: PlanOptions,
  operators: OperatorSet = builtinOperators,
): PlannedModel {
  const set = programSetsOf(options.cpu).at(-1) ?? 'portable'
  return planFor(targetOf(set, options), readyModel(bytes, options, operators), options, operators)
}

/**
 * A model as programs, one for each kernel set of a processor, the best one first. A set that has nothing to gain over
 * the last one has none. Throws a DiagnosticsError.
 */
export function lowerVariants(
  bytes: Uint8Array,
  options: Partial<SourceOptions> & PlanOptions,
  operators: OperatorSet = builtinOperators,
): readonly (PlannedModel & ReportedPlan)[] {
  return ownVariants(readyModel(bytes, options, operators), options, operators)
}

/** What the kernels of a set are chosen for. */
const targetOf = (set: ProgramSet, { optimize, rom = 'normal' }: PlanOptions): KernelTarget => ({
  set,
  goal: optimize,
  rom,
})

/** A model planned and lowered for each of some kernel sets. */
function variantsOf(
  sets: readonly ProgramSet[],
  ready: ReadyModel,
  options: Partial<SourceOptions> & PlanOptions,
  operators: OperatorSet,
): readonly (PlannedModel & ReportedPlan)[] {
  return sets.map((set, index) => {
    const given = { ...options, ...progressOfPart(options, index, sets.length) }
    return lowerModel(planFor(targetOf(set, options), ready, given, operators), given, operators)
  })
}

/** The same program but for the kernel set that it is made for. */
const isSame = (a: ReportedPlan | undefined, b: ReportedPlan | undefined): boolean =>
  isDeepStrictEqual({ ...a?.program, set: '' }, { ...b?.program, set: '' })

/** The programs of our own kernels; packed where only that keeps to the budget of ROM. */
function ownVariants(
  ready: ReadyModel,
  options: Partial<SourceOptions> & PlanOptions,
  operators: OperatorSet,
): readonly (PlannedModel & ReportedPlan)[] {
  const { rom, maxRom } = options
  const variants = differingVariants(ready, options, operators)
  const fits = (all: readonly ReportedPlan[]): boolean =>
    maxRom === undefined || all.every(({ program }) => constantBytes(program) <= maxRom)
  if (rom !== undefined || fits(variants)) return variants
  const packed = differingVariants(ready, { ...options, rom: 'small' }, operators)
  return fits(packed) ? packed : variants
}

function differingVariants(
  ready: ReadyModel,
  options: Partial<SourceOptions> & PlanOptions,
  operators: OperatorSet,
): readonly (PlannedModel & ReportedPlan)[] {
  const all = variantsOf(programSetsOf(options.cpu), ready, options, operators)
  const last = all.at(-1)
  return all.filter((each) => each === last || !isSame(each, last))
}

/**
 * The programs of calls of CMSIS-NN, the most special one first; a set whose program is that of the next one is left out,
 * since that runs on its cores too. None where no layer is a call of CMSIS-NN, or where a tensor at a time is too much.
 */
function cmsisNnPrograms(ready: ReadyModel, options: SourceOptions, operators: OperatorSet): readonly Program[] {
  if (options.cmsisNn !== true) return []
  const { onProgress: _, ...quiet } = options
  const found = collect(() => variantsOf(cmsisNnSetsOf(options.cpu), ready, quiet, operators))
  if ('diagnostics' in found) return []
  const all = found.value.filter(({ program }) => callsOf(program).some(({ set }) => set === 'cmsis_nn'))
  return all.filter((each, i) => !isSame(each, all[i + 1])).map(({ program }) => program)
}

/** The progress of one of several parts of a work, told as that of the whole. */
const progressOfPart = (
  { onProgress }: Pick<PlanOptions, 'onProgress'>,
  part: number,
  parts: number,
): Pick<PlanOptions, 'onProgress'> =>
  onProgress === undefined
    ? {}
    : { onProgress: ({ phase, done, of }) => onProgress({ phase, done: part * of + done, of: parts * of }) }

/** The variant that needs the most RAM, and of such the most ROM: what holds for its RAM holds for all. */
export function largestVariant<Variant extends ReportedPlan>(variants: readonly Variant[]): Variant {
  const sizes = ({ program }: Variant): readonly [number, number] => [contextBytes(program), constantBytes(program)]
  return variants.reduce((a, b) => {
    const [[ram, rom], [ramOfB, romOfB]] = [sizes(a), sizes(b)]
    return ramOfB > ram || (ramOfB === ram && romOfB > rom) ? b : a
  })
}

/** A planned model as a program. `name` prefixes its symbols, and changes no figure. */
export function lowerModel(
  planned: PlannedModel,
  { input = 'resident', name = 'model' }: Partial<SourceOptions>,
  operators: OperatorSet = builtinOperators,
): PlannedModel & ReportedPlan {
  const { graph, schedule, plan, target, inputs, feed } = planned
  const preserving = input === 'preserve'
  const options = { name, target, inputs, preserving, ...(feed && { feed }) }
  const program = lowerProgram(graph, schedule, plan, operators, options)
  const removed = removedChannels(planned.source, graph, operators)
  return { ...planned, input, program, removed }
}

/** The whole pipeline: model file in, C++ sources and facts out. Throws a DiagnosticsError. */
export function compileSources(
  bytes: Uint8Array,
  options: SourceOptions,
  operators: OperatorSet = builtinOperators,
): { readonly sources: ModelSources } & Pick<CompiledProgram, 'notices' | 'operators'> {
  const { variants, facts, ...compiled } = compileProgram(bytes, options, operators)
  const code = generateCode(variants, facts)
  return { sources: { files: sourceFiles(options.name, code), facts }, ...compiled }
}

/** A model as a program within its budgets, ready to be written as C++. */
export interface CompiledProgram {
  /** The program for each kernel set, the best one first: those of calls of CMSIS-NN, if any, and the others. */
  readonly variants: readonly Program[]
  /** Of the model by itself: without a shared arena. */
  readonly facts: ModelFacts
  readonly notices: readonly Diagnostic[]
  /** What passes have left of the operators, by index in the file: name of the output, multiply-accumulates. */
  readonly operators: ReadonlyMap<number, { readonly name: string; readonly macs: number }>
}

/** The pipeline but for the text. Throws a DiagnosticsError. */
export function compileProgram(
  bytes: Uint8Array,
  options: SourceOptions,
  operators: OperatorSet = builtinOperators,
): CompiledProgram {
  const ready = readyModel(bytes, options, operators)
  const lowered = ownVariants(ready, options, operators)
  const { model, graph, program, removed } = largestVariant(lowered)
  throwIfAny(overBudgetOf(bytes, lowered, options, operators))
  const variants = [...cmsisNnPrograms(ready, options, operators), ...lowered.map((variant) => variant.program)]
  const facts = modelFacts(variants, {
    compiler: version,
    modelHash: createHash('sha256').update(bytes).digest('hex'),
    description: model.description,
    inputMode: options.input ?? 'resident',
    labels: labelsOf(program.outputs[0], options.labels, () => readLabels(bytes, model)),
    macs: removed.macs.after,
    ...(removed.layers.length > 0 && { removed: { weights: removed.weights, macs: removed.macs } }),
  })
  return { variants, facts, notices: model.notices, operators: operatorSizes(graph, operators) }
}

/** Which budgets the variants of a model exceed, said of the largest one of RAM and of ROM, and what to try. */
export function overBudgetOf(
  bytes: Uint8Array,
  variants: readonly ReportedPlan[],
  options: Partial<SourceOptions> & PlanOptions,
  operators: OperatorSet = builtinOperators,
): readonly Diagnostic[] {
  const { maxRam, maxRom } = options
  const largest = variants.reduce((a, b) => (constantBytes(b.program) > constantBytes(a.program) ? b : a))
  const contextBytes = (given: PlanOptions): number =>
    planReport(largestVariant(lowerVariants(bytes, given, operators))).contextBytes
  return [
    ...overBudget(planReport(largestVariant(variants)), maxRam === undefined ? {} : { maxRam }, (most) =>
      smallerContexts(options, most, contextBytes),
    ),
    ...overBudget(planReport(largest), maxRom === undefined ? {} : { maxRom }),
  ]
}

/** The graph of a model file as its reference semantics are told by, conversions at its boundary stripped on request. */
export function parsedModel(bytes: Uint8Array, { stripFloatIo: strip }: Pick<PlanOptions, 'stripFloatIo'>): Graph {
  const graph = parsedGraph(readModel(bytes), builtinOperators)
  return stripFloatIo.run(graph, { operators: builtinOperators, stripFloatIo: strip })
}

function throwIfAny(errors: readonly Diagnostic[]): void {
  if (errors.length > 0) throw new DiagnosticsError(errors)
}

/** The graph of the first subgraph, its operators known and within their rules. */
function parsedGraph(model: SourceModel, operators: OperatorSet): Graph {
  const [source] = model.graphs
  if (source === undefined) throw new InternalError('a model without a graph passed the reader')
  const { graph, diagnostics } = parseGraph(source, operators)
  const operatorIndex = ({ where }: Diagnostic): number => where?.operator?.index ?? -1
  throwIfAny([...diagnostics, ...checkGraph(graph, operators)].sort((a, b) => operatorIndex(a) - operatorIndex(b)))
  return graph
}

/** Arenas beyond this are no microcontroller's. */
const MAX_ARENA_BYTES = 2 ** 26

const tooLarge = (bytes: number): Diagnostic => ({
  severity: 'error',
  code: 'TOO_LARGE',
  rule: `The tensors of a model fit ${MAX_ARENA_BYTES / 2 ** 20} MiB`,
  found: `${bytes} bytes`,
  help: 'Use a smaller input or a smaller network: no microcontroller has this much RAM.',
})
