import { MACHINES, type MemoryBlock } from '../../src/measure/machines.js'
import type { KernelSetFacts, ModelFacts } from '../../src/index.js'
import { CORTEX_M_FLAGS, type CortexM } from '../../src/stack/index.js'

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

const MiB = 1024 * 1024

/** A Cortex-M on the machine that `eonc bench` runs it on. */
function arm(id: CortexM, kernelSets: readonly string[] = []): Core {
  const { machine, ...facts } = MACHINES[id]
  return {
    id,
    tools: 'arm-none-eabi',
    flags: CORTEX_M_FLAGS[id],
    kernelSets,
    emulator: 'qemu-system-arm',
    machine: ['-machine', machine],
    ...facts,
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
  'cortex-m0': arm('cortex-m0', ['armv6m']),
  'cortex-m0plus': arm('cortex-m0plus', ['armv6m']),
  'cortex-m3': arm('cortex-m3'),
  'cortex-m4f': arm('cortex-m4f', ['dsp']),
  'cortex-m7': arm('cortex-m7', ['dsp']),
  'cortex-m33': arm('cortex-m33', ['dsp']),
  'cortex-m55': arm('cortex-m55', ['mve', 'dsp']),
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
