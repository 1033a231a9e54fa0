/** What is measured of a model's code once it is built. */
import { compileSources } from './compile.js'
import { collect, collectAsync } from './diagnostics.js'
import type { Diagnostic } from './ir/index.js'
import { type BenchFigures, measureModel } from './measure/index.js'
import { benchOptionDiagnostics, stackOptionDiagnostics } from './options.js'
import { type PlanOptions, withDefaults } from './plan-options.js'
import { CORTEX_M, type CortexM, type FunctionStack, measureStack } from './stack/index.js'

/** What to measure the stack of. */
export interface StackOptions extends PlanOptions {
  /** Prefix of all functions. Default: `model`. */
  readonly name?: string
  /** Flags of the compiler behind those of the processor and `-Os`, such as `-O3`. */
  readonly flags?: readonly string[]
}

/** The most stack that each public function of a model takes, or why that is not known. */
export type StackResult =
  | {
      readonly ok: true
      /** Compiler, version and flags that the figures are true for. */
      readonly compiler: string
      readonly functions: readonly FunctionStack[]
      readonly notices: readonly Diagnostic[]
    }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

/**
 * Compiles a model's code with `arm-none-eabi-gcc`, which has to be on PATH, and finds the worst case of its stack on
 * the processor `cpu`, or on all Cortex-M that eonc knows. Files are written to the system's folder for temporary
 * files, and removed.
 */
export async function stackUse(model: Uint8Array, options: StackOptions = {}): Promise<StackResult> {
  const wrongOptions = stackOptionDiagnostics(options)
  if (wrongOptions.length > 0) return { ok: false, diagnostics: wrongOptions }
  const { name = 'model', flags = [], ...planOptions } = options
  const given = withDefaults(planOptions)
  const compiled = collect(() => compileSources(model, { name, ...given }))
  if ('diagnostics' in compiled) return { ok: false, ...compiled }
  const { sources, notices } = compiled.value
  const run = sources.facts.inputMode === 'stream' ? 'push' : 'invoke'
  const functions = [run, 'reset', 'input', 'output'].map((member) => `${name}_${member}`)
  const cpus = CORTEX_M.filter((cpu) => given.cpu === 'any' || given.cpu === cpu)
  const measured = await collectAsync(() =>
    measureStack({ sources: sources.files, functions, flags }, cpus, (done, of) =>
      options.onProgress?.({ phase: 'stack', done, of }),
    ),
  )
  return 'diagnostics' in measured ? { ok: false, ...measured } : { ok: true, ...measured.value, notices }
}

/** What to measure a model with. */
export interface BenchOptions extends Omit<PlanOptions, 'cpu'> {
  /** The processor. Default `cortex-m4f`. */
  readonly cpu?: CortexM
  /** Flags of the compiler behind those of the processor and `-Os`, such as `-O3`. */
  readonly flags?: readonly string[]
}

/** What a model was measured to need, or why it was not. */
export type BenchResult =
  | ({ readonly ok: true; readonly notices: readonly Diagnostic[] } & BenchFigures)
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

/**
 * Builds a model's code with `arm-none-eabi-gcc`, runs it with `qemu-system-arm`, both of which have to be on PATH, and
 * counts the instructions of an inference and of each operator, and the bytes of the linked program. Files are written to
 * the system's folder for temporary files, and removed.
 */
export async function bench(model: Uint8Array, options: BenchOptions = {}): Promise<BenchResult> {
  const wrongOptions = benchOptionDiagnostics(options)
  if (wrongOptions.length > 0) return { ok: false, diagnostics: wrongOptions }
  const { flags = [], cpu = 'cortex-m4f', ...planOptions } = options
  const compiled = collect(() => compileSources(model, { name: 'model', ...withDefaults({ ...planOptions, cpu }) }))
  if ('diagnostics' in compiled) return { ok: false, ...compiled }
  const { sources, operators, notices } = compiled.value
  const request = { sources: sources.files, facts: sources.facts, operators, cpu, flags }
  const measured = await collectAsync(() =>
    measureModel(request, (done, of) => options.onProgress?.({ phase: 'bench', done, of })),
  )
  return 'diagnostics' in measured ? { ok: false, ...measured } : { ok: true, ...measured.value, notices }
}
