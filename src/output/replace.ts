import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { isBelow, kindOf, makeFolder, removeEmptyFolders } from './files.js'
import { LEFT } from './lock.js'

/** What is to become of the files of an output: a plan that is on the disk before the first of them is touched. */
const PLAN = z.object({ write: z.array(z.string()), remove: z.array(z.string()) })
export type ReplacePlan = z.infer<typeof PLAN>

/** Within a work folder: the new files, what they replace, and the plan, whose presence says that all of them are there. */
const NEW = 'new'
const OLD = 'old'
const COMMIT = 'commit.json'

/** Where a work folder holds a new file. */
export const stagedPath = (work: string, path: string): string => join(work, NEW, path)

/** Moves a file and makes the folder for it; gives what undoes that. */
async function move(from: string, to: string): Promise<() => Promise<void>> {
  const made = await makeFolder(dirname(to))
  try {
    await rename(from, to)
  } catch (error) {
    if (made !== undefined) await rm(made, { recursive: true })
    throw error
  }
  return async () => {
    await rename(to, from)
    if (made !== undefined) await rm(made, { recursive: true })
  }
}

/** Keeps what is at a path, which stays there where the disk knows links: so a file is replaced in one step. */
async function keep(path: string, backup: string): Promise<() => Promise<void>> {
  await makeFolder(dirname(backup))
  await link(path, backup).catch(() => rename(path, backup))
  return () => rename(backup, path)
}

/**
 * Puts the staged files of a work folder in their places and removes those that are to go. What fails half-way is undone;
 * what is killed half-way is completed by `complete`.
 */
export async function replaceFiles(folder: string, work: string, plan: ReplacePlan): Promise<void> {
  await writeFile(join(work, 'plan'), JSON.stringify(plan))
  await rename(join(work, 'plan'), join(work, COMMIT))
  const undo: (() => Promise<void>)[] = []
  try {
    for (const path of [...plan.remove, ...plan.write]) {
      const kind = await kindOf(join(folder, path))
      if (kind === 'file' || kind === 'other') undo.unshift(await keep(join(folder, path), join(work, OLD, path)))
      if (plan.write.includes(path)) undo.unshift(await move(stagedPath(work, path), join(folder, path)))
      else await rm(join(folder, path), { force: true })
    }
  } catch (error) {
    for (const step of undo) await step()
    await rm(join(work, COMMIT), { force: true })
    throw error
  }
  await removeEmptyFolders(folder, plan.remove)
}

/** Completes what a run has left that was killed: the new files take their places if all of them had been staged. */
export async function complete(folder: string, left: string): Promise<void> {
  // that run may have been killed while it completed another one
  if ((await kindOf(join(left, LEFT))) === 'folder') await complete(folder, join(left, LEFT))
  const text = await readFile(join(left, COMMIT), 'utf8').catch(() => undefined)
  if (text === undefined) return
  const { write, remove } = PLAN.parse(JSON.parse(text))
  for (const path of remove.filter((path) => isBelow(folder, path))) {
    if ((await kindOf(join(folder, path))) === 'file') await rm(join(folder, path))
  }
  for (const path of write.filter((path) => isBelow(folder, path))) {
    // one that is not there any more is in its place
    if ((await kindOf(stagedPath(left, path))) !== undefined) await move(stagedPath(left, path), join(folder, path))
  }
  await removeEmptyFolders(folder, remove)
}
