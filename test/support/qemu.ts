import { basename, dirname } from 'node:path'
import { qemuArguments } from '../../src/measure/harness.js'
import type { Core } from './cores.js'
import { run, type RunResult } from './toolchain.js'

export interface QemuOptions {
  /** The command line that the firmware reads by semihosting; files that it opens are relative to the ELF's folder. */
  readonly argument: string
  /** Makes one instruction take one virtual nanosecond, so that the firmware's clock counts instructions. */
  readonly count: boolean
  readonly timeoutMs?: number
}

/** Runs an ELF file on the core's machine. The status is the firmware's; what it prints by semihosting is in stderr. */
export function runQemu(elf: string, core: Core, { argument, count, timeoutMs }: QemuOptions): Promise<RunResult> {
  const args = qemuArguments(core.machine, basename(elf), { argument, count })
  return run(core.emulator, args, { cwd: dirname(elf), ...(timeoutMs !== undefined && { timeoutMs }) })
}
