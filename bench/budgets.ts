import { z } from 'zod'
import { coreIds } from '../test/support/cores.js'
import { type Baseline, tflmOf } from './baseline.js'
import { readDataFile } from './data-file.js'
import { type Setting, settingNames } from './settings.js'

const budgets = z.strictObject({
  core: z.enum(coreIds),
  optimization: z.string(),
  /** Most bytes of RAM for each model and setting, the stack apart. Those of the baseline have one with `--optimize ram`. */
  ram: z.record(z.string(), z.partialRecord(z.enum(settingNames), z.int().positive())),
  /** Most of what TensorFlow Lite Micro needs with its reference kernels, as a share. */
  ofReferenceKernels: z.strictObject({ romCode: z.number() }),
  /** Most instructions for each model of the baseline, as a share of those with CMSIS-NN. */
  ofCmsisNn: z.record(z.string(), z.number()),
  /** Most bytes of code of a model of the baseline. */
  code: z.int().positive(),
})

/** What a model may need at most; no limit where one is left out. */
export interface Budget {
  readonly model: string
  readonly setting: Setting
  readonly ram: number
  readonly code?: number
  readonly romCode?: number
  readonly instructions?: number
}

/** The budgets' core and optimization, and the budgets of each model: `bench/budgets.json` and the baseline. */
export function readBudgets(baseline: Baseline) {
  const { core, optimization, ram, ofReferenceKernels, ofCmsisNn, code } = readDataFile('budgets.json', budgets)
  const models = Object.entries(ram).flatMap(([model, settings]) =>
    Object.entries(settings).map(([setting, ram]): Budget => {
      const common = { model, setting: setting as Setting, ram }
      const reference = tflmOf(baseline, model, core, 'reference')
      // what the baseline lacks, or another setting than the default, has a budget of RAM alone
      if (reference === undefined || setting !== 'default') return common
      if (reference.romCode === undefined) throw new Error(`the baseline has no ROM code of ${model} on ${core}`)
      return {
        ...common,
        code,
        romCode: ofReferenceKernels.romCode * reference.romCode,
        instructions: (ofCmsisNn[model] ?? NaN) * (tflmOf(baseline, model, core, 'cmsis-nn')?.instructions ?? NaN),
      }
    }),
  )
  return { core, optimization, models } as const
}
