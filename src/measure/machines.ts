import type { CortexM } from '../stack/index.js'

/** A block of a machine's memory, in bytes. */
export interface MemoryBlock {
  readonly origin: number
  readonly bytes: number
}

/** A machine of QEMU (`qemu-system-arm`) that runs the code of a processor. */
export interface Machine {
  readonly machine: string
  /** One tick of SysTick in instructions, which under `-icount shift=0` are nanoseconds. */
  readonly instructionsPerTick: number
  readonly flash: MemoryBlock
  readonly ram: MemoryBlock
}

const KiB = 1024
const MiB = 1024 * KiB

/** The Arm MPS2 boards, SysTick at 25 MHz. */
const mps2 = (machine: string): Machine => ({
  machine,
  instructionsPerTick: 40,
  flash: { origin: 0, bytes: 4 * MiB },
  ram: { origin: 0x20000000, bytes: 4 * MiB },
})

/** The machine of each processor. QEMU has no Cortex-M0+: a Cortex-M3 runs its code, which is the same instructions. */
export const MACHINES: Readonly<Record<CortexM, Machine>> = {
  'cortex-m0': {
    machine: 'microbit',
    instructionsPerTick: 62.5,
    flash: { origin: 0, bytes: 256 * KiB },
    ram: { origin: 0x20000000, bytes: 16 * KiB },
  },
  'cortex-m0plus': mps2('mps2-an385'),
  'cortex-m3': mps2('mps2-an385'),
  'cortex-m4f': mps2('mps2-an386'),
  'cortex-m7': mps2('mps2-an500'),
  'cortex-m33': {
    machine: 'mps2-an505',
    instructionsPerTick: 50,
    flash: { origin: 0x10000000, bytes: 4 * MiB },
    ram: { origin: 0x38000000, bytes: 4 * MiB },
  },
  'cortex-m55': {
    machine: 'mps3-an547',
    instructionsPerTick: 31.25,
    flash: { origin: 0, bytes: 512 * KiB },
    ram: { origin: 0x20000000, bytes: 512 * KiB },
  },
}

/** Instructions of one round of the loop that waits for a tick, in arm.c. */
const INSTRUCTIONS_PER_POLL = 4

/** A time that the firmware reports in instructions, exact to one round of its loop. */
export function instructionsOf(
  { instructionsPerTick }: Pick<Machine, 'instructionsPerTick'>,
  ticks: number,
  polls: number,
): number {
  return ticks * instructionsPerTick - polls * INSTRUCTIONS_PER_POLL
}
