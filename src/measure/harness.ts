/** The firmware around a model: what its C files are told of it. They are shared by `eonc bench` and by tests. */
import { fileURLToPath } from 'node:url'
import { cType } from '../codegen/index.js'
import type { InputMode } from '../compile.js'
import type { ElementType } from '../ir/index.js'
import type { MemoryBlock } from './machines.js'

/** The folder of the C files and the linker script. */
export const FIRMWARE = fileURLToPath(new URL('firmware', import.meta.url))

/** What the firmware has to know of a model. */
export interface HarnessModel {
  /** Prefix of its functions, and name of its header. */
  readonly name: string
  readonly inputs: readonly { readonly bytes: number; readonly type: ElementType }[]
  readonly inputMode: InputMode
  /** The input that comes in units: its index, and the units. */
  readonly units?: { readonly input: number; readonly count: number; readonly elements: number }
}

/** The lines of `harness_config.h` about a model. */
export function harnessConfig({ name, inputs, inputMode, units }: HarnessModel): readonly string[] {
  const fed = units && [
    `#define HARNESS_FED_INPUT ${units.input}`,
    `#define HARNESS_FED_TYPE ${cType(inputs[units.input]?.type ?? 'int8')}`,
    `#define HARNESS_UNITS ${units.count}`,
    `#define HARNESS_UNIT_ELEMENTS ${units.elements}`,
  ]
  return [
    `#define MODEL(member) ${name}_##member`,
    `#define HARNESS_MODEL_HEADER "${name}.h"`,
    `#define HARNESS_INPUTS {${inputs.map(({ bytes }) => bytes).join(', ')}}`,
    `#define HARNESS_INPUT_${inputMode.toUpperCase()}`,
    ...(fed ?? []),
  ]
}

/** Flags of the linker that lay a firmware out in a machine's memory. */
export function layoutFlags({
  flash,
  ram,
}: {
  readonly flash: MemoryBlock
  readonly ram: MemoryBlock
}): readonly string[] {
  const symbols = {
    flash_origin: flash.origin,
    flash_length: flash.bytes,
    ram_origin: ram.origin,
    ram_length: ram.bytes,
  }
  return [
    '-nostartfiles',
    '-Wl,--gc-sections',
    ...Object.entries(symbols).map(([symbol, value]) => `-Wl,--defsym=${symbol}=${value}`),
    `-T${FIRMWARE}/link.ld`,
    '-lm',
  ]
}

/** Flags of the linker for a firmware without its model, which keeps all calls of it byte for byte: it is not to be run. */
export function absentModelFlags(name: string): readonly string[] {
  return ['reset', 'input', 'output', 'invoke', 'push'].map((member) => `-Wl,--defsym=${name}_${member}=machine_entry`)
}

/** The harness keeps to its own functions, so that no library function counts as free of charge. */
export const HARNESS_FLAGS = ['-Os', '-std=c11', '-Wall', '-Wextra', '-Werror', '-fno-tree-loop-distribute-patterns']

/** Arguments of QEMU that run a firmware; `argument` is its command line, `elf` a path in the current folder. */
export function qemuArguments(
  machine: readonly string[],
  elf: string,
  { argument, count }: { readonly argument: string; readonly count: boolean },
): readonly string[] {
  return [
    ...machine,
    ...['-display', 'none', '-monitor', 'none', '-serial', 'none'],
    ...['-semihosting-config', `enable=on,target=native,arg=${argument}`],
    // one instruction takes one virtual nanosecond, so that the firmware's clock counts instructions
    ...(count ? ['-icount', 'shift=0,sleep=off'] : []),
    ...['-kernel', elf],
  ]
}
