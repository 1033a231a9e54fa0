import { lstat, mkdir, rm, rmdir, stat } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'

/** Whether a path leads to something within a folder. */
export const isBelow = (folder: string, path: string): boolean =>
  resolve(folder, path).startsWith(resolve(folder) + sep)

/** What a path is, links not followed; undefined when there is nothing. */
export async function kindOf(path: string): Promise<'file' | 'folder' | 'other' | undefined> {
  const found = await lstat(path).catch(() => undefined)
  return found && (found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other')
}

/**
 * Makes a folder and those that it is in; gives the topmost that was new. One at a time: Node's recursive way never ends
 * where a folder exists and takes no others, as `/proc` does.
 */
export async function makeFolder(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory() === true) return undefined
  const topmost = await makeFolder(dirname(path))
  try {
    await mkdir(path)
  } catch (error) {
    // another run may have made it in the meantime
    if ((await stat(path).catch(() => undefined))?.isDirectory() === true) return topmost
    if (topmost !== undefined) await rm(topmost, { recursive: true })
    throw error
  }
  return topmost ?? path
}

/** Removes the folders within `folder` that files at these paths have left empty. */
export async function removeEmptyFolders(folder: string, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    for (let below = dirname(join(folder, path)); isBelow(folder, below); below = dirname(below)) {
      await rmdir(below).catch(() => undefined)
    }
  }
}
