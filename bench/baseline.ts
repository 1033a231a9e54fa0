import { z } from 'zod'
import { coreIds, type CoreId } from '../test/support/cores.js'
import { readDataFile } from './data-file.js'

const count = z.int().nonnegative()
const kernels = z.enum(['cmsis-nn', 'reference'])
const place = { model: z.string(), core: z.enum(coreIds), kernels }

/** What a build of TensorFlow Lite Micro needs, in bytes; the columns' meanings stand in the file. */
const tflmFigures = z.strictObject({
  ...place,
  arena: count.optional(),
  tensors: count.optional(),
  otherRam: count.optional(),
  ram: count.optional(),
  romCode: count.optional(),
  modelFile: count.optional(),
  rom: count.optional(),
  instructions: count,
})

/** The same kernels, called by generated code in place of the interpreter. */
const interpreterlessFigures = z.strictObject({
  ...place,
  ram: count,
  romCode: count,
  weights: count,
  rom: count,
  instructions: count,
})

const baseline = z.strictObject({
  /** How the figures were measured. */
  conditions: z.strictObject({
    date: z.string(),
    compiler: z.string(),
    library: z.string(),
    linker: z.string(),
    tflm: z.string(),
    optimization: z.strictObject({ core: z.string(), kernels: z.string(), 'cmsis-nn': z.string() }),
    operators: z.string(),
    machine: z.string(),
    input: z.string(),
    outputs: z.string(),
  }),
  /** What each column means. */
  columns: z.record(z.string(), z.string()),
  tflm: z.array(tflmFigures),
  interpreterless: z.array(interpreterlessFigures),
  /** Models that TensorFlow Lite Micro does not run, with its words. */
  refused: z.array(z.strictObject({ model: z.string(), reason: z.string() })),
})

export type Baseline = z.infer<typeof baseline>
export type TflmFigures = z.infer<typeof tflmFigures>
export type TflmKernels = z.infer<typeof kernels>

/** What the same models need under TensorFlow Lite Micro: `bench/baseline.json`. */
export function readBaseline(): Baseline {
  return readDataFile('baseline.json', baseline)
}

/** The figures of one build; undefined where none was measured. */
export function tflmOf({ tflm }: Baseline, model: string, core: CoreId, kernels: TflmKernels): TflmFigures | undefined {
  return tflm.find((figures) => figures.model === model && figures.core === core && figures.kernels === kernels)
}

/** Names of all models in the baseline, those that it has no figures of included; sorted. */
export function baselineModels({ tflm, refused }: Baseline): readonly string[] {
  return [...new Set([...tflm, ...refused].map(({ model }) => model))].sort()
}
