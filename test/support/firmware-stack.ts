import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { InputMode } from '../../src/compile.js'
import { stackOf } from '../../src/stack/index.js'
import type { Core } from './cores.js'
import { runOrThrow } from './toolchain.js'

/** The worst case of the stack of a firmware's inference. */
export interface FirmwareStack {
  /** Bytes from the model's own function on. */
  readonly model: number
  /** Bytes that the harness has on the stack when it calls that function: painting counts them as well. */
  readonly harness: number
  /** Bytes from the function on that painting measures; where inputs are fetched, with the harness's own `get_data`. */
  readonly whole: number
}

/** Finds the worst case of the stack in a firmware that `buildFirmware` built for an Arm core. */
export async function firmwareStack(
  elf: string,
  core: Core,
  name: string,
  inputMode: InputMode = 'resident',
): Promise<FirmwareStack> {
  const { stdout } = await runOrThrow(`${core.tools}-objdump`, ['-d', '-t', '--no-show-raw-insn', elf])
  const folder = dirname(elf)
  const graphs = (await readdir(folder)).filter((file) => file.endsWith('.ci'))
  const callGraphs = await Promise.all(graphs.map((file) => readFile(join(folder, file), 'utf8')))
  const functions = ['harness_model_invoke', `${name}_${inputMode === 'stream' ? 'push' : 'invoke'}`]
  const fetching = inputMode === 'callback' ? ['get_data'] : []
  const depths = stackOf({ disassembly: stdout, callGraphs }, [...functions, ...fetching])
  const [painted, model, getData] = [...depths.values()]
  if (painted === undefined || model === undefined) throw new Error(`${elf} does not run ${name}`)
  if (painted.unbounded.length > 0) throw new Error(`${elf}: ${painted.unbounded.join('; ')}`)
  const fetches = painted.callbacks.map(({ bytes }) => bytes + (getData?.bytes ?? 0))
  return {
    model: model.bytes,
    harness: painted.bytes - model.bytes,
    whole: Math.max(painted.bytes, ...fetches),
  }
}
