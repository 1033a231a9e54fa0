import { type LinkedSizes, readSizes } from '../../src/measure/sizes.js'
import type { Core } from './cores.js'
import { runOrThrow } from './toolchain.js'

export { modelSizes } from '../../src/measure/sizes.js'

/** Reads the sizes of a firmware that `buildFirmware` linked. */
export async function linkedSizes(elf: string, core: Core): Promise<LinkedSizes> {
  const size = await runOrThrow(`${core.tools}-size`, ['-A', '-d', elf])
  const nm = await runOrThrow(`${core.tools}-nm`, ['-S', '--defined-only', elf])
  return readSizes(size.stdout, nm.stdout)
}
