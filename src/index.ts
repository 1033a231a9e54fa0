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
import {
  compileSources,
  type InputMode,
  lowerModel,
  type PlanOptions as PipelineOptions,
  planModel,
} from './compile.js'
import { collect, collectAsync } from './diagnostics.js'
import type { Diagnostic } from './ir/index.js'
import { inspectModel, type Inspection } from './inspect.js'
import { manifestFile } from './manifest.js'
import type { Granularity } from './ops/index.js'
import { optionDiagnostics, planOptionDiagnostics } from './options.js'
import type { ModelFacts, OutputFile, Target } from './plugin.js'
import { type MemoryMap, memoryMap, overBudget, type PlanReport, planReport } from './report/index.js'
import type { Cpu, Goal } from './select/index.js'
import { availableTargets, emitProject, loadTarget, type TargetOption, targetOptions } from './targets/index.js'

export { INPUT_MODES, type InputMode, type SourceOptions } from './compile.js'
export { DIAGNOSTIC_CODES, type DiagnosticColors, formatDiagnostic } from './diagnostics.js'
export type { Inspection, OperatorSummary, TensorSummary } from './inspect.js'
export { type Diagnostic, type DiagnosticCode, type ElementType, InternalError } from './ir/index.js'
export type { Location, Quantization } from './ir/index.js'
export { modelNameOf } from './model-name.js'
export * from './plugin.js'
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
  StageReport,
  StepReport,
  TensorReport,
} from './report/index.js'
export { GRANULARITIES, type Granularity } from './ops/index.js'
export { type Cpu, CPUS, type Goal, GOALS } from './select/index.js'
export { type TargetOption, targetNames } from './targets/index.js'
export { MAX_FILE_BYTES as MAX_MODEL_BYTES } from './tflite/index.js'
export { version } from './version.js'
export { OutputError, writeOutput, type WriteOptions } from './output/index.js'
export { MANIFEST, type Manifest, manifestSchema } from './manifest.js'

/** What shapes the plan of a model, and what it may need at most. */
export interface PlanOptions {
  /** Processor that kernels are chosen for. Default `any`: the C++ preprocessor chooses. */
  readonly cpu?: Cpu
  /** What kernels are chosen for. Default `balanced`. */
  readonly optimize?: Goal
  /** How finely cascades are cut. Default `row`; `pixel` needs less RAM, and more instructions and ROM. */
  readonly ram?: Granularity
  /** Leave conversions from and to float at the model's boundary to the application. Default false. */
  readonly stripFloatIo?: boolean
  /** How the inputs come. Default `resident`: whole in the context, where an inference may overwrite them. */
  readonly input?: InputMode
  /** Name of the input that is streamed or fetched. Default: the first one. */
  readonly streamInput?: string
  /** Most bytes of the context, which is all the RAM that the model needs, stack apart. Default: no limit. */
  readonly maxRam?: number
  /** Most bytes of constant arrays in ROM, code and parameters apart. Default: no limit. */
  readonly maxRom?: number
}

/** What to compile a model to. */
export interface CompileOptions extends PlanOptions {
  /** Prefix of all symbols and file names: a C identifier in lower case, such as `kws`. */
  readonly name: string
  /** A target by name, or one of your own. */
  readonly target: string | Target
  /** Values for the options that the target has of its own. */
  readonly targetOptions?: Readonly<Record<string, unknown>>
  /** Plugins that `target` is looked for in besides: paths, or names of npm packages. */
  readonly plugins?: readonly string[]
  /** Gets lines about the progress of a slow target. Default: they are lost. */
  readonly log?: (message: string) => void
}

function withDefaults(options: PlanOptions): PipelineOptions {
  const { cpu = 'any', optimize = 'balanced', ram = 'row', stripFloatIo = false, input = 'resident' } = options
  const { streamInput, maxRam, maxRom } = options
  return {
    cpu,
    optimize,
    ram,
    stripFloatIo,
    input,
    ...(streamInput !== undefined && { streamInput }),
    ...(maxRam !== undefined && { maxRam }),
    ...(maxRom !== undefined && { maxRom }),
  }
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
  const { name, plugins, targetOptions: values = {}, log = () => undefined } = options
  const result = await collectAsync(async () => {
    const target = await loadTarget(options.target, plugins)
    const given = withDefaults(options)
    const { sources, notices } = compileSources(model, { name, ...given })
    const { files, facts } = sources
    const set = { name, compiler: facts.compiler, files, models: [facts] }
    const project = await emitProject(target, set, values, log)
    const manifest = manifestFile(set, project.files, { name: target.name, options: project.options }, [given])
    return { files: [...project.files, manifest], facts, notices }
  })
  return 'value' in result ? { ok: true, ...result.value } : { ok: false, diagnostics: result.diagnostics }
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
  const planned = collect(() => lowerModel(planModel(model, given), given))
  if ('diagnostics' in planned) return { ok: false, ...planned }
  const { notices } = planned.value.model
  const report = planReport(planned.value)
  const map = memoryMap(planned.value, report)
  const exceeded = overBudget(report, given)
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
