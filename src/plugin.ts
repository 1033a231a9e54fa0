/**
 * The interface of targets, which turn generated sources into a project for a build system. A target that is loaded by
 * `--plugin`, or found as an npm package named `eonc-plugin-*`, is a module that exports `target`: a `Target`, or a
 * function that gets everything exported here and gives a `Target`, so that it has to import nothing:
 *
 * ```js
 * export const target = ({ PLUGIN_API_VERSION, z }) => ({
 *   apiVersion: PLUGIN_API_VERSION,
 *   name: 'flat',
 *   description: 'the sources in one folder',
 *   options: z.object({ folder: z.string().default('.').describe('folder of the sources within the output') }),
 *   emit: async ({ files }, { folder }) => files.map((file) => ({ ...file, path: `${folder}/${file.path}` })),
 * })
 * ```
 */
import type { z } from 'zod'
import type { ElementType, Quantization } from './ir/index.js'

export { z } from 'zod'
export { cType } from './codegen/cpp.js'
export { renderTemplate } from './codegen/render.js'
export { cmsisNnText, factsText, kernelsText, licenseText, usageText } from './targets/documents.js'

/** Version of this interface; it changes when a target written for one version cannot run under the next. */
export const PLUGIN_API_VERSION = 1

/** What a generated file is to a build. Private headers lie beside the source that includes them. */
export type SourceRole = 'public-header' | 'private-header' | 'source'

/** A file of an output, its path relative to the output folder, with forward slashes. */
export interface OutputFile {
  readonly path: string
  readonly contents: string | Uint8Array
  /**
   * What it is to a build of the networks alone; left out for everything else, such as documents and examples. Keep the
   * role of the generated sources: `eonc verify` builds an output by it.
   */
  readonly role?: SourceRole
}

/** A generated source file. */
export interface SourceFile extends OutputFile {
  readonly contents: string
  readonly role: SourceRole
}

/** An input or output of a model, as an application sees it. */
export interface TensorFacts {
  readonly name: string
  readonly type: ElementType
  readonly shape: readonly number[]
  readonly elements: number
  readonly bytes: number
  readonly quantization?: Quantization
}

/** Memory that several models take turns in: an object of this C type, which the application passes to their functions. */
export interface SharedArena {
  readonly type: string
  /** Its `sizeof`: what the largest of the models needs. */
  readonly bytes: number
}

/** One of the kernel sets that a model was compiled for, of which the preprocessor chooses one. */
export interface KernelSetFacts {
  /**
   * `portable` runs on any processor, `dsp` on Cortex-M with the DSP extension, `mve` on Cortex-M55 and M85, `armv6m` on
   * Cortex-M0, M0+ and M23, `wasm_simd128` on the vectors of WebAssembly; `cmsis_nn_mve`, `cmsis_nn_dsp` and `cmsis_nn`
   * are for CMSIS-NN, on cores with Helium, with the DSP extension, and all others.
   */
  readonly name: string
  /** `sizeof` the context of the model by itself: all the RAM that it needs, stack apart. */
  readonly contextBytes: number
  /** Constant arrays in ROM, code and parameters apart. */
  readonly constantBytes: number
  /** Kernel calls in order: name of their parameters, operator of the model file, kernel function. */
  readonly operators: ModelFacts['operators']
}

/** What the compiler knows exactly of a model that it has compiled. */
export interface ModelFacts {
  /** Identifier that prefixes all symbols and file names. */
  readonly name: string
  /** Version of eonc. */
  readonly compiler: string
  /** SHA-256 of the model file, in hexadecimal. */
  readonly modelHash: string
  /** Description that the model file carries, if any. */
  readonly description: string
  readonly inputs: readonly TensorFacts[]
  readonly outputs: readonly TensorFacts[]
  /** What stands for what along the last axis of output 0, such as the classes of a classifier; empty where nobody said. */
  readonly labels: readonly string[]
  /**
   * `sizeof` the context: all the RAM that the model needs, the stack and a shared arena apart; with the kernel set that
   * needs most of it.
   */
  readonly contextBytes: number
  /** The arena that the model shares with others, if it does; its functions take a pointer to it behind the context. */
  readonly sharedArena?: SharedArena
  /** How the inputs come: whole (`resident`; `preserve` if an inference leaves them as they are), or piece by piece. */
  readonly inputMode: 'resident' | 'preserve' | 'stream' | 'callback'
  /** The input that is pushed or fetched piece by piece: its index, how many pieces an inference takes, elements of each. */
  readonly units?: { readonly input: number; readonly count: number; readonly elements: number }
  /** Constant arrays in ROM, code and parameters apart; with the kernel set that needs most of it. */
  readonly constantBytes: number
  /** The kernel sets that the sources hold, the best one first; the last one is for all other processors. */
  readonly kernelSets: readonly KernelSetFacts[]
  /** What the model needs where the firmware defines EONC_CMSIS_NN, on each kind of core; left out where nothing changes. */
  readonly cmsisNn?: readonly KernelSetFacts[]
  /** Multiply-accumulates of one inference, without those of channels that do nothing. */
  readonly macs: number
  /** What constant and dead channels saved, when they did: weights and multiply-accumulates of the model, and what is left. */
  readonly removed?: {
    readonly weights: { readonly before: number; readonly after: number }
    readonly macs: { readonly before: number; readonly after: number }
  }
  /** Kernel calls with the last kernel set in order: name of their parameters, operator of the file, kernel function. */
  readonly operators: readonly {
    readonly name: string
    readonly index: number
    readonly kind: string
    readonly kernel: string
    /** In `cmsisNn`: the function of CMSIS-NN, or why it is none. */
    readonly note?: string
  }[]
  /** True when kernels need the math library (`-lm`). */
  readonly needsMath: boolean
}

/** Generated sources together with the facts about them: all that a target gets. They are one library. */
export interface SourceSet {
  /** Identifier of the library: the name of its only model, or that of all of them together. */
  readonly name: string
  /** Version of eonc. */
  readonly compiler: string
  /** At least one source and, for each model, a public header `<name>.h`; all in one folder, in which their names are unique. */
  readonly files: readonly SourceFile[]
  /** At least one, with names of their own, in the order of the user. */
  readonly models: readonly ModelFacts[]
  /** The arena that all of them share, if they do. */
  readonly sharedArena?: SharedArena
}

/** A program that a target needs on the machine that compiles. */
export interface ToolRequirement {
  /** The name by which `environment.tools` gives its path. */
  readonly name: string
  /** Commands that will do, the best first; one of them has to be on PATH. */
  readonly commands: readonly string[]
  /** What it is needed for, as a clause: `to compile the network to WebAssembly`. */
  readonly why: string
  /** How a user gets it, as a sentence. */
  readonly help: string
  /** The target can do without. */
  readonly optional?: boolean
}

/** What a target may use of the machine. */
export interface TargetEnvironment {
  /** Path of each program of `tools` that is there, by its name. */
  readonly tools: Readonly<Record<string, string | undefined>>
  /** Path of another program on PATH; undefined when there is none. */
  findTool(command: string): string | undefined
  /** Tells the user a line about what is going on, such as a slow build. */
  log(message: string): void
}

/** Inferences to run, one after the other, on one model of an output that has been written to a folder. */
export interface RunRequest {
  readonly model: Pick<ModelFacts, 'name' | 'inputs' | 'outputs' | 'inputMode' | 'units' | 'sharedArena'>
  /** Of each inference the bytes of each input, little-endian. */
  readonly vectors: readonly (readonly Uint8Array[])[]
}

/** Of each inference the bytes of each output, little-endian. */
export type RunOutputs = readonly (readonly Uint8Array[])[]

/** Raised by `emit` or `run` for what a user can solve: `message` says what is wrong, `help` what to do, in a sentence each. */
export class TargetError extends Error {
  constructor(
    message: string,
    readonly help: string,
  ) {
    super(message)
    this.name = 'TargetError'
  }
}

/** A target: turns generated sources into a project for one build system. */
export interface Target<Options extends object = Readonly<Record<string, unknown>>> {
  /** The `PLUGIN_API_VERSION` that it was written for. */
  readonly apiVersion: number
  /** As the user writes it: `--target NAME`. Lower-case letters, digits and hyphens. */
  readonly name: string
  /** What it emits, as a line of `eonc targets`. */
  readonly description: string
  /**
   * Its own options: an object of booleans, strings, numbers, enumerations and lists of these, each with a description
   * and optional or with a default. `htmlTitle` is the flag `--html-title`; `--no-x` stands for a boolean that is true by default.
   */
  readonly options?: z.ZodObject
  readonly tools?: readonly ToolRequirement[]
  /** What `--cpu any`, the default, stands for: left out for microcontrollers. */
  readonly cpu?: 'wasm'
  /**
   * The files of the project. Deterministic: the same sources, options and tools give the same bytes. The licence and the
   * manifest `eonc.json` are added to them; so is a README.md when there is none. Throws a TargetError.
   */
  emit(sources: SourceSet, options: Options, environment: TargetEnvironment): Promise<readonly OutputFile[]>
  /**
   * Runs an output on this machine, for `eonc verify`, and gives the outputs of each request. Only for outputs that are no
   * C++: where it is left out, eonc compiles the files that have a role with the C++ compiler of this machine.
   */
  run?(folder: string, requests: readonly RunRequest[], environment: TargetEnvironment): Promise<readonly RunOutputs[]>
}
