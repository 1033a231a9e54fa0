/**
 * What a user finds in the emitted folder, as documents in `expected/`; with `UPDATE_GOLDEN=1` they are written anew.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import t from 'tap'
import { compile, version } from '../../../src/index.js'
import { tinyModel } from '../../../test/cli/command.js'
import { projectRoot } from '../../../test/support/toolchain.js'
import { ownModel } from './cmake-project.js'

const EXPECTED = join(projectRoot, 'plugins/cmake/test/expected')
const DOCUMENTS = ['CMakeLists.txt', 'README.md', 'example/CMakeLists.txt', 'example/main.cpp']

const compiled = await compile(tinyModel, { name: 'tiny', target: 'cmake' })
const files = new Map(compiled.ok ? compiled.files.map(({ path, contents }) => [path, contents.toString()]) : [])

for (const path of DOCUMENTS) {
  t.test(`${path} is as expected`, async (t) => {
    const text = files.get(path)?.replaceAll(version, '<version>') ?? ''
    const expected = join(EXPECTED, `${path}.txt`)
    if (process.env['UPDATE_GOLDEN'] === '1') {
      await mkdir(dirname(expected), { recursive: true })
      await writeFile(expected, text)
    }
    t.equal(text, await readFile(expected, 'utf8'))
  })
}

t.test('all that the project needs is in it, under the free licence', async (t) => {
  t.match(files.get('LICENSE'), /^MIT No Attribution\n/)
  for (const [path, text] of files) {
    if (/\.(cpp|h)$/.test(path)) t.match(text, /SPDX-License-Identifier: MIT-0/, path)
    t.ok(text.endsWith('\n') && !/[ \t]\n|\r|\t/.test(text), `${path} has no stray white space`)
  }
})

t.test('the README says what the compiler knows of a real model', async (t) => {
  const model = await readFile(ownModel('keyword_cnn2d_int8').path)
  const result = await compile(model, { name: 'keyword', target: 'cmake' })
  if (!result.ok) return t.fail('it compiles', result)
  const readme = result.files.find(({ path }) => path === 'README.md')?.contents.toString() ?? ''
  const { facts } = result
  t.match(readme, `| RAM | ${facts.contextBytes} bytes`)
  t.match(readme, `| ROM | ${facts.constantBytes} bytes`)
  t.match(readme, facts.modelHash)
  for (const { name, kernel } of facts.operators)
    t.match(readme, new RegExp(`\\| \`${name}\` \\| .+ \\| \`${kernel}\``))
})
