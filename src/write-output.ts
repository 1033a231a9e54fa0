import { randomBytes } from 'node:crypto'
import { lstat, mkdir, readFile, rename, rm, rmdir, stat } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import fs from 'fs-extra'
import type { OutputFile } from './plugin.js'

/** An output folder that could not be written, with the reason in words. */
export class OutputError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'OutputError'
  }
}

/** Marks a folder as one that eonc wrote, and lists what it wrote there. */
const MANIFEST = '.eonc-files'

const isBelow = (folder: string, path: string): boolean => resolve(folder, path).startsWith(resolve(folder) + sep)

/** What a path is, links not followed; undefined when there is nothing. */
const kindOf = async (path: string): Promise<'file' | 'other' | undefined> => {
  const found = await lstat(path).catch(() => undefined)
  return found && (found.isFile() ? 'file' : 'other')
}

/** Paths within a folder of what eonc wrote there and is still there. A manifest is text that anyone can have edited. */
async function writtenFiles(folder: string): Promise<readonly string[]> {
  if ((await kindOf(join(folder, MANIFEST))) !== 'file') return []
  const lines = (await readFile(join(folder, MANIFEST), 'utf8')).split('\n')
  const paths = [...new Set(lines)].filter((path) => isBelow(folder, path) && path !== MANIFEST)
  const kinds = await Promise.all(paths.map((path) => kindOf(join(folder, path))))
  return [...paths.filter((_, index) => kinds[index] === 'file'), MANIFEST]
}

/** Throws unless every path stays below the folder and is free, or is that of a file to be replaced. */
async function requireFree(folder: string, paths: readonly string[], replaced: readonly string[]): Promise<void> {
  const found = await stat(folder).catch(() => undefined)
  if (found?.isDirectory() === false) throw new OutputError(`${folder} is a file, not a folder`)
  for (const path of paths) {
    if (!isBelow(folder, path)) throw new OutputError(`"${path}" leaves the output folder`)
    if (!replaced.includes(path) && (await kindOf(join(folder, path))) !== undefined) {
      throw new OutputError(`${join(folder, path)} exists and was not written by eonc: choose another folder`)
    }
  }
}

/**
 * Makes a folder and those that it is in; gives the topmost that was new. One at a time: Node's recursive way never ends
 * where a folder exists and takes no others, as `/proc` does.
 */
async function makeFolder(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory() === true) return undefined
  const topmost = await makeFolder(dirname(path))
  try {
    await mkdir(path)
  } catch (error) {
    if (topmost !== undefined) await rm(topmost, { recursive: true })
    throw error
  }
  return topmost ?? path
}

/** Moves staged files into place, and those that were there into `backup`. What fails half-way is undone. */
async function swap(
  target: string,
  staged: string,
  backup: string,
  next: readonly string[],
  previous: readonly string[],
): Promise<void> {
  const undo: (() => Promise<void>)[] = []
  const move = async (from: string, to: string): Promise<void> => {
    const made = await makeFolder(dirname(to))
    if (made !== undefined) undo.unshift(() => rm(made, { recursive: true }))
    await rename(from, to)
    undo.unshift(() => rename(to, from))
  }
  try {
    for (const path of previous) await move(join(target, path), join(backup, path))
    for (const path of next) await move(join(staged, path), join(target, path))
  } catch (error) {
    for (const step of undo) await step()
    throw error
  }
}

/** Removes the folders that these files have left empty. */
async function removeEmptyFolders(target: string, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    for (let folder = dirname(join(target, path)); isBelow(target, folder); folder = dirname(folder)) {
      await rmdir(folder).catch(() => undefined)
    }
  }
}

/**
 * Writes files to a folder, all or none: they are staged in a folder within it, and then take the place of what eonc
 * wrote there before. Files of anyone else stay as they are, and one in the way is an error. Throws an OutputError.
 */
export async function writeOutput(folder: string, files: readonly OutputFile[]): Promise<void> {
  const target = resolve(folder)
  const staging = join(target, `.eonc-${randomBytes(6).toString('hex')}`)
  const manifest = { path: MANIFEST, contents: files.map(({ path }) => `${path}\n`).join('') }
  const all = [...files, manifest]
  const paths = all.map(({ path }) => path)
  let created: string | undefined
  try {
    const previous = await writtenFiles(target)
    await requireFree(target, paths, previous)
    created = await makeFolder(target)
    for (const { path, contents } of all) await fs.outputFile(join(staging, 'new', path), contents)
    await swap(target, join(staging, 'new'), join(staging, 'old'), paths, previous)
    await rm(staging, { recursive: true })
    await removeEmptyFolders(target, previous)
  } catch (error) {
    // a folder that was not there before is not there after
    await rm(created ?? staging, { recursive: true, force: true }).catch(() => undefined)
    if (error instanceof OutputError) throw error
    throw new OutputError(`${target} cannot be written: ${error instanceof Error ? error.message : String(error)}`)
  }
}
