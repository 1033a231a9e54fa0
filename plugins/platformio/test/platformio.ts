import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { eonc } from '../../../test/cli/command.js'
import { projectRoot, run, type RunResult, skipWithout } from '../../../test/support/toolchain.js'

const environment = join(projectRoot, 'build/platformio')
const tests = join(projectRoot, 'plugins/platformio/test')
const python = join(environment, 'bin/python3')

/** The value of tap's `skip` option for tests that need PlatformIO and these programs. */
export function skipWithoutPlatformio(...tools: readonly string[]): string | false {
  if (existsSync(python)) return skipWithout(...tools)
  if (process.env['CI']) throw new Error('PlatformIO is not installed, and CI skips no test')
  return 'not installed: PlatformIO, by tools/setup.sh'
}

/** The projects that use compiled models, each as a user would write it. */
export const consumers = join(tests, 'consumer')

const settings = {
  PLATFORMIO_CORE_DIR: join(environment, 'core'),
  PLATFORMIO_SETTING_ENABLE_TELEMETRY: 'no',
  PLATFORMIO_NO_ANSI: 'true',
  SPDX_LICENSE_IDS: join(projectRoot, 'node_modules/spdx-license-ids/index.json'),
  // what PlatformIO does not find here it looks for in its registry: let that fail at once
  HTTPS_PROXY: 'http://127.0.0.1:9',
  HTTP_PROXY: 'http://127.0.0.1:9',
}

/** Runs the command `pio`, of which no step needs the network; its list of licences is npm's. */
export function pio(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<RunResult> {
  return run(python, [join(tests, 'pio.py'), ...args], { env: { ...settings, ...env }, timeoutMs: 120_000 })
}

/** The same; throws with all that it printed when its status is not 0. */
export async function pioOrThrow(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<RunResult> {
  const result = await pio(args, env)
  if (result.status === 0) return result
  throw new Error(`pio ${args.join(' ')}: status ${result.status}\n${result.stdout}${result.stderr}`)
}

/** Runs a script of the tests in PlatformIO's Python. */
export function runPython(script: string, args: readonly string[]): Promise<RunResult> {
  return run(python, [join(tests, script), ...args], { env: settings })
}

/** Compiles a model file by the command, as `name` to `folder`. */
export async function emitLibrary(
  path: string,
  name: string,
  folder: string,
  options: readonly string[] = [],
): Promise<void> {
  const args = ['compile', path, '--name', name, '--target', 'platformio', '--out', folder, ...options]
  const { status, stderr } = await eonc(args)
  if (status !== 0) throw new Error(stderr)
}

/** Lines of `platformio.ini` for an environment that builds for this machine. */
export const HOST = ['[env:host]', `platform = symlink://${tests}/platforms/host`]

/** The same for a Cortex-M4F in QEMU. */
export const CORTEX_M4 = [
  '[env:m4]',
  `platform = symlink://${tests}/platforms/qemu`,
  'board = mps2_an386',
  `custom_board_folder = ${join(projectRoot, 'examples/cortex-m4')}`,
]

/** How `pio test` runs its program in QEMU. */
export const TEST_IN_QEMU = [
  'test_testing_command =',
  ...['qemu-system-arm', '-M', 'mps2-an386', '-display', 'none', '-monitor', 'none', '-serial', 'none'].map(
    (word) => `  ${word}`,
  ),
  ...['-semihosting-config', 'enable=on,target=native', '-kernel'].map((word) => `  ${word}`),
  '  ${platformio.build_dir}/${this.__env__}/firmware.elf',
]

/** Makes a project: `platformio.ini` of these lines, and files by their paths. */
export async function makeProject(
  folder: string,
  lines: readonly string[],
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<void> {
  for (const [path, contents] of Object.entries({ ...files, 'platformio.ini': `${lines.join('\n')}\n` })) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), contents)
  }
}
