import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { kindOf } from './files.js'
import { OutputError } from './output-error.js'

/**
 * The folder, within an output, that a run works in. Who has it may change the output: it comes into being by a rename,
 * with its owner in it, which succeeds for one run alone.
 */
export const WORK = '.eonc'

/** What a run prepares to become the work folder, or has taken over of one that died: the process is in the name. */
const PREPARED = /^\.eonc-(\d+)-[0-9a-f]+$/

/** Within it: what a run has left that died. */
export const LEFT = 'left'

const OWNER = 'owner'

function isAlive(process_: number): boolean {
  try {
    process.kill(process_, 0)
    return true
  } catch (error) {
    // a process of another user is one too
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Throws when the run that has the work folder goes on; a run on another machine may. */
async function requireDead(folder: string): Promise<void> {
  const owner = await readFile(join(folder, WORK, OWNER), 'utf8').catch(() => '')
  const [id = '', host = ''] = owner.split(' ')
  if (!/^\d+$/.test(id) || (host === hostname() && !isAlive(Number(id)))) return
  const who = host === hostname() ? `process ${id}` : `process ${id} on ${host}`
  throw new OutputError(
    `${folder} is being written by another eonc (${who}). If there is none, remove ${join(folder, WORK)}`,
  )
}

/** Removes what runs have prepared that died before they had the work folder. */
async function removePrepared(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const [, id] = PREPARED.exec(name) ?? []
    if (id !== undefined && !isAlive(Number(id))) await rm(join(folder, name), { recursive: true, force: true })
  }
}

/**
 * Takes the work folder of an output, and gives the path of what a run that died has left of its own, for it to be
 * completed. Throws an OutputError when another run has it.
 */
export async function takeWork(folder: string): Promise<string | undefined> {
  const prepared = join(folder, `.eonc-${process.pid}-${randomBytes(6).toString('hex')}`)
  const work = join(folder, WORK)
  await removePrepared(folder)
  try {
    await mkdir(prepared)
    await writeFile(join(prepared, OWNER), `${process.pid} ${hostname()}`)
    let left: string | undefined
    if ((await kindOf(work)) !== undefined) {
      await requireDead(folder)
      await rename(work, join(prepared, LEFT))
      left = join(work, LEFT)
    }
    await rename(prepared, work)
    return left
  } catch (error) {
    await rm(prepared, { recursive: true, force: true }).catch(() => undefined)
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    // between looking and renaming another run was faster
    if (code === 'ENOTEMPTY' || code === 'EEXIST') await requireDead(folder)
    throw error
  }
}
