import { execFile } from 'node:child_process'

/** How a program ended: its status, or why there is none, and what it printed. */
export interface Ended {
  readonly status: number | string
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program to its end, without a shell; after a time it is killed. */
export function runProgram(command: string, args: readonly string[], timeoutMs = 600_000): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: 2 ** 28 } as const
    const child = execFile(command, args, options, (error, stdout, stderr) => {
      const status = error === null ? 0 : (error.code ?? error.signal ?? error.message)
      resolve({ status, stdout, stderr })
    })
    child.stdin?.end()
  })
}
