import { basename } from 'node:path'
import type { Diagnostic } from './ir/index.js'

const MAX_LENGTH = 40

/**
 * Headers of C and its libraries, by their names before `.h`: a model's folder is searched before the system's, and a
 * `string.h` in it would be included in place of the real one.
 */
const SYSTEM_HEADERS: ReadonlySet<string> = new Set(
  (
    'alloca assert complex ctype dirent endian errno fcntl features fenv float getopt ieeefp inttypes iso646 ' +
    'libgen limits locale malloc math memory newlib picolibc poll process pthread reent regex sched search ' +
    'semaphore setjmp signal stdalign stdarg stdatomic stdbool stdckdint stddef stdint stdio stdlib ' +
    'stdnoreturn string strings tgmath threads time uchar unistd utime wchar wctype windows xlocale'
  ).split(' '),
)

const isName = (text: string): boolean =>
  /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(text) &&
  text.length <= MAX_LENGTH &&
  !text.startsWith('eonc') &&
  !SYSTEM_HEADERS.has(text)

/** Why a name cannot prefix C symbols and name a header; empty when it can. */
export function nameDiagnostics(name: string): readonly Diagnostic[] {
  if (isName(name)) return []
  return [
    {
      severity: 'error',
      code: 'BAD_OPTION',
      rule: SYSTEM_HEADERS.has(name)
        ? 'The name is not that of a header of the system'
        : `A name is a lower-case letter followed by lower-case letters, digits and single underscores, at most ${MAX_LENGTH}, and does not start with eonc`,
      found: JSON.stringify(name),
      help: 'Choose another with --name, such as --name kws.',
    },
  ]
}

/** A name made of a model's file name: `My Model-2.tflite` gives `my_model_2`. */
export function modelNameOf(path: string): string {
  const words = basename(path)
    .replace(/\.tflite$/i, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
  const joined = (parts: readonly string[]): string => parts.join('_').slice(0, MAX_LENGTH).replace(/_$/, '')
  const name = joined(words)
  return isName(name) ? name : joined(['model', ...words])
}
