// Random models against the oracle, more than in the tests. Usage: npm run fuzz [-- --count 5000] [--seed 7]
// Prints what was covered; what fails is made smaller and saved in build/fuzz/failures/.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = fileURLToPath(new URL('..', import.meta.url))
const { values } = parseArgs({
  options: { count: { type: 'string', default: '5000' }, seed: { type: 'string', default: String(Date.now() % 1e9) } },
})
for (const [name, value] of Object.entries(values)) {
  if (!/^\d{1,9}$/.test(value)) {
    console.error(`--${name} is a number: ${value}`)
    process.exit(2)
  }
}
console.log(`${values.count} graphs of seed ${values.seed}`)
const options = ['--disable-coverage', '--allow-empty-coverage', '--timeout=0', '--reporter=tap']
const tap = spawn(join(root, 'node_modules/.bin/tap'), [...options, 'test/fuzz/random-graphs.test.ts'], {
  cwd: root,
  env: {
    ...process.env,
    EONC_PYTHON: process.env.EONC_PYTHON ?? join(root, 'build/python/bin/python3'),
    EONC_FUZZ_GRAPHS: values.count,
    EONC_SEED: values.seed,
  },
  stdio: ['ignore', 'pipe', 'inherit'],
})
// One line a graph that is fine would bury those that are not.
createInterface({ input: tap.stdout }).on('line', (line) => {
  if (!/^ *ok /.test(line)) console.log(line)
})
tap.on('close', (status) => {
  process.exitCode = status ?? 1
})
