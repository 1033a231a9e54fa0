import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { writeModel } from '../support/model-writer.js'
import { inception, mobileNetV2 } from '../support/networks.js'
import { run, skipWithout } from '../support/toolchain.js'
import { COMMAND, environment, eonc, folderOfModels } from './command.js'

const skip = skipWithout('script')
const cwd = await folderOfModels('cli-progress')
await writeFile(join(cwd, 'long.tflite'), writeModel(inception()))
await writeFile(join(cwd, 'mobile.tflite'), writeModel(mobileNetV2()))
const CLEAR = '\r\u001b[K'
const terminal = { ...environment, CI: undefined, TERM: 'xterm' }
/** Planned pixel by pixel, this takes seconds. */
const LONG = ['long.tflite', '--ram', 'pixel', '--cpu', 'cortex-m0plus']

/** What `eonc` writes to a terminal. */
async function onTerminal(args: readonly string[], env: Readonly<Record<string, string | undefined>> = {}) {
  const command = [...COMMAND, ...args].join(' ')
  const options = { cwd, env: { ...terminal, ...env } }
  const { stdout, status } = await run('script', ['--quiet', '--return', '--command', command, '/dev/null'], options)
  return { text: stdout, status }
}

t.test('a long work tells how far it is, and leaves nothing of that', { skip }, async (t) => {
  const { text, status } = await onTerminal(['plan', ...LONG])
  t.equal(status, 0)
  const told = text.split(CLEAR)
  const result = told.pop() ?? ''
  t.match(result, /^\S*long\.tflite.*\r\nRAM {8}[\d,]+ bytes/)
  t.notMatch(result, '%\u001b')
  t.ok(told.length > 3, `${told.length} times`)
  t.equal(told.shift(), '')
  for (const line of told) t.match(line, /^(looking for stages|packing the memory): \d+ %$/)
  const shares = told.filter((line) => line.startsWith('looking')).map((line) => Number(/\d+/.exec(line)?.[0]))
  t.same(
    shares,
    [...shares].sort((a, b) => a - b),
  )
})

t.test('so it is when it compiles, and when it fails', { skip }, async (t) => {
  const compiled = await onTerminal(['compile', ...LONG, '--target', 'cmake', '--out', 'out'])
  t.match(compiled.text.split(CLEAR).pop(), /^\S*long\S* written to out\r\n/)
  t.ok(compiled.text.split(CLEAR).length > 3)
  const failed = await onTerminal(['check', 'mobile.tflite', '--ram', 'pixel', '--max-ram', '1k'])
  t.equal(failed.status, 1)
  t.match(failed.text.split(CLEAR).pop(), /OVER_BUDGET/)
  t.ok(failed.text.split(CLEAR).length > 3)
})

t.test('a short work says nothing of itself', { skip }, async (t) => {
  t.notMatch((await onTerminal(['plan', 'tiny.tflite'])).text, /%$|\u001b\[K/)
})

t.test('nothing is told where nobody looks', { skip }, async (t) => {
  for (const env of [{ CI: 'true' }, { TERM: 'dumb' }])
    t.notMatch((await onTerminal(['check', ...LONG], env)).text, /\u001b\[K|looking/, JSON.stringify(env))
  const json = await onTerminal(['plan', ...LONG, '--json'])
  t.equal(json.text[0], '{')
  t.notMatch(json.text, '\u001b')
  const piped = await eonc(['check', ...LONG], { cwd, env: terminal })
  t.equal(piped.stderr, '')
  t.notMatch(piped.stdout, '\u001b')
})
