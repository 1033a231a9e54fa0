// All checks of the project, and `N passed, N failed` as the last line. Usage: npm test [-- [--long] [PATH ...]]
//   PATH    run only these test files, or those in these folders, without the checks of format and lint
//   --long  also what takes too long for every day (EONC_LONG=1 in the tests)
// Formatting, lint, types and build count as one test each; of the others every assertion counts.
import { spawn, spawnSync } from 'node:child_process'
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { globSync } from 'glob'
import { closingLine, tally } from './closing-line.mjs'
import { tapDigest } from './tap-digest.mjs'

const TESTS = ['test/**/*.test.ts', 'plugins/**/test/**/*.test.ts']
const TAP_FILE = 'build/test.tap'
const STYLE_CHECKS = ['format:check', 'lint']
const BUILD_CHECKS = ['typecheck', 'build', 'docs:check']

const root = fileURLToPath(new URL('..', import.meta.url))
const { values, positionals } = parseArgs({ options: { long: { type: 'boolean' } }, allowPositionals: true })
const env = {
  ...process.env,
  EONC_PYTHON: process.env.EONC_PYTHON ?? join(root, 'build/python/bin/python3'),
  ...(values.long && { EONC_LONG: '1' }),
}

const tests = findTests(positionals)
const checks = positionals.length > 0 ? BUILD_CHECKS : [...STYLE_CHECKS, ...BUILD_CHECKS]
const counts = { passed: 0, failed: 0, skipped: 0 }
for (const check of checks) {
  if (runCheck(check)) counts.passed += 1
  else counts.failed += 1
}
if (tests.length > 0) add(await runTap(tests))
else console.error(`no test matches ${positionals.join(' ')}`)
console.log(closingLine(counts))
process.exitCode = counts.failed > 0 || tests.length === 0 || (process.env.CI && counts.skipped > 0) ? 1 : 0

function findTests(paths) {
  const files = globSync(TESTS, { cwd: root, posix: true }).sort()
  if (paths.length === 0) return files
  const wanted = paths.map((path) => relative(root, resolve(path)))
  return files.filter((file) => wanted.some((path) => file === path || file.startsWith(`${path}/`)))
}

/** Runs a script of package.json, and says whether it succeeded. */
function runCheck(script) {
  const start = Date.now()
  const { status } = spawnSync('npm', ['run', '--silent', script], { cwd: root, env, stdio: 'inherit' })
  console.log(`${status === 0 ? 'passed' : 'FAILED'} ${script} (${((Date.now() - start) / 1000).toFixed(1)} s)`)
  return status === 0
}

/** Runs test files under tap; the digest goes to the terminal, all of the output to a file. */
async function runTap(files) {
  mkdirSync(join(root, 'build'), { recursive: true })
  const tap = spawn(join(root, 'node_modules/.bin/tap'), ['--reporter=tap', ...files], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const digest = tapDigest((line) => console.log(line))
  const output = createWriteStream(join(root, TAP_FILE))
  const ended = new Promise((done) => tap.on('close', done))
  for await (const line of createInterface({ input: tap.stdout })) {
    output.write(`${line}\n`)
    digest(line)
  }
  const status = await ended
  await new Promise((done) => output.end(done))
  const result = tally(readFileSync(join(root, TAP_FILE), 'utf8'))
  // Tap can fail with all assertions passed, or before there was any: that too must not read as success.
  const broken = (status !== 0 && result.failed === 0) || result.passed + result.failed + result.skipped === 0
  if (broken) console.error(`tap ended with status ${status}: see ${TAP_FILE}`)
  return broken ? { ...result, failed: result.failed + 1 } : result
}

function add(result) {
  for (const name of Object.keys(counts)) counts[name] += result[name]
}
