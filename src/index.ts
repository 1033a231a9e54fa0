/**
 * eonc as a library: compiles TensorFlow Lite models to C++ for microcontrollers.
 *
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { compile } from 'eonc'
 *
 * const result = await compile(await readFile('kws.tflite'), { name: 'kws', target: 'cmake' })
 * if (result.ok) for (const { path, contents } of result.files) ...
 * else for (const diagnostic of result.diagnostics) console.error(formatDiagnostic(diagnostic))
 * ```
 */
import { constantBytes } from './codegen/index.js'
import { largestVariant, lowerVariants, overBudgetOf } from './compile.js'
import { collect, collectAsync } from './diagnostics.js'
import { type Diagnostic, InternalError } from './ir/index.js'
import { inspectModel, type Inspection } from './inspect.js'
import { optionDiagnostics, planOptionDiagnostics } from './options.js'
import { type PlanOptions, withDefaults } from './plan-options.js'
import type { ModelFacts, OutputFile, SharedArena, Target } from './plugin.js'
import { makeProject, type ProjectOptions } from './project.js'
import { type MemoryMap, memoryMap, type PlanReport, planReport } from './report/index.js'
import { type VerifiedModel, type VerifyOptions, verifyOutput } from './verify/index.js'
import { availableTargets, loadTarget, type TargetOption, targetOptions } from './targets/index.js'

export { INPUT_MODES, type InputMode, type Progress, type SourceOptions } from './compile-options.js'
export { DIAGNOSTIC_CODES, type DiagnosticColors, formatDiagnostic } from './diagnostics.js'
export type { Inspection, OperatorSummary, TensorSummary } from './inspect.js'
export { type Diagnostic, type DiagnosticCode, type ElementType, InternalError } from './ir/index.js'
export type { Location, Quantization } from './ir/index.js'
export {
  bench,
  type BenchOptions,
  type BenchResult,
  type StackOptions,
  type StackResult,
  stackUse,
} from './measuring.js'
export { modelNameOf } from './model-name.js'
export * from './plugin.js'
export type { PlanOptions } from './plan-options.js'
export type { ProjectOptions } from './project.js'
export { memoryMapSvg } from './report/index.js'
export type {
  BufferKind,
  BufferReport,
  MapBuffer,
  MapSpan,
  MapStage,
  MemoryMap,
  OperatorReport,
  PeakReport,
  PlanReport,
  ReducedLayer,
  Reduction,
  RemovedChannels,
  StageReport,
  StepReport,
  TensorReport,
} from './report/index.js'
export { GRANULARITIES, type Granularity } from './ops/index.js'
export { type Cpu, CPUS, type Goal, GOALS, ROM_SIZES, type RomSize } from './select/index.js'
export type { BenchFigures, LayerFigures } from './measure/index.js'
export { CORTEX_M, type CortexM, type Depth, type FunctionStack } from './stack/index.js'
export { type TargetOption, targetNames } from './targets/index.js'
export { linesOf, MAX_FILE_BYTES as MAX_MODEL_BYTES } from './tflite/index.js'
export type { VerifiedModel, VerifyOptions } from './verify/index.js'
export { version } from './version.js'
export { OutputError, writeOutput, type WriteOptions } from './output/index.js'
export { MANIFEST, type Manifest, manifestSchema } from './manifest.js'

/** What to compile a model to. */
export interface CompileOptions extends PlanOptions, ProjectOptions {
  /** Prefix of all symbols and file names: a C identifier in lower case, such as `kws`. */
  readonly name: string
  /** Labels along the last axis of the first output, such as names of classes. Default: those in the model's metadata. */
  readonly labels?: readonly string[]
  /** Make also what calls CMSIS-NN where a firmware defines EONC_CMSIS_NN. Default true. */
  readonly cmsisNn?: boolean
}

/** A model that is compiled together with others. */
export interface NamedModel {
  /** Prefix of its symbols and file names. */
  readonly name: string
  readonly model: Uint8Array
  /** Labels along the last axis of its first output. Default: those in its metadata. */
  readonly labels?: readonly string[]
}

/** What to compile several models to. */
export interface CompileModelsOptions extends CompileOptions {
  /** The contexts hold state alone, and one arena, of the type `<name>_arena`, serves all models. Default false. */
  readonly shareArena?: boolean
}

/** A compiled model, or why there is none. */
export type CompileResult =
  | {
      readonly ok: true
      readonly files: readonly OutputFile[]
      readonly facts: ModelFacts
      readonly notices: readonly Diagnostic[]
    }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

/**
 * Compiles a model file to the files of a target's project. Nothing is written. A model that cannot be compiled gives
 * `ok: false` with everything that stands against it; only defects of eonc or of a target are thrown.
 */
export async function compile(model: Uint8Array, options: CompileOptions): Promise<CompileResult> {
  const wrongOptions = optionDiagnostics(options)
  if (wrongOptions.length > 0) return { ok: false, diagnostics: wrongOptions }
  const result = await compileModels([{ name: options.name, model }], options)
  if (!result.ok) return result
  const [facts] = result.models
  if (facts === undefined) throw new InternalError('a model was compiled to none')
  return { ok: true, files: result.files, facts, notices: result.notices }
}

/** Compiled models, or why there are none. */
export type CompileModelsResult =
  | {
      readonly ok: true
      readonly files: readonly OutputFile[]
      readonly models: readonly ModelFacts[]
      readonly sharedArena?: SharedArena
      readonly notices: readonly Diagnostic[]
    }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

/**
 * Compiles several models to one library, whose name is that of the options: each has a prefix of its own, and what their
 * kernels are made of is there once. All are compiled with the same options. See `compile`.
 */
export async function compileModels(
  models: readonly NamedModel[],
  options: CompileModelsOptions,
): Promise<CompileModelsResult> {
  const wrongOptions = optionDiagnostics(options)
  if (wrongOptions.length > 0) return { ok: false, diagnostics: wrongOptions }
  const given = withDefaults(options)
  const sources = models.map(({ name, model, labels = options.labels }) => ({
    bytes: model,
    options: { name, ...(labels && { labels }), ...given, cmsisNn: options.cmsisNn ?? true },
  }))
  const { name, shareArena = false } = options
  const made = await collectAsync(() => makeProject(sources, { name, shareArena }, options))
  if ('diagnostics' in made) return { ok: false, diagnostics: made.diagnostics }
  const { files, notices, sources: set } = made.value
  const arena = set.sharedArena && { sharedArena: set.sharedArena }
  return { ok: true, files, models: set.models, ...arena, notices }
}

/** What was verified of an output, or everything that is wrong with it. */
export type VerifyResult =
  | { readonly ok: true; readonly models: readonly VerifiedModel[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

/**
 * Builds an output that was written to a folder for this machine, runs it on extreme and random inputs, and compares what
 * it gives with the reference semantics: integers byte for byte, floats within 1e-5 of the largest.
 */
export async function verify(folder: string, options: VerifyOptions): Promise<VerifyResult> {
  const verified = await collectAsync(() => verifyOutput(folder, options))
  return 'value' in verified ? { ok: true, models: verified.value } : { ok: false, diagnostics: verified.diagnostics }
}

/** A target that there is, with the options that it has of its own. */
export interface TargetSummary extends Pick<Target, 'name' | 'description'> {
  readonly tools: NonNullable<Target['tools']>
  readonly options: readonly TargetOption[]
}

/**
 * All targets: the built-in ones, those of `plugins` (paths, or names of npm packages), and those of the npm packages named
 * `eonc-plugin-*` that are installed in the current folder, above it, or beside eonc. Diagnostics tell of plugins that
 * cannot be loaded.
 */
export async function listTargets(
  plugins: readonly string[] = [],
): Promise<{ readonly targets: readonly TargetSummary[]; readonly diagnostics: readonly Diagnostic[] }> {
  const { targets, diagnostics } = await availableTargets(plugins)
  return { targets: targets.map(summary), diagnostics }
}

/** One target by its name, or why there is none. */
export async function findTarget(
  name: string,
  plugins: readonly string[] = [],
): Promise<
  | { readonly ok: true; readonly target: TargetSummary }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }
> {
  const found = await collectAsync(() => loadTarget(name, plugins))
  return 'value' in found ? { ok: true, target: summary(found.value) } : { ok: false, diagnostics: found.diagnostics }
}

function summary(target: Target): TargetSummary {
  const { name, description, tools = [] } = target
  return { name, description, tools, options: targetOptions(target) }
}

/** What a model file holds, or why it cannot be read. */
export type InspectResult =
  ({ readonly ok: true } & Inspection) | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

/** Looks into a model file: operators, tensors, shapes, quantization, multiply-accumulates, weights. */
export function inspect(model: Uint8Array): InspectResult {
  const inspected = collect(() => inspectModel(model))
  return 'diagnostics' in inspected ? { ok: false, ...inspected } : { ok: true, ...inspected.value }
}

/** What memory a model needs and why, or why it cannot be compiled. */
export type PlanResult =
  | { readonly ok: true; readonly report: PlanReport; readonly map: MemoryMap; readonly notices: readonly Diagnostic[] }
  | {
      readonly ok: false
      readonly diagnostics: readonly Diagnostic[]
      /** There too when all that stands against the model is that it is over budget. */
      readonly report?: PlanReport
      readonly map?: MemoryMap
    }

/**
 * Plans the memory of a model, and reports on it: the stages that operators run in, the buffers of the arena, the worst
 * moment and what is alive then. The map holds the same over time, for `memoryMapSvg` to draw.
 */
export function plan(model: Uint8Array, options: PlanOptions = {}): PlanResult {
  const wrongOptions = planOptionDiagnostics(options)
  if (wrongOptions.length > 0) return { ok: false, diagnostics: wrongOptions }
  const given = withDefaults(options)
  const planned = collect(() => lowerVariants(model, given))
  if ('diagnostics' in planned) return { ok: false, ...planned }
  const largest = largestVariant(planned.value)
  const { notices } = largest.model
  // the largest variant in RAM need not be the one in ROM
  const most = Math.max(...planned.value.map(({ program }) => constantBytes(program)))
  const report = { ...planReport(largest), constantBytes: most }
  const map = memoryMap(largest, report)
  const exceeded = overBudgetOf(model, planned.value, given)
  return exceeded.length > 0
    ? { ok: false, diagnostics: [...exceeded, ...notices], report, map }
    : { ok: true, report, map, notices }
}

/**
 * Everything that stands against compiling a model, budgets included, and notices; a model without errors can be
 * compiled with the same options.
 */
export function check(model: Uint8Array, options: PlanOptions = {}): readonly Diagnostic[] {
  const planned = plan(model, options)
  return planned.ok ? planned.notices : planned.diagnostics
}
