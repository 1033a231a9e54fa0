/** What the pipeline is told. */
import type { Granularity } from './ops/index.js'
import type { Budgets } from './report/index.js'
import type { Cpu, Goal, RomSize } from './select/index.js'

/**
 * How an input comes: `resident`, whole in the context, where an inference may overwrite it; `preserve`, the same but not
 * overwritten; `stream`, pushed row by row; `callback`, fetched row by row.
 */
export const INPUT_MODES = ['resident', 'preserve', 'stream', 'callback'] as const
export type InputMode = (typeof INPUT_MODES)[number]

/** How far a work is that may take seconds. */
export interface Progress {
  /** `stages`: which operators run together; `memory`: where everything lies; `stack`: builds for processors; `bench`: builds and runs. */
  readonly phase: 'stages' | 'memory' | 'stack' | 'bench'
  readonly done: number
  readonly of: number
}

/** What shapes the plan of a model, and what it may need at most. */
export interface PlanOptions extends Budgets {
  readonly cpu: Cpu
  readonly optimize: Goal
  /** How finely cascades are cut: `row` unless told. */
  readonly ram?: Granularity
  /**
   * How weights lie in ROM. Where it is left out they are packed if the constants are more than `maxRom` otherwise, and are
   * not once they are packed.
   */
  readonly rom?: RomSize
  /** Leave the conversion from and to float at the boundary of the model to the application. */
  readonly stripFloatIo: boolean
  /** How the inputs come: `resident` unless told. */
  readonly input?: InputMode
  /** Name of the input that is streamed or fetched; the first one unless told. */
  readonly streamInput?: string
  /** Told now and then how far the work is; changes nothing. */
  readonly onProgress?: (progress: Progress) => void
}

/** What shapes the generated sources. */
export interface SourceOptions extends PlanOptions {
  /** Prefix of all symbols and file names: a C identifier in lower case. */
  readonly name: string
  /** Labels along the last axis of the first output, instead of those in the file. */
  readonly labels?: readonly string[]
  /** Make also the programs that call CMSIS-NN where a firmware turns that on. */
  readonly cmsisNn?: boolean
}
