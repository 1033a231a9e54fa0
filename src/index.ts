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
import { compileSources, type InputMode, type PlanOptions, planModel } from './compile.js'
import { collect } from './diagnostics.js'
import type { Diagnostic } from './ir/index.js'
import { inspectModel, type Inspection } from './inspect.js'
import { optionDiagnostics } from './options.js'
import type { ModelFacts, OutputFile, Target } from './plugin.js'
import type { Cpu, Goal } from './select/index.js'
import { loadTarget } from './targets.js'

export { INPUT_MODES, type InputMode, type SourceOptions } from './compile.js'
export { DIAGNOSTIC_CODES, type DiagnosticColors, formatDiagnostic } from './diagnostics.js'
export type { Inspection, OperatorSummary, TensorSummary } from './inspect.js'
export { type Diagnostic, type DiagnosticCode, type ElementType, InternalError } from './ir/index.js'
export type { Location, Quantization } from './ir/index.js'
export { modelNameOf } from './model-name.js'
export * from './plugin.js'
export { type Cpu, CPUS, type Goal, GOALS } from './select/index.js'
export { renderTemplate } from './codegen/render.js'
export { targetNames } from './targets.js'
export { MAX_FILE_BYTES as MAX_MODEL_BYTES } from './tflite/index.js'
export { version } from './version.js'
export { OutputError, writeOutput } from './write-output.js'

/** What to compile a model to. */
export interface CompileOptions {
  /** Prefix of all symbols and file names: a C identifier in lower case, such as `kws`. */
  readonly name: string
  /** A built-in target by name, or one of your own. */
  readonly target: string | Target
  /** Processor that kernels are chosen for. Default `any`: the C++ preprocessor chooses. */
  readonly cpu?: Cpu
  /** What kernels are chosen for. Default `balanced`. */
  readonly optimize?: Goal
  /** Leave conversions from and to float at the model's boundary to the application. Default false. */
  readonly stripFloatIo?: boolean
  /** How the inputs come. Default `resident`: whole in the context, where an inference may overwrite them. */
  readonly input?: InputMode
  /** Name of the input that is streamed or fetched. Default: the first one. */
  readonly streamInput?: string
}

const DEFAULTS: PlanOptions = { cpu: 'any', optimize: 'balanced', stripFloatIo: false }

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
  const loaded = await loadTarget(options.target)
  if ('diagnostics' in loaded) return { ok: false, diagnostics: loaded.diagnostics }
  const compiled = collect(() =>
    compileSources(model, {
      name: options.name,
      cpu: options.cpu ?? 'any',
      optimize: options.optimize ?? 'balanced',
      stripFloatIo: options.stripFloatIo ?? false,
      input: options.input ?? 'resident',
      ...(options.streamInput === undefined ? {} : { streamInput: options.streamInput }),
    }),
  )
  if ('diagnostics' in compiled) return { ok: false, diagnostics: compiled.diagnostics }
  const { sources, notices } = compiled.value
  return { ok: true, files: await loaded.target.emit(sources), facts: sources.facts, notices }
}

/** What a model file holds, or why it cannot be read. */
export type InspectResult =
  ({ readonly ok: true } & Inspection) | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

/** Looks into a model file: operators, tensors, shapes, quantization, multiply-accumulates, weights. */
export function inspect(model: Uint8Array): InspectResult {
  const inspected = collect(() => inspectModel(model))
  return 'diagnostics' in inspected ? { ok: false, ...inspected } : { ok: true, ...inspected.value }
}

/** Everything in a model that eonc does not support, and notices; a model without errors can be compiled. */
export function check(model: Uint8Array): readonly Diagnostic[] {
  const planned = collect(() => planModel(model, DEFAULTS))
  return 'diagnostics' in planned ? planned.diagnostics : planned.value.model.notices
}
