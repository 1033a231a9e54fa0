import type { InputMode, PlanOptions as PipelineOptions, Progress } from './compile-options.js'
import type { Granularity } from './ops/index.js'
import type { Cpu, Goal, RomSize } from './select/index.js'

/** What shapes the plan of a model, and what it may need at most. */
export interface PlanOptions {
  /** Processor that kernels are chosen for. Default `any`: the C++ preprocessor chooses. */
  readonly cpu?: Cpu
  /** What kernels are chosen for. Default `balanced`. */
  readonly optimize?: Goal
  /** How finely cascades are cut. Default `row`; `pixel` needs less RAM, and more instructions and ROM. */
  readonly ram?: Granularity
  /**
   * `small` packs weights where that saves ROM, at up to three times the instructions; `normal` never does. By default it is
   * done where the model does not keep `maxRom` otherwise, and does then.
   */
  readonly rom?: RomSize
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
  /** Told now and then how far the work is, which may take seconds; changes nothing. */
  readonly onProgress?: (progress: Progress) => void
}

/** The same with everything said that has a default. */
export function withDefaults(options: PlanOptions): PipelineOptions {
  const { cpu = 'any', optimize = 'balanced', ram = 'row', stripFloatIo = false, input = 'resident' } = options
  const { streamInput, rom, maxRam, maxRom, onProgress } = options
  return {
    cpu,
    optimize,
    ram,
    stripFloatIo,
    input,
    ...(streamInput !== undefined && { streamInput }),
    ...(rom !== undefined && { rom }),
    ...(maxRam !== undefined && { maxRam }),
    ...(maxRom !== undefined && { maxRom }),
    ...(onProgress && { onProgress }),
  }
}
