import { readFile, rm, stat } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import fs from 'fs-extra'
import { hashOf, MANIFEST, parseManifest } from '../manifest.js'
import type { OutputFile } from '../plugin.js'
import { isBelow, kindOf, makeFolder, removeEmptyFolders } from './files.js'
import { takeWork, WORK } from './lock.js'
import { OutputError, reasonOf } from './output-error.js'
import { complete, replaceFiles, type ReplacePlan, stagedPath } from './replace.js'

/** How an output is written. */
export interface WriteOptions {
  /** Replace files in the way that eonc did not write, or that were changed since. */
  readonly force?: boolean
}

/** What eonc wrote to a folder, path by path with its hash. A manifest is text that anyone can have edited. */
async function writtenFiles(folder: string): Promise<ReadonlyMap<string, string>> {
  if ((await kindOf(join(folder, MANIFEST))) !== 'file') return new Map()
  const text = await readFile(join(folder, MANIFEST), 'utf8')
  const manifest = parseManifest(text)
  if (manifest === undefined) return new Map()
  const files = manifest.files.filter(({ path }) => isBelow(folder, path))
  return new Map([...files.map(({ path, sha256 }): [string, string] => [path, sha256]), [MANIFEST, hashOf(text)]])
}

/** Hash of the file at a path; undefined when there is no file. */
async function hashAt(path: string): Promise<string | undefined> {
  return (await kindOf(path)) === 'file' ? hashOf(await readFile(path)) : undefined
}

/** Throws when something is at a path that may not be replaced. `written` is the hash of what eonc wrote there. */
async function requireReplaceable(folder: string, path: string, written: string | undefined): Promise<void> {
  const place = join(folder, path)
  const kind = await kindOf(place)
  if (kind === undefined) return
  const way = 'choose another folder, or replace it with --force'
  if (kind !== 'file' || written === undefined) {
    const what = kind === 'folder' ? 'is a folder that' : 'exists and'
    throw new OutputError(`${place} ${what} was not written by eonc: ${kind === 'folder' ? 'choose another' : way}`)
  }
  if ((await hashAt(place)) !== written) {
    throw new OutputError(`${place} was changed since eonc wrote it: move it away, or replace it with --force`)
  }
}

/** What has to be done for a folder to hold these files, what is there already left out. Throws where anything is in the way. */
async function planOf(
  folder: string,
  files: readonly OutputFile[],
  { force = false }: WriteOptions,
): Promise<ReplacePlan> {
  const written = await writtenFiles(folder)
  const write: string[] = []
  for (const { path, contents } of files) {
    if (!isBelow(folder, path)) throw new OutputError(`"${path}" leaves the output folder`)
    const found = await hashAt(join(folder, path))
    if (found === hashOf(contents)) continue
    if (!force || (await kindOf(join(folder, path))) === 'folder')
      await requireReplaceable(folder, path, written.get(path))
    write.push(path)
  }
  const kept = new Set(files.map(({ path }) => path))
  const stale: string[] = []
  for (const [path, hash] of written) {
    // what was changed is someone's own now, and stays
    if (!kept.has(path) && ((await hashAt(join(folder, path))) === hash || (force && path !== MANIFEST)))
      stale.push(path)
  }
  return { write, remove: stale }
}

/**
 * Writes the files of an output to a folder, all or none. They are staged in a folder within it, and then take the place of
 * what eonc wrote there before; those that are the same are left alone, and so are files of anyone else. A file in the way
 * that eonc did not write, or that was changed since, is an error unless `force` is set. A run that was killed is completed,
 * or cleaned up, by the next one. Throws an OutputError.
 */
export async function writeOutput(
  folder: string,
  files: readonly OutputFile[],
  options: WriteOptions = {},
): Promise<void> {
  const target = resolve(folder)
  const found = await stat(target).catch(() => undefined)
  if (found?.isDirectory() === false) throw new OutputError(`${target} is a file, not a folder`)
  let created: string | undefined
  let owned = false
  try {
    created = await makeFolder(target)
    const left = await takeWork(target)
    const work = join(target, WORK)
    // what cannot be completed now is left for another run
    if (left !== undefined) await complete(target, left)
    owned = true
    const plan = await planOf(target, files, options)
    for (const { path, contents } of files) {
      if (plan.write.includes(path)) await fs.outputFile(stagedPath(work, path), contents)
    }
    await replaceFiles(target, work, plan)
    await rm(work, { recursive: true })
  } catch (error) {
    // a folder that was not there before is not there after
    if (owned) await rm(created ?? join(target, WORK), { recursive: true, force: true }).catch(() => undefined)
    else if (created !== undefined)
      await removeEmptyFolders(dirname(created), [relative(dirname(created), join(target, MANIFEST))])
    if (error instanceof OutputError) throw error
    throw new OutputError(`${target} cannot be written: ${reasonOf(error)}`)
  }
}
