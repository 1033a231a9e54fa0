import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { type Diagnostic, DiagnosticsError } from '../ir/index.js'

/** A program that code is built, looked into or run with. */
export type Tool = `arm-none-eabi-${'gcc' | 'objdump' | 'size' | 'nm'}` | 'qemu-system-arm'

type Failure = NodeJS.ErrnoException & { readonly stdout?: string; readonly stderr?: string; readonly killed?: boolean }

const run = promisify(execFile)

/** What a tool prints, its standard output unless told. Throws a DiagnosticsError when it is missing or fails. */
export async function runTool(
  tool: Tool,
  args: readonly string[],
  {
    cwd,
    timeoutMs,
    both = false,
  }: { readonly cwd?: string; readonly timeoutMs?: number; readonly both?: boolean } = {},
): Promise<string> {
  try {
    const { stdout, stderr } = await run(tool, [...args], {
      maxBuffer: 2 ** 28,
      env: { ...process.env, LC_ALL: 'C' },
      ...(cwd !== undefined && { cwd }),
      ...(timeoutMs !== undefined && { timeout: timeoutMs, killSignal: 'SIGKILL' }),
    })
    return both ? stdout + stderr : stdout
  } catch (error) {
    throw new DiagnosticsError([toolDiagnostic(tool, error as Failure)])
  }
}

function toolDiagnostic(tool: Tool, error: Failure): Diagnostic {
  if (error.code === 'ENOENT') return missing(tool)
  const lines = `${error.stderr ?? ''}\n${error.stdout ?? ''}`.split('\n').filter((line) => line !== '')
  const telling = lines.find((line) => /\berror\b|cannot|undefined|overflowed|is left for|fault/.test(line))
  return {
    severity: 'error',
    code: 'TOOL_FAILED',
    ...(tool === 'qemu-system-arm'
      ? {
          rule: `${tool} runs the model's code`,
          found: error.killed === true ? 'no end' : (telling ?? lines[0] ?? error.message),
          help: 'Report it with the model: generated code ends, and gives no error.',
        }
      : {
          rule: `${tool} builds the model's code`,
          found: telling ?? lines[0] ?? error.message,
          help: 'Look at the flags that were given, and whether the toolchain has newlib-nano for this processor.',
        }),
  }
}

const missing = (tool: Tool): Diagnostic => ({
  severity: 'error',
  code: 'MISSING_TOOL',
  ...(tool === 'qemu-system-arm'
    ? {
        rule: 'Instructions are counted by the emulator QEMU',
        found: `no ${tool} on PATH`,
        help: 'Install it: the package qemu-system-arm on Debian.',
      }
    : {
        rule: 'Stack and instructions are measured with the GNU tools for Arm',
        found: `no ${tool} on PATH`,
        help: 'Install them: the packages gcc-arm-none-eabi, libnewlib-arm-none-eabi on Debian, or the Arm GNU Toolchain.',
      }),
})
