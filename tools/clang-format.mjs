// Checks or writes the format of the project's C and C++. Usage: node tools/clang-format.mjs --check | --write
// Without clang-format on this machine nothing is done, except in CI, where that is a failure.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { globSync } from 'glob'

const SOURCES = [
  'src/kernels/**/*.h',
  'src/measure/**/*.{c,h}',
  'test/**/*.{c,h,cpp}',
  'plugins/**/*.{c,h,cpp}',
  'examples/**/*.{c,h}',
  'arduino/**/*.{c,h,cpp}',
]
const MODES = { '--check': ['--dry-run', '-Werror'], '--write': ['-i'] }

const mode = MODES[process.argv[2]]
if (mode === undefined) {
  console.error(`usage: node tools/clang-format.mjs ${Object.keys(MODES).join(' | ')}`)
  process.exit(2)
}

const root = fileURLToPath(new URL('..', import.meta.url))
const files = globSync(SOURCES, { cwd: root, posix: true }).sort()
const { error, status } =
  files.length > 0 ? spawnSync('clang-format', [...mode, ...files], { cwd: root, stdio: 'inherit' }) : { status: 0 }
if (error?.code === 'ENOENT') {
  console.error(`clang-format is not installed: ${files.length} C and C++ files not looked at`)
  process.exit(process.env.CI ? 1 : 0)
}
if (error) throw error
process.exit(status ?? 1)
