import type { PlanOptions } from '../src/index.js'
import type { CoreId } from '../test/support/cores.js'

/** Options that models are measured with, and the cores that they are measured on. */
interface SettingFacts {
  /** What differs from the defaults, as on a command line. */
  readonly title: string
  readonly options: PlanOptions
  readonly cores: readonly CoreId[]
}

/** The cores of the tables. */
export const benchCores: readonly CoreId[] = ['cortex-m0plus', 'cortex-m4f', 'cortex-m7', 'cortex-m55']

/** The core that settings are compared on. */
export const mainCore: CoreId = 'cortex-m4f'

/** The settings that there are figures of, by name. */
export const settings = {
  default: { title: 'the default options', options: {}, cores: benchCores },
  speed: { title: '--optimize speed', options: { optimize: 'speed' }, cores: benchCores },
  ram: { title: '--optimize ram', options: { optimize: 'ram' }, cores: [mainCore] },
  least: {
    title: '--optimize ram --ram pixel --input stream',
    options: { optimize: 'ram', ram: 'pixel', input: 'stream' },
    cores: [mainCore],
  },
  small: { title: '--rom small', options: { rom: 'small' }, cores: [mainCore] },
} as const satisfies Readonly<Record<string, SettingFacts>>

export type Setting = keyof typeof settings
export const settingNames = Object.keys(settings) as readonly Setting[]

/** What a setting stands for. */
export const factsOf = (setting: Setting): SettingFacts => settings[setting]
