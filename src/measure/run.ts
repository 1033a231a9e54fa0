import { basename, dirname } from 'node:path'
import { type CortexM, runTool } from '../stack/index.js'
import { qemuArguments } from './harness.js'
import { instructionsOf, MACHINES } from './machines.js'

/** What a firmware has measured, in instructions. */
export interface FirmwareTimes {
  /** Of an inference, hooks included. */
  readonly inference: number
  /** Of all pieces of each operator, in the order of the model's table, without what the hooks take. */
  readonly operators: readonly { readonly pieces: number; readonly instructions: number }[]
}

/** No model takes so long. */
const TIMEOUT_MS = 3_600_000

/** Runs a firmware of a model in QEMU. `inputs` is a file beside it. Throws a DiagnosticsError. */
export async function runFirmware(elf: string, cpu: CortexM, inputs: string): Promise<FirmwareTimes> {
  const machine = MACHINES[cpu]
  const args = qemuArguments(['-machine', machine.machine], basename(elf), { argument: inputs, count: true })
  const options = { cwd: dirname(elf), timeoutMs: TIMEOUT_MS, both: true }
  const text = await runTool('qemu-system-arm', args, options)
  const instructions = (ticks = '', polls = ''): number => instructionsOf(machine, Number(ticks), Number(polls))
  const [, ticks, polls] = /^ticks (\d+) polls (-?\d+)$/m.exec(text) ?? []
  const [, , hookTicks = '0', hookPolls = '0'] = /^hooks (\d+) ticks (\d+) polls (-?\d+)$/m.exec(text) ?? []
  const hooks = instructions(hookTicks, hookPolls)
  const operators = [...text.matchAll(/^operator (\d+) ticks (\d+) polls (-?\d+)$/gm)]
  return {
    inference: Math.round(instructions(ticks, polls)),
    operators: operators.map(([, pieces, spent, waited]) => ({
      pieces: Number(pieces),
      instructions: Math.max(0, Math.round(instructions(spent, waited) - Number(pieces) * hooks)),
    })),
  }
}
