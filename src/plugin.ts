import type { ElementType, Quantization } from './ir/index.js'

/** Version of this interface; it changes when a target written for one version cannot run under the next. */
export const PLUGIN_API_VERSION = 1

/** A text file of an output, its path relative to the output folder, with forward slashes. */
export interface OutputFile {
  readonly path: string
  readonly contents: string | Uint8Array
}

/** What a generated source file is to a build. */
export type SourceRole = 'public-header' | 'private-header' | 'source'

/** A generated source file. Private headers lie beside the source that includes them. */
export interface SourceFile extends OutputFile {
  readonly contents: string
  readonly role: SourceRole
}

/** An input or output of the model, as an application sees it. */
export interface TensorFacts {
  readonly name: string
  readonly type: ElementType
  readonly shape: readonly number[]
  readonly elements: number
  readonly bytes: number
  readonly quantization?: Quantization
}

/** What the compiler knows exactly of the model that it has compiled. */
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
  /** `sizeof` the context: all the RAM that the model needs, stack apart. */
  readonly contextBytes: number
  /** How the inputs come: whole (`resident`; `preserve` if an inference leaves them as they are), or piece by piece. */
  readonly inputMode: 'resident' | 'preserve' | 'stream' | 'callback'
  /** The input that is pushed or fetched piece by piece: its index, how many pieces an inference takes, elements of each. */
  readonly units?: { readonly input: number; readonly count: number; readonly elements: number }
  /** Constant arrays in ROM, code and parameters apart. */
  readonly constantBytes: number
  /** Multiply-accumulates of one inference, without those of channels that do nothing. */
  readonly macs: number
  /** Kernel calls in order: name of their parameters, operator of the model file, kernel function. */
  readonly operators: readonly {
    readonly name: string
    readonly index: number
    readonly kind: string
    readonly kernel: string
  }[]
  /** True when kernels need the math library (`-lm`). */
  readonly needsMath: boolean
}

/** Generated sources together with the facts about them: all that a target gets. */
export interface SourceSet {
  readonly files: readonly SourceFile[]
  readonly facts: ModelFacts
}

/** A program that a target needs on the machine that compiles. */
export interface ToolRequirement {
  readonly command: string
  readonly why: string
}

/** A target: turns generated sources into a project for one build system. */
export interface Target {
  readonly apiVersion: typeof PLUGIN_API_VERSION
  /** As the user writes it: `--target NAME`. */
  readonly name: string
  readonly description: string
  readonly tools: readonly ToolRequirement[]
  /** The files of the project. Deterministic: the same sources give the same bytes. */
  emit(sources: SourceSet): Promise<readonly OutputFile[]>
}
