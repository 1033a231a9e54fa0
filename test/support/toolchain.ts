import { execFile } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's folder, from the sources as well as from `dist/`. */
export const projectRoot = findRoot(dirname(fileURLToPath(import.meta.url)))

function findRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : findRoot(dirname(folder))
}

/** The warnings under which generated code compiles without one, for gcc and clang. */
export const strictWarnings: readonly string[] = [
  '-Wall',
  '-Wextra',
  '-Wconversion',
  '-Wshadow',
  '-Wundef',
  '-Wdouble-promotion',
  '-Werror',
]

/** The full path of a program on PATH; undefined when there is none. */
export function findTool(name: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * The full path of a program that a test needs; undefined when it is missing, for the caller to skip the test.
 * @throws Error in CI (environment variable CI set), where nothing may be skipped.
 */
export function requireTool(name: string): string | undefined {
  const path = findTool(name)
  if (path === undefined && process.env['CI']) throw new Error(`${name} is not installed, and CI skips no test`)
  return path
}

/** The value of tap's `skip` option for a test that needs these programs: false, or what is missing. Throws in CI. */
export function skipWithout(...names: readonly string[]): string | false {
  const missing = names.filter((name) => requireTool(name) === undefined)
  return missing.length > 0 && `not installed: ${missing.join(', ')}`
}

/** How a program ended. */
export interface RunResult {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly cwd?: string
  /** After this long the program is killed; five minutes unless told. */
  readonly timeoutMs?: number
  /** Text or bytes for its standard input, which is empty unless told. */
  readonly input?: string | Uint8Array
  readonly env?: Readonly<Record<string, string | undefined>>
}

/**
 * Runs a program to its end, without a shell.
 * @throws Error when it cannot be started, exceeds its time, or is ended by a signal.
 */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const { cwd, timeoutMs = 300_000, input = '', env } = options
  return new Promise((resolve, reject) => {
    const settings = {
      cwd,
      timeout: timeoutMs,
      killSignal: 'SIGKILL' as const,
      maxBuffer: 256 * 1024 * 1024,
      ...(env && { env: { ...process.env, ...env } }),
    }
    const child = execFile(command, args, settings, (error, stdout, stderr) => {
      if (error === null) return resolve({ status: 0, stdout, stderr })
      if (typeof error.code === 'number') return resolve({ status: error.code, stdout, stderr })
      const reason = error.killed ? `was stopped after ${timeoutMs} ms` : (error.signal ?? error.message)
      reject(new Error(`${[command, ...args].join(' ')}: ${reason}\n${stdout}${stderr}`))
    })
    child.stdin?.on('error', () => undefined) // The program may end without reading its input.
    child.stdin?.end(input)
  })
}

/** Like `run`, and throws with all that the program printed when its status is not 0. */
export async function runOrThrow(command: string, args: readonly string[], options?: RunOptions): Promise<RunResult> {
  const result = await run(command, args, options)
  if (result.status === 0) return result
  throw new Error(`${[command, ...args].join(' ')}: status ${result.status}\n${result.stdout}${result.stderr}`)
}
