import type { Program, ProgramSet } from '../lower/index.js'
import { macroCase } from './cpp.js'

/** What a firmware defines, in all of its files, to compute with CMSIS-NN. */
const CMSIS_NN = 'defined(EONC_CMSIS_NN)'

/** Kernels of the cores' own can be turned off. */
const OWN = '!defined(EONC_PORTABLE_KERNELS)'

/** When the preprocessor chooses a kernel set; `portable` is what is left. Assemblers' files ask the same. */
const CONDITIONS: Readonly<Record<Exclude<ProgramSet, 'portable'>, readonly string[]>> = {
  // as CMSIS-NN itself tells cores apart
  cmsis_nn_mve: [CMSIS_NN, 'defined(__ARM_FEATURE_MVE)', '(__ARM_FEATURE_MVE & 1)'],
  cmsis_nn_dsp: [CMSIS_NN, 'defined(__ARM_FEATURE_DSP)', '(__ARM_FEATURE_DSP == 1)'],
  cmsis_nn: [CMSIS_NN],
  mve: [OWN, 'defined(__ARM_FEATURE_MVE)', '(__ARM_FEATURE_MVE & 1)', '!defined(__ARM_BIG_ENDIAN)'],
  dsp: [
    OWN,
    'defined(__ARM_FEATURE_DSP)',
    'defined(__ARM_ARCH_PROFILE)',
    "__ARM_ARCH_PROFILE == 'M'",
    '!defined(__ARM_BIG_ENDIAN)',
  ],
  armv6m: [OWN, '(defined(__ARM_ARCH_6M__) || defined(__ARM_ARCH_8M_BASE__))', '!defined(__ARM_BIG_ENDIAN)'],
  wasm_simd128: [OWN, 'defined(__wasm_simd128__)'],
}

/** The sets that only some processors have. */
export const conditionalSets = Object.keys(CONDITIONS) as readonly Exclude<ProgramSet, 'portable'>[]

/** Names of the files of a variant, without extension: the one that is left when no other is chosen is the model's own. */
export function stemOf(variants: readonly Program[], index: number): string {
  const { name = '', set = '' } = variants[index] ?? {}
  return index === variants.length - 1 ? name : `${name}_${set}`
}

/** The condition under which a kernel set runs, as a line for the preprocessor. */
export function conditionOf(set: ProgramSet): string {
  if (set === 'portable') return '1'
  return CONDITIONS[set].join(' && \\\n    ')
}

/** The macro that is defined where a variant is the one that is compiled. */
export const variantMacro = (name: string, set: ProgramSet): string => `${macroCase(name)}_KERNELS_${macroCase(set)}`

/** Defines the macro of the variant that is compiled; empty where there is but one. */
export function ladder(variants: readonly Program[]): string {
  if (variants.length === 1) return ''
  const last = variants.length - 1
  return [
    ...variants.flatMap(({ name, set }, i) => [
      i === last ? '#else' : `#${i === 0 ? 'if' : 'elif'} ${conditionOf(set)}`,
      `#define ${variantMacro(name, set)}`,
    ]),
    '#endif',
  ].join('\n')
}

/** Text that differs between variants, each under the macro of its own; as it is where there is none to choose from. */
export function eachVariant(variants: readonly Program[], text: (variant: Program) => string): string {
  const texts = variants.map(text)
  const [first = ''] = texts
  if (texts.every((each) => each === first)) return first
  const last = variants.length - 1
  return [
    ...variants.flatMap(({ name, set }, i) => {
      const directive = i === last ? '#else' : `#${i === 0 ? 'if' : 'elif'} defined(${variantMacro(name, set)})`
      return [directive, texts[i] ?? '']
    }),
    '#endif',
  ].join('\n')
}
