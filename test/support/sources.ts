import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Core } from './cores.js'
import { buildFirmware, type FirmwareOptions, runFirmware } from './firmware.js'

/** Generated sources: paths without folders. */
export type SourceFiles = readonly { readonly path: string; readonly contents: string | Uint8Array }[]

/** Writes sources into a new folder, in place of what an earlier run has left there. Gives the folder. */
export async function writeSources(folder: string, files: SourceFiles): Promise<string> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  for (const { path, contents } of files) await writeFile(join(folder, path), contents)
  return folder
}

/**
 * Builds sources into a firmware and runs its vectors on a core. Gives what is wrong and what the firmware printed; nothing
 * where all are right.
 * @throws Error with the compiler's or linker's words.
 */
export async function runSources(
  core: Core,
  files: SourceFiles,
  options: Omit<FirmwareOptions, 'core' | 'sources'>,
): Promise<readonly string[]> {
  const sources = await writeSources(join(options.workDir, 'sources', options.name), files)
  const { elf } = await buildFirmware({ ...options, core, sources })
  const { ok, lines } = await runFirmware(elf, core, { count: false, timeoutMs: 120_000 })
  // a firmware that prints nothing is wrong, too
  return ok ? [] : ['the firmware did not end with "result ok"', ...lines]
}
