/** The code in the README of every output is code: it compiles as C and as C++, for one model and for several. */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import t from 'tap'
import { compileModels, INPUT_MODES } from '../../src/index.js'
import { tinyModel } from '../cli/command.js'
import { codeBlocks } from '../support/code-blocks.js'
import { emptyFolder } from '../support/folders.js'
import { runOrThrow, skipWithout, strictWarnings } from '../support/toolchain.js'

const skip = skipWithout('gcc', 'g++')
const TARGETS = {
  cmake: { language: 'c', includes: 'src' },
  platformio: { language: 'c', includes: 'src' },
  arduino: { language: 'cpp', includes: 'src' },
} as const
const ARRANGEMENTS = [
  { what: 'one model', names: ['kws'], shareArena: false },
  { what: 'several models', names: ['kws', 'vad'], shareArena: false },
  { what: 'a shared arena', names: ['kws', 'vad'], shareArena: true },
] as const

for (const [target, { language, includes }] of Object.entries(TARGETS)) {
  for (const { what, names, shareArena } of ARRANGEMENTS) {
    t.test(`the code in the README compiles: ${target}, ${what}`, { skip }, async (t) => {
      for (const input of INPUT_MODES) {
        const models = names.map((name) => ({ name, model: tinyModel }))
        const result = await compileModels(models, { name: names.join('_'), target, shareArena, input })
        if (!result.ok) return t.fail(input, result)
        const folder = await emptyFolder(`readme-code/${target}-${names.length}-${String(shareArena)}-${input}`)
        for (const { path, contents } of result.files) {
          await mkdir(dirname(join(folder, path)), { recursive: true })
          await writeFile(join(folder, path), contents)
        }
        const readme = result.files.find(({ path }) => path === 'README.md')?.contents.toString() ?? ''
        const blocks = codeBlocks(readme, language)
        t.ok(blocks.length > 0, `${input}: there is code`)
        for (const name of names) t.match(blocks.join(''), input === 'stream' ? `${name}_push` : `${name}_invoke`)
        for (const code of blocks) {
          for (const [compiler, dialect] of [
            ['gcc', 'c'],
            ['g++', 'c++'],
          ] as const) {
            const flags = ['-fsyntax-only', ...strictWarnings, '-I', join(folder, includes), '-x', dialect, '-']
            await t.resolves(runOrThrow(compiler, flags, { input: code }), `${input}, ${dialect}`)
          }
        }
      }
    })
  }
}
