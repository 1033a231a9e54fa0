import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { projectRoot, runOrThrow } from '../support/toolchain.js'

const folder = join(projectRoot, 'build/test/closing-line')
mkdirSync(folder, { recursive: true })

async function closingLine(name: string, ...lines: readonly string[]): Promise<string> {
  const file = join(folder, `${name}.tap`)
  writeFileSync(file, ['TAP version 14', ...lines, '# time=3ms', ''].join('\n'))
  const { stdout } = await runOrThrow(process.execPath, [join(projectRoot, 'tools/closing-line.mjs'), file])
  return stdout
}

t.test('the closing line is plain when all passed', async (t) => {
  t.equal(await closingLine('passed', '# { total: 7, pass: 7 }'), '7 passed, 0 failed\n')
})

t.test('the closing line counts what failed, and what was skipped or is still to do', async (t) => {
  const totals = '# { total: 16, pass: 9, fail: 1, skip: 4, todo: 2 }'
  t.equal(await closingLine('mixed', totals), '9 passed, 1 failed, 6 skipped\n')
})

t.test('only the totals of the whole run count', async (t) => {
  const nested = ['    # { total: 1, fail: 1 }', '# { total: 3, pass: 3 }', '# { total: 5, pass: 4, skip: 1 }']
  t.equal(await closingLine('nested', ...nested), '4 passed, 0 failed, 1 skipped\n')
})

t.test('a run that broke off has passed nothing', async (t) => {
  t.equal(await closingLine('broken'), '0 passed, 0 failed\n')
})
