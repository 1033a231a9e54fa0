// Completes `dist/` after the TypeScript compiler: adds what is not TypeScript, removes what has no source any more,
// and makes the command executable. Usage: node tools/copy-assets.mjs
import { chmodSync, copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { globSync } from 'glob'

/** What the compiler reads at run time: templates and kernels, and all of a target but its code and tests. */
const ASSETS = ['src/**/*.{ejs,h,c,ld,py,S}', 'src/kernels/LICENSE', 'plugins/**/*']
const NOT_ASSETS = ['**/*.ts', 'plugins/*/test/**']
/** What the TypeScript compiler builds. The measurements share their firmware harness with the tests. */
const SOURCES = ['src/**/*.ts', 'plugins/**/*.ts', 'bench/**/*.ts', 'test/support/*.ts']
const NOT_SOURCES = ['plugins/*/test/**', '**/*.test.ts']
const COMMAND = 'dist/src/cli/main.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const list = (patterns, ignore = []) => globSync(patterns, { cwd: root, nodir: true, dot: true, posix: true, ignore })

const assets = list(ASSETS, NOT_ASSETS)
const compiled = list(SOURCES, NOT_SOURCES).flatMap((path) =>
  ['.js', '.d.ts'].map((extension) => path.replace(/\.ts$/, extension)),
)
const expected = new Set([...assets, ...compiled].map((path) => `dist/${path}`))

for (const path of list('dist/**')) if (!expected.has(path)) rmSync(join(root, path))
for (const path of assets) {
  const target = join(root, 'dist', path)
  mkdirSync(dirname(target), { recursive: true })
  copyFileSync(join(root, path), target)
}
chmodSync(join(root, COMMAND), 0o755)
