/**
 * What a user finds in the emitted folder, as documents in `expected/`; with `UPDATE_GOLDEN=1` they are written anew.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import t from 'tap'
import { compile, INPUT_MODES, version } from '../../../src/index.js'
import { eonc, tinyModel } from '../../../test/cli/command.js'
import { projectRoot, runOrThrow, skipWithout, strictWarnings } from '../../../test/support/toolchain.js'
import { ownModel } from '../../../test/support/vectors-header.js'
import { emptyFolder } from '../../../test/support/folders.js'
import { emitLibrary } from './platformio.js'

const EXPECTED = join(projectRoot, 'plugins/platformio/test/expected')
const DOCUMENTS = ['library.json', 'README.md', 'examples/tiny/platformio.ini', 'examples/tiny/src/main.cpp']

const compiled = await compile(tinyModel, { name: 'tiny', target: 'platformio' })
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

t.test(
  'several models are one library, with an example each, and may share an arena',
  { skip: skipWithout('g++') },
  async (t) => {
    const folder = await emptyFolder('platformio-several')
    const models = ['keyword_cnn2d_int8', 'vibration_int8'].map((name) => ownModel(name).path)
    const args = [
      'compile',
      `kw=${models[0] ?? ''}`,
      `vib=${models[1] ?? ''}`,
      '--name',
      'duo',
      '--target',
      'platformio',
    ]
    for (const options of [[], ['--share-arena']]) {
      const library = join(folder, options.length === 0 ? 'apart' : 'shared')
      t.equal((await eonc([...args, ...options, '--out', library])).status, 0)
      const manifest: unknown = JSON.parse(await readFile(join(library, 'library.json'), 'utf8'))
      t.match(manifest, { name: 'eonc_duo', examples: [{ name: 'kw' }, { name: 'vib' }] })
      t.equal(JSON.stringify(manifest).includes('with a shared arena of 4,904 bytes'), options.length > 0)
      for (const name of ['kw', 'vib']) {
        const sources = [join(library, `examples/${name}/src/main.cpp`), join(library, 'src/duo.cpp')]
        const program = join(library, `${name}-program`)
        await runOrThrow('g++', [
          '-std=c++11',
          ...strictWarnings,
          '-I',
          join(library, 'src'),
          ...sources,
          '-o',
          program,
        ])
        t.match((await runOrThrow(program, [])).stdout, name === 'kw' ? 'output 0[0] = 127' : 'output 0[0] = -58')
      }
      for (const [, code = ''] of (await readFile(join(library, 'README.md'), 'utf8')).matchAll(/```c\n([^`]*)```/g)) {
        const flags = ['-fsyntax-only', ...strictWarnings, '-I', join(library, 'src'), '-x', 'c', '-']
        await t.resolves(runOrThrow('gcc', flags, { input: code }))
      }
    }
  },
)

t.test('what the user gives is in the manifest', async (t) => {
  const options = { libraryVersion: '2.3.4', author: 'Ada', url: 'https://example.com/tiny' }
  const result = await compile(tinyModel, { name: 'tiny', target: 'platformio', targetOptions: options })
  if (!result.ok) return t.fail('it compiles', result)
  const manifest = result.files.find(({ path }) => path === 'library.json')?.contents.toString() ?? ''
  t.match(JSON.parse(manifest), {
    version: '2.3.4',
    authors: [{ name: 'Ada' }],
    homepage: 'https://example.com/tiny',
  })
})

t.test('a version that is none, and a page that is none, are refused', async (t) => {
  for (const [name, value] of [
    ['libraryVersion', '1.0'],
    ['url', 'here'],
    ['url', 'ftp://example.com'],
    ['author', ''],
  ] as const) {
    const result = await compile(tinyModel, { name: 'tiny', target: 'platformio', targetOptions: { [name]: value } })
    t.match(result, { ok: false, diagnostics: [{ code: 'BAD_OPTION', found: RegExp(`^${name}: `) }] }, value)
  }
})

t.test(
  'the example and the code of the README compile in every input mode',
  { skip: skipWithout('gcc', 'g++') },
  async (t) => {
    const folder = await emptyFolder('platformio-modes')
    for (const mode of INPUT_MODES) {
      const library = join(folder, mode)
      await emitLibrary(ownModel('keyword_cnn2d_int8').path, 'keyword', library, ['--input', mode])
      const flags = [...strictWarnings, '-I', join(library, 'src')]
      const program = join(folder, `${mode}-program`)
      const sources = [join(library, 'examples/keyword/src/main.cpp'), join(library, 'src/keyword.cpp')]
      await runOrThrow('g++', ['-std=c++11', ...flags, ...sources, '-o', program])
      t.match((await runOrThrow(program, [])).stdout, /^(output 0\[\d\] = -?\d+ \(\d\.\d{3}\)\n){10}$/, mode)
      const [, code = ''] = /```c\n([^`]*)```/.exec(await readFile(join(library, 'README.md'), 'utf8')) ?? []
      for (const [compiler, language] of [
        ['gcc', 'c'],
        ['g++', 'c++'],
      ] as const) {
        await t.resolves(
          runOrThrow(compiler, ['-fsyntax-only', ...flags, '-x', language, '-'], { input: code }),
          `${mode}, ${language}`,
        )
      }
    }
  },
)
