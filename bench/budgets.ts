import { z } from 'zod'
import { coreIds } from '../test/support/cores.js'
import { type Baseline, tflmOf } from './baseline.js'
import { readDataFile } from './data-file.js'

const budgets = z.strictObject({
  core: z.enum(coreIds),
  optimization: z.string(),
  /** Most bytes of RAM for each model of the baseline, the stack apart. */
  ram: z.record(z.string(), z.int().positive()),
  /** Most of what TensorFlow Lite Micro needs with its reference kernels, as a share. */
  ofReferenceKernels: z.strictObject({ romCode: z.number(), instructions: z.number() }),
  /** Most bytes of RAM for each of the project's own models, which the baseline does not have. */
  ownRam: z.record(z.string(), z.int().positive()),
})

/** What a model may need at most; no limit where one is left out. */
export interface Budget {
  readonly model: string
  readonly ram: number
  readonly romCode?: number
  readonly instructions?: number
}

/** The budgets' core and optimization, and the budget of each model: `bench/budgets.json` and the baseline. */
export function readBudgets(baseline: Baseline) {
  const { core, optimization, ram, ofReferenceKernels, ownRam } = readDataFile('budgets.json', budgets)
  const models = Object.entries(ram).map(([model, ram]): Budget => {
    const reference = tflmOf(baseline, model, core, 'reference')
    if (reference?.romCode === undefined) throw new Error(`the baseline has no ROM code of ${model} on ${core}`)
    return {
      model,
      ram,
      romCode: ofReferenceKernels.romCode * reference.romCode,
      instructions: ofReferenceKernels.instructions * reference.instructions,
    }
  })
  const own = Object.entries(ownRam).map(([model, ram]): Budget => ({ model, ram }))
  return { core, optimization, models: [...models, ...own] } as const
}
