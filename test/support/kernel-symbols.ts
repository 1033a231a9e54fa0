import { runOrThrow } from './toolchain.js'

/** The assembler functions of kernel sets in a program for an Arm core, by the name of their set; none for portable kernels. */
export async function kernelSetsIn(elf: string): Promise<readonly string[]> {
  const { stdout } = await runOrThrow('arm-none-eabi-nm', [elf])
  const sets = [...stdout.matchAll(/ [TtWw] eonc_\w*_(armv6m|dsp|mve)\w*$/gm)].map(([, set = '']) => set)
  return [...new Set(sets)].sort()
}
