import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { projectRoot } from './toolchain.js'

/** A new, empty folder under `build/test`, in place of one of the same name that an earlier run has left. */
export async function emptyFolder(name: string): Promise<string> {
  const folder = join(projectRoot, 'build/test', name)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  return folder
}
