/**
 * What a user finds in the emitted folder, as documents in `expected/`; with `UPDATE_GOLDEN=1` they are written anew.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { unzipSync } from 'fflate'
import t from 'tap'
import { compile, INPUT_MODES, version } from '../../../src/index.js'
import { COMMAND, environment, tinyModel } from '../../../test/cli/command.js'
import { emptyFolder } from '../../../test/support/folders.js'
import { projectRoot, runOrThrow, skipWithout, strictWarnings } from '../../../test/support/toolchain.js'
import { ownModel } from '../../../test/support/vectors-header.js'
import { emitLibrary, read } from './arduino.js'

const EXPECTED = join(projectRoot, 'plugins/arduino/test/expected')
const DOCUMENTS = ['library.properties', 'keywords.txt', 'README.md', 'src/eonc_tiny.h', 'examples/Tiny/Tiny.ino']

const compiled = await compile(tinyModel, { name: 'tiny', target: 'arduino' })
const files = new Map(compiled.ok ? compiled.files.map(({ path, contents }) => [path, contents]) : [])

for (const path of DOCUMENTS) {
  t.test(`${path} is as expected`, async (t) => {
    const text = files.get(path)?.toString().replaceAll(version, '<version>') ?? ''
    const expected = join(EXPECTED, `${path}.txt`)
    if (process.env['UPDATE_GOLDEN'] === '1') {
      await mkdir(dirname(expected), { recursive: true })
      await writeFile(expected, text)
    }
    t.equal(text, await readFile(expected, 'utf8'))
  })
}

t.test('the archive holds the same files in one folder', async (t) => {
  const archive = files.get('eonc_tiny.zip')
  if (!(archive instanceof Uint8Array)) return t.fail('there is an archive')
  const packed = new Map(
    Object.entries(unzipSync(archive)).map(([path, bytes]) => [path, Buffer.from(bytes).toString()]),
  )
  // the manifest is of the folder, archive included
  const expected = [...files].filter(([path]) => path !== 'eonc_tiny.zip' && path !== 'eonc.json')
  t.same([...packed.keys()].sort(), expected.map(([path]) => `eonc_tiny/${path}`).sort())
  for (const [path, contents] of expected) t.equal(packed.get(`eonc_tiny/${path}`), contents.toString(), path)
})

t.test('the archive is the same, byte for byte, in any time zone and in any year', async (t) => {
  const folder = await emptyFolder('arduino-archive')
  await writeFile(join(folder, 'tiny.tflite'), tinyModel)
  for (const TZ of ['UTC', 'Pacific/Kiritimati', 'America/Los_Angeles']) {
    const [node = '', ...command] = COMMAND
    const args = [...command, 'compile', 'tiny.tflite', '--target', 'arduino', '--out', 'out']
    await runOrThrow(node, args, { cwd: folder, env: { ...environment, TZ } })
    t.ok((await readFile(join(folder, 'out/eonc_tiny.zip'))).equals(Buffer.from(files.get('eonc_tiny.zip') ?? '')), TZ)
  }
})

t.test('what the user gives is in library.properties', async (t) => {
  const options = { libraryVersion: '2.3.4', author: 'Ada', maintainer: 'Bob', url: 'https://example.com/tiny' }
  const result = await compile(tinyModel, { name: 'tiny', target: 'arduino', targetOptions: options })
  if (!result.ok) return t.fail('it compiles', result)
  const properties = result.files.find(({ path }) => path === 'library.properties')?.contents.toString() ?? ''
  for (const line of ['version=2.3.4', 'author=Ada', 'maintainer=Bob', 'url=https://example.com/tiny']) {
    t.ok(properties.split('\n').includes(line), line)
  }
})

t.test('a value that is no line, no version or no page is refused', async (t) => {
  for (const [name, value] of [
    ['author', 'Ada\nname=other'],
    ['author', ''],
    ['maintainer', 'Bob\r'],
    ['libraryVersion', '1'],
    ['url', 'here'],
  ] as const) {
    const result = await compile(tinyModel, { name: 'tiny', target: 'arduino', targetOptions: { [name]: value } })
    t.match(result, { ok: false, diagnostics: [{ code: 'BAD_OPTION', found: RegExp(`^${name}: `) }] }, name)
  }
})

t.test('paths stay short, however long the name', async (t) => {
  const name = 'a_very_long_name_of_a_network_of_forty_ch'.slice(0, 40)
  const result = await compile(tinyModel, { name, target: 'arduino' })
  if (!result.ok) return t.fail('it compiles', result)
  for (const { path } of result.files) t.ok(path.length <= 96, `${path.length}: ${path}`)
})

t.test('the code of the README compiles in every input mode', { skip: skipWithout('g++') }, async (t) => {
  const folder = await emptyFolder('arduino-modes')
  for (const mode of INPUT_MODES) {
    const library = join(folder, mode)
    await emitLibrary(ownModel('keyword_cnn2d_int8').path, 'keyword', library, ['--input', mode])
    const [, code = ''] = /```cpp\n([^`]*)```/.exec(await read(library, 'README.md')) ?? []
    t.match(code, '#include "eonc_keyword.h"')
    const flags = ['-fsyntax-only', ...strictWarnings, '-I', join(library, 'src'), '-x', 'c++', '-']
    await t.resolves(runOrThrow('g++', flags, { input: code }), mode)
  }
})
