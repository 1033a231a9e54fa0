import { readFileSync } from 'node:fs'
import t from 'tap'
import { projectRoot, run, skipWithout } from './support/toolchain.js'

const readme = readFileSync(`${projectRoot}/README.md`, 'utf8')

/** The commands of a quick start of the README, and the definition of `eonc` that stands before them. */
function commands(name: string): string {
  const [, block] = new RegExp(`<!-- quick-start: ${name} -->\n+\`\`\`sh\n([^\`]*)\`\`\``).exec(readme) ?? []
  if (block === undefined) throw new Error(`the README has no quick start for ${name}`)
  const [definition = ''] = /^eonc\(\) .*$/m.exec(readme) ?? []
  return `${definition}\n${block}`
}

t.test('the quick start for the host works when it is pasted', { skip: skipWithout('cmake', 'g++') }, async (t) => {
  const { status, stdout, stderr } = await run('bash', ['-euc', commands('host')], { cwd: projectRoot })
  t.equal(status, 0, stderr)
  t.match(stdout, /output 0\[9\] = -?\d+/)
})

const firmwareTools = skipWithout('cmake', 'arm-none-eabi-gcc', 'qemu-system-arm')
t.test('the quick start for a Cortex-M4 works when it is pasted', { skip: firmwareTools }, async (t) => {
  const { status, stdout, stderr } = await run('bash', ['-euc', commands('cortex-m4')], { cwd: projectRoot })
  t.equal(status, 0, stderr)
  t.match(stdout, /9: -?\d+/)
  t.match(stdout, /\d+ bytes of RAM/)
  t.match(stdout, /100% tests passed/)
})

t.test(
  'the quick start for WebAssembly works when it is pasted',
  { skip: skipWithout('clang', 'wasm-ld') },
  async (t) => {
    const { status, stdout, stderr } = await run('bash', ['-euc', commands('wasm')], {
      cwd: projectRoot,
      env: { NODE_OPTIONS: undefined },
    })
    t.equal(status, 0, stderr)
    t.match(stdout, /\{ index: \d, label: '\w+', value: [\d.]+ \}/)
  },
)
