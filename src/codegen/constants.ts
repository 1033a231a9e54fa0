import type { Program } from '../lower/index.js'

/** Bytes of constants within AVR's reach: pointers to ROM have 16 bits there, and its vectors come before constants. */
const AVR_CONSTANT_BYTES = 2 ** 16 - 512

/** Bytes of the largest array there: indices have 16 bits. */
const AVR_ARRAY_BYTES = 2 ** 15 - 1

/** Bytes of all constant arrays of a program. */
export function constantBytes({ constants }: Program): number {
  return constants.reduce((sum, { values }) => sum + values.byteLength, 0)
}

/** Why an AVR processor cannot hold the constants of a program; empty where it can. */
export function avrError(program: Program): string {
  const bytes = constantBytes(program)
  const largest = Math.max(0, ...program.constants.map(({ values }) => values.byteLength))
  if (bytes > AVR_CONSTANT_BYTES)
    return `${bytes} bytes of constants, and an AVR processor reads 64 KiB of them at most`
  return largest > AVR_ARRAY_BYTES ? `an array of ${largest} bytes, and AVR's have ${AVR_ARRAY_BYTES} at most` : ''
}
