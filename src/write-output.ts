import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
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

async function writtenFiles(folder: string): Promise<readonly string[]> {
  const manifest = join(folder, MANIFEST)
  return (await fs.pathExists(manifest)) ? (await fs.readFile(manifest, 'utf8')).split('\n').filter(Boolean) : []
}

/** Throws unless every path stays below the folder. */
function requireBelow(folder: string, files: readonly OutputFile[]): void {
  for (const { path } of files) {
    if (!resolve(folder, path).startsWith(resolve(folder) + sep))
      throw new OutputError(`"${path}" leaves the output folder`)
  }
}

async function requireFree(folder: string, files: readonly OutputFile[], previous: readonly string[]): Promise<void> {
  if (!(await fs.pathExists(folder))) return
  if (!(await fs.stat(folder)).isDirectory()) throw new OutputError(`${folder} is a file, not a folder`)
  for (const { path } of files) {
    if (!previous.includes(path) && (await fs.pathExists(join(folder, path)))) {
      throw new OutputError(`${join(folder, path)} exists and was not written by eonc: choose another folder`)
    }
  }
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
    await fs.ensureDir(dirname(to))
    await fs.rename(from, to)
    undo.unshift(() => fs.rename(to, from))
  }
  try {
    for (const path of previous) {
      if (await fs.pathExists(join(target, path))) await move(join(target, path), join(backup, path))
    }
    for (const path of next) await move(join(staged, path), join(target, path))
  } catch (error) {
    for (const step of undo) await step()
    throw error
  }
}

/**
 * Writes files to a folder, all or none: they are staged in a folder within it, and then take the place of what eonc
 * wrote there before. Files of anyone else stay as they are, and one in the way is an error. Throws an OutputError.
 */
export async function writeOutput(folder: string, files: readonly OutputFile[]): Promise<void> {
  const target = resolve(folder)
  const staging = join(target, `.eonc-${randomBytes(6).toString('hex')}`)
  requireBelow(target, files)
  let created: string | undefined
  try {
    const previous = await writtenFiles(target)
    await requireFree(target, files, previous)
    created = await mkdir(target, { recursive: true })
    for (const { path, contents } of files) await fs.outputFile(join(staging, 'new', path), contents)
    const manifest = `${files.map(({ path }) => path).join('\n')}\n`
    await fs.outputFile(join(staging, 'new', MANIFEST), manifest)
    const paths = [...files.map(({ path }) => path), MANIFEST]
    const replaced = previous.length > 0 ? [...previous, MANIFEST] : []
    await swap(target, join(staging, 'new'), join(staging, 'old'), paths, replaced)
    await fs.remove(staging)
  } catch (error) {
    // a folder that was not there before is not there after
    await fs.remove(created ?? staging).catch(() => undefined)
    if (error instanceof OutputError) throw error
    throw new OutputError(`${target} could not be written: ${error instanceof Error ? error.message : String(error)}`)
  }
}
