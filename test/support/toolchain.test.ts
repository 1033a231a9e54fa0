import t from 'tap'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { findTool, projectRoot, requireTool, run, runOrThrow, skipWithout } from './toolchain.js'

t.test('programs are found on PATH', async (t) => {
  t.ok(existsSync(join(projectRoot, 'package.json')))
  t.match(findTool('node'), /node$/)
  t.equal(skipWithout('node'), false)
})

t.test('a missing program skips a test, but not in CI', async (t) => {
  const { CI } = process.env
  t.teardown(() => (CI === undefined ? delete process.env['CI'] : (process.env['CI'] = CI)))
  delete process.env['CI']
  t.equal(requireTool('no-such-tool'), undefined)
  t.equal(skipWithout('node', 'no-such-tool'), 'not installed: no-such-tool')
  process.env['CI'] = '1'
  t.throws(() => requireTool('no-such-tool'), /no-such-tool is not installed/)
})

t.test('run gives status and output, and takes input', async (t) => {
  const script =
    'process.stdin.on("data", (d) => console.log(`${d}`)).on("end", () => { console.error("err"); process.exit(3) })'
  t.strictSame(await run('node', ['-e', script], { input: 'text' }), { status: 3, stdout: 'text\n', stderr: 'err\n' })
  await t.rejects(runOrThrow('node', ['-e', script]), /status 3\n.*err/)
})

t.test('run rejects what hangs or is not there', async (t) => {
  await t.rejects(run('node', ['-e', 'setInterval(() => 0, 1000)'], { timeoutMs: 200 }), /stopped after 200 ms/)
  await t.rejects(run('no-such-tool', []), /ENOENT/)
})
