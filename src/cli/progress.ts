import { isatty } from 'node:tty'
import type { Progress } from '../index.js'

/** Work that is done sooner shows nothing. */
const PATIENCE_MS = 1000
/** A terminal is not written to more often. */
const PAUSE_MS = 100
const CLEAR = '\r\u001b[K'

const LABELS: Readonly<Record<Progress['phase'], string>> = {
  stages: 'looking for stages',
  memory: 'packing the memory',
  stack: 'building for processors',
  bench: 'building and running',
}

/** Whether the standard error is a terminal that a person looks at, and that can take a line back. */
const isWatched = (): boolean =>
  isatty(process.stderr.fd) && process.env['TERM'] !== 'dumb' && (process.env['CI'] ?? '') === ''

/**
 * Does a work, and shows how far it is on the standard error: only where that is a terminal, and only when it takes long.
 * Nothing of it is left at the end, and what else is written meanwhile begins with what the function `clear` gives. With
 * `quiet` there is nothing at all.
 */
export async function withProgress<Result>(
  { quiet = false }: { readonly quiet?: boolean | undefined },
  work: (
    options: { readonly onProgress?: (progress: Progress) => void },
    clear: () => string,
  ) => Result | Promise<Result>,
): Promise<Result> {
  if (quiet || !isWatched()) return work({}, () => '')
  let next = Date.now() + PATIENCE_MS
  let clear = ''
  const onProgress = ({ phase, done, of }: Progress): void => {
    if (Date.now() < next) return
    process.stderr.write(`${CLEAR}${LABELS[phase]}: ${Math.floor((100 * done) / of)} %`)
    clear = CLEAR
    next = Date.now() + PAUSE_MS
  }
  try {
    return await work({ onProgress }, () => clear)
  } finally {
    process.stderr.write(clear)
  }
}
