import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { isatty } from 'node:tty'
import colors from 'picocolors'
import { type Diagnostic, formatDiagnostic, InternalError, MAX_MODEL_BYTES, OutputError } from '../index.js'

/** Exit status when the model cannot be compiled, or a file cannot be read or written. */
export const MODEL_ERROR = 1
/** Exit status of a wrong usage. */
export const USAGE_ERROR = 2

/** A problem that the user can solve, with a sentence that says what it is. */
export class UserError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'UserError'
  }
}

/** Prints what ended a command, and sets the exit status. */
export function fail(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error)
  const known = error instanceof UserError || error instanceof OutputError || error instanceof InternalError
  const { red } = colorsOf(process.stderr)
  process.stderr.write(
    `${red('error')}: ${known ? message : `${message}\nThis is a defect of eonc: please report it with the model.`}\n`,
  )
  process.exitCode = MODEL_ERROR
}

type Stream = NodeJS.WriteStream & { readonly fd: number }

/** Colours of a stream: none where it is no terminal, or where the environment says so (NO_COLOR). */
export function colorsOf(stream: Stream): ReturnType<typeof colors.createColors> {
  return colors.createColors(isatty(stream.fd) && colors.isColorSupported)
}

/** Prints diagnostics. Sets the exit status when one is an error: of the usage when it is about the command. */
export function report(diagnostics: readonly Diagnostic[], stream: Stream = process.stderr): void {
  const { red, yellow, dim } = colorsOf(stream)
  for (const diagnostic of diagnostics) {
    const text = formatDiagnostic(diagnostic)
      .split('\n')
      .map(printable)
      .join('\n')
      .replace(/^\w+ \w+/, diagnostic.severity === 'error' ? red : yellow)
      .replace(/^ {2}(at|found:)/gm, (label) => dim(label))
    stream.write(`${text}\n`)
    if (diagnostic.severity !== 'error') continue
    process.exitCode = /^BAD_(OPTION|TARGET)$/.test(diagnostic.code) ? USAGE_ERROR : MODEL_ERROR
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be read',
}

const LARGE = `it is larger than ${MAX_MODEL_BYTES / 2 ** 20} MiB`

/** The bytes of a model file, or of a pipe. */
export async function readModelFile(path: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  try {
    // a device or a pipe has no size, and may never end: so what is read is bounded as well
    if ((await stat(path)).size > MAX_MODEL_BYTES) throw new UserError(`${path} cannot be read: ${LARGE}`)
    for await (const chunk of createReadStream(path, { end: MAX_MODEL_BYTES })) chunks.push(chunk as Uint8Array)
  } catch (error) {
    if (error instanceof UserError) throw error
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new UserError(`${path} cannot be read: ${REASONS[code] ?? code}`)
  }
  const model = Buffer.concat(chunks)
  if (model.length > MAX_MODEL_BYTES) throw new UserError(`${path} cannot be read: ${LARGE}`)
  return model
}

/** A number with thousands separated, as in `1,234`. */
export function grouped(value: number): string {
  return value.toLocaleString('en-US')
}

/** A shape as in `1x49x10x1`. */
export function shapeText(shape: readonly number[]): string {
  return shape.length === 0 ? 'scalar' : shape.join('x')
}

/** Text of a model file without control characters: names are anybody's, and must not command the terminal. */
export function printable(text: string): string {
  return text.replace(/[\x00-\x1f\x7f-\x9f]/g, '?')
}
