import type { CoreId } from '../test/support/cores.js'
import { factsOf, type Setting } from './settings.js'

/** Columns of a measurement, with what each means. Bytes and instructions, from a linked binary less the harness. */
export const columns = {
  context: 'the context object: activations, scratch, input and output',
  otherRam: '.data and .bss beside the context',
  ram: 'context and other RAM; the stack apart',
  stack:
    'worst case of an inference: frames of the compiler (-fstack-usage) and of the linked library, over the call graph',
  paintedStack: 'most bytes of stack that inferences were seen to write, by painting',
  code: '.text',
  constants: '.rodata and .data: weights, tables, parameters of the kernel calls',
  rom: 'code and constants',
  romCode: 'ROM less the arrays of weights and tables, as that of TensorFlow Lite Micro is ROM less the model file',
  instructions: 'of the second inference',
  vectors: 'inferences that were compared with the oracle on the core',
  exact: 'whether every output was equal to the oracle; null: not compared, for want of the oracle',
  tolerance: 'of the largest magnitude of the output, within which a float counts as equal; 0 for integers',
} as const

export type Figures = Readonly<Record<Exclude<keyof typeof columns, 'exact'>, number>> & {
  readonly exact: boolean | null
}

/** Why there are no figures. */
export interface Obstacle {
  /**
   * - `absent`: the baseline has the model, this machine has not
   * - `refused`: eonc does not support the model
   * - `too-large`: the machine's memory does not hold the model
   * - `failed`: a defect
   */
  readonly status: 'absent' | 'refused' | 'too-large' | 'failed'
  readonly reason: string
}

/** What a model computes with; a hybrid one has float activations and integer weights. */
export type Variant = 'int8' | 'float32' | 'hybrid'

/** One model on one core with the options of one setting. */
export type Measurement = {
  readonly model: string
  readonly core: CoreId
  readonly setting: Setting
  readonly variant?: Variant
} & (({ readonly status: 'measured' } & Figures) | Obstacle)

export type Measured = Extract<Measurement, { readonly status: 'measured' }>

/** All that `bench/results.json` holds: the same on every machine with the same tools and models. */
export interface Results {
  readonly eonc: string
  readonly compiler: string
  readonly library: string
  readonly linker: string
  readonly optimization: string
  readonly flags: Readonly<Partial<Record<CoreId, string>>>
  /** The options of eonc that each setting stands for. */
  readonly settings: Readonly<Record<string, string>>
  /** The kernel set that they choose. */
  readonly kernels: string
  readonly columns: typeof columns
  readonly measurements: readonly Measurement[]
}

/** The figures of a model on a core; undefined where there are none. */
export function measuredOn(
  { measurements }: Results,
  model: string,
  core: CoreId,
  setting: Setting = 'default',
): Measured | undefined {
  return measurements.find(
    (measurement): measurement is Measured =>
      measurement.status === 'measured' &&
      measurement.model === model &&
      measurement.core === core &&
      measurement.setting === setting,
  )
}

/** Names of the models, in the order of the measurements. */
export function modelsOf({ measurements }: Results): readonly string[] {
  return [...new Set(measurements.map(({ model }) => model))]
}

/** What went wrong, in words: each is a defect. */
export function defects({ measurements }: Results): readonly string[] {
  return measurements.flatMap((measurement) => {
    if (measurement.status === 'failed') return [`${placeOf(measurement)} failed: ${measurement.reason}`]
    const differs = measurement.status === 'measured' && measurement.exact === false
    return differs ? [`${placeOf(measurement)} differs from the oracle`] : []
  })
}

/** What this machine lacks to measure all and compare all with the oracle, in words. */
export function gaps({ measurements }: Results): readonly string[] {
  return measurements.flatMap((measurement) => {
    if (measurement.status === 'absent') return [`${placeOf(measurement)}: ${measurement.reason}`]
    const isCompared = measurement.status !== 'measured' || measurement.exact !== null
    return isCompared ? [] : [`${placeOf(measurement)} was not compared with the oracle, which is not installed`]
  })
}

/** What was measured, in words. */
export function placeOf({ model, core, setting }: Measurement): string {
  return `${model} on ${core}${setting === 'default' ? '' : ` with ${factsOf(setting).title}`}`
}

/** The results as a file, one measurement after the other. */
export function resultsText(results: Results): string {
  return `${JSON.stringify(results, null, 2)}\n`
}
