import type { KernelSetFacts, ModelFacts } from '../../src/index.js'
import { CORTEX_M_FLAGS, type CortexM } from '../../src/stack/index.js'

/** A block of a machine's memory, in bytes. */
export interface MemoryBlock {
  readonly origin: number
  readonly bytes: number
}

/** A processor that the firmware is built for, and the QEMU machine that runs it. */
export interface Core {
  readonly id: CoreId
  /** Prefix of the GNU tools, without the last dash. */
  readonly tools: 'arm-none-eabi' | 'riscv64-unknown-elf'
  /** Flags that choose the processor, for compiler and linker. */
  readonly flags: readonly string[]
  /** Kernel sets that the preprocessor chooses on it, the best one first; `portable` where the sources have none. */
  readonly kernelSets: readonly string[]
  readonly emulator: 'qemu-system-arm' | 'qemu-system-riscv32'
  readonly machine: readonly string[]
  /** One tick of the firmware's clock in instructions, which under `-icount shift=0` are nanoseconds. */
  readonly instructionsPerTick: number
  readonly flash: MemoryBlock
  readonly ram: MemoryBlock
}

export const coreIds = [
  'cortex-m0',
  'cortex-m0plus',
  'cortex-m3',
  'cortex-m4f',
  'cortex-m7',
  'cortex-m33',
  'cortex-m55',
  'riscv32',
] as const
export type CoreId = (typeof coreIds)[number]

const KiB = 1024
const MiB = 1024 * KiB

/** The Arm MPS2 boards, SysTick at 25 MHz unless the table says otherwise. */
function mps2(id: CortexM, machine: string, kernelSets: readonly string[] = []): Core {
  return {
    id,
    tools: 'arm-none-eabi',
    flags: CORTEX_M_FLAGS[id],
    kernelSets,
    emulator: 'qemu-system-arm',
    machine: ['-machine', machine],
    instructionsPerTick: 40,
    flash: { origin: 0, bytes: 4 * MiB },
    ram: { origin: 0x20000000, bytes: 4 * MiB },
  }
}

/** What is known of a model with the kernel set that the preprocessor chooses on a core. */
export function kernelSetOn({ kernelSets }: Core, facts: Pick<ModelFacts, 'kernelSets'>): KernelSetFacts {
  const order = [...kernelSets, 'portable']
  const found = order.flatMap((set) => facts.kernelSets.find(({ name }) => name === set) ?? [])[0]
  if (found === undefined) throw new Error('the sources are not for this core')
  return found
}

/** All cores. The small micro:bit aside, each has room for every model; Cortex-M0+ code runs on a Cortex-M3. */
export const cores: Readonly<Record<CoreId, Core>> = {
  'cortex-m0': {
    ...mps2('cortex-m0', 'microbit', ['armv6m']),
    instructionsPerTick: 62.5,
    flash: { origin: 0, bytes: 256 * KiB },
    ram: { origin: 0x20000000, bytes: 16 * KiB },
  },
  'cortex-m0plus': mps2('cortex-m0plus', 'mps2-an385', ['armv6m']),
  'cortex-m3': mps2('cortex-m3', 'mps2-an385'),
  'cortex-m4f': mps2('cortex-m4f', 'mps2-an386', ['dsp']),
  'cortex-m7': mps2('cortex-m7', 'mps2-an500', ['dsp']),
  'cortex-m33': {
    ...mps2('cortex-m33', 'mps2-an505', ['dsp']),
    instructionsPerTick: 50,
    flash: { origin: 0x10000000, bytes: 4 * MiB },
    ram: { origin: 0x38000000, bytes: 4 * MiB },
  },
  'cortex-m55': {
    ...mps2('cortex-m55', 'mps3-an547', ['mve', 'dsp']),
    instructionsPerTick: 31.25,
    flash: { origin: 0, bytes: 512 * KiB },
    ram: { origin: 0x20000000, bytes: 512 * KiB },
  },
  riscv32: {
    id: 'riscv32',
    tools: 'riscv64-unknown-elf',
    kernelSets: [],
    flags: ['-march=rv32imac', '-mabi=ilp32'],
    emulator: 'qemu-system-riscv32',
    machine: ['-machine', 'virt', '-bios', 'none'],
    instructionsPerTick: 1,
    flash: { origin: 0x80000000, bytes: 4 * MiB },
    ram: { origin: 0x80400000, bytes: 4 * MiB },
  },
}
