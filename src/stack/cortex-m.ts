/** Flags of GNU compilers that choose a processor; floats are passed in registers where it has any for them. */
export const CORTEX_M_FLAGS = {
  'cortex-m0': ['-mthumb', '-mcpu=cortex-m0'],
  'cortex-m0plus': ['-mthumb', '-mcpu=cortex-m0plus'],
  'cortex-m3': ['-mthumb', '-mcpu=cortex-m3'],
  'cortex-m4f': ['-mthumb', '-mcpu=cortex-m4', '-mfloat-abi=hard', '-mfpu=fpv4-sp-d16'],
  'cortex-m7': ['-mthumb', '-mcpu=cortex-m7', '-mfloat-abi=hard', '-mfpu=fpv5-sp-d16'],
  'cortex-m33': ['-mthumb', '-mcpu=cortex-m33', '-mfloat-abi=hard', '-mfpu=fpv5-sp-d16'],
  'cortex-m55': ['-mthumb', '-mcpu=cortex-m55', '-mfloat-abi=hard'],
} as const satisfies Readonly<Record<string, readonly string[]>>

export type CortexM = keyof typeof CORTEX_M_FLAGS
export const CORTEX_M = Object.keys(CORTEX_M_FLAGS) as readonly CortexM[]
