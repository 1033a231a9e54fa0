import { readFile } from 'node:fs/promises'
import colors from 'picocolors'
import { type Diagnostic, formatDiagnostic, OutputError } from '../index.js'

/** Exit status when the model cannot be compiled, or a file cannot be read or written. */
export const MODEL_ERROR = 1
/** Exit status of a wrong usage. */
export const USAGE_ERROR = 2

/** A problem that the user can solve, with a sentence that says what it is. */
export class UserError extends Error {
  constructor(
    message: string,
    readonly status = MODEL_ERROR,
  ) {
    super(message)
    this.name = 'UserError'
  }
}

/** Prints what ended a command, and sets the exit status. */
export function fail(error: unknown): void {
  const known = error instanceof UserError || error instanceof OutputError
  const message = error instanceof Error ? error.message : String(error)
  const { red } = colors.createColors(useColor(process.stderr))
  process.stderr.write(
    `${red('error')}: ${known ? message : `${message}\nThis is a defect of eonc: please report it with the model.`}\n`,
  )
  process.exitCode = error instanceof UserError ? error.status : MODEL_ERROR
}

function useColor(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY && colors.isColorSupported
}

/** Colours of a stream: none where it is no terminal. */
export function colorsOf(stream: NodeJS.WriteStream): ReturnType<typeof colors.createColors> {
  return colors.createColors(useColor(stream))
}

/** Prints diagnostics to the standard error. Sets the exit status when one is an error. */
export function report(diagnostics: readonly Diagnostic[]): void {
  const { red, yellow, dim } = colorsOf(process.stderr)
  for (const diagnostic of diagnostics) {
    process.stderr.write(`${formatDiagnostic(diagnostic, { error: red, notice: yellow, detail: dim })}\n`)
  }
  if (diagnostics.some(({ severity }) => severity === 'error')) process.exitCode = MODEL_ERROR
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be read',
  ERR_FS_FILE_TOO_LARGE: 'it is larger than 2 GiB',
}

/** The bytes of a model file. */
export async function readModelFile(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    throw new UserError(`${path} cannot be read: ${REASONS[code] ?? code}`)
  }
}

/** A number with thousands separated, as in `1,234`. */
export function grouped(value: number): string {
  return value.toLocaleString('en-US')
}
