import { z } from 'zod'
import { type CoreId, coreIds } from '../test/support/cores.js'
import { type Baseline, tflmOf } from './baseline.js'
import { readDataFile } from './data-file.js'
import { mainCore, type Setting, settingNames } from './settings.js'

/** A figure for each core, model and setting that there is a limit for. */
const limits = z.partialRecord(
  z.enum(coreIds),
  z.record(z.string(), z.partialRecord(z.enum(settingNames), z.number().positive())),
)
type Limits = z.infer<typeof limits>

const budgets = z.strictObject({
  optimization: z.string(),
  /** Most bytes of RAM, the stack apart. */
  ram: limits,
  /** Most bytes of ROM. */
  rom: limits,
  /** Most instructions, as a share of those of TensorFlow Lite Micro with CMSIS-NN. */
  instructionsOfCmsisNn: limits,
  /** Most ROM code by default on the main core, as a share of what TensorFlow Lite Micro needs with its reference kernels. */
  romCodeOfReferenceKernels: z.number(),
  /** Most bytes of code of a model of the baseline by default on the main core. */
  code: z.int().positive(),
})

/** Columns that a budget may limit. */
export const budgetColumns = ['ram', 'rom', 'code', 'romCode', 'instructions'] as const

/** What a model may need at most; no limit where one is left out. */
export type Budget = {
  readonly model: string
  readonly core: CoreId
  readonly setting: Setting
} & Readonly<Partial<Record<(typeof budgetColumns)[number], number>>>

/** The budgets and the optimization that they are for: `bench/budgets.json` and the baseline. */
export function readBudgets(baseline: Baseline) {
  const given = readDataFile('budgets.json', budgets)
  const { optimization, ram, rom, instructionsOfCmsisNn } = given
  const places = new Map(
    [ram, rom, instructionsOfCmsisNn].flatMap(placesOf).map((place) => [Object.values(place).join(), place] as const),
  )
  const models = [...places.values()].map((place): Budget => {
    const { model, core, setting } = place
    const limit = (of: Limits): number | undefined => of[core]?.[model]?.[setting]
    const share = limit(instructionsOfCmsisNn)
    const instructions = share && share * (tflmOf(baseline, model, core, 'cmsis-nn')?.instructions ?? NaN)
    const reference =
      core === mainCore && setting === 'default' ? tflmOf(baseline, model, core, 'reference') : undefined
    return withoutGaps(place, {
      ram: limit(ram),
      rom: limit(rom),
      instructions,
      code: reference && given.code,
      romCode: reference?.romCode && given.romCodeOfReferenceKernels * reference.romCode,
    })
  })
  return { optimization, models } as const
}

type Place = Pick<Budget, 'model' | 'core' | 'setting'>

function placesOf(of: Limits): readonly Place[] {
  return Object.entries(of).flatMap(([core, models]) =>
    Object.entries(models).flatMap(([model, settings]) =>
      Object.keys(settings).map((setting) => ({ model, core: core as CoreId, setting: setting as Setting })),
    ),
  )
}

function withoutGaps(place: Place, limits: Readonly<Record<string, number | undefined>>): Budget {
  return { ...place, ...Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== undefined)) }
}
