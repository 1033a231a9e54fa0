/**
 * Sessions of a user, as documents in `expected/`:
 *
 *     $ eonc inspect missing.tflite
 *     ! error: ...
 *     [1]
 *
 * A command, what it prints to the standard output behind `>` and to the standard error behind `!`, and its status.
 * With `UPDATE_GOLDEN=1` the documents are written anew.
 */
import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { version } from '../../src/index.js'
import { projectRoot } from '../support/toolchain.js'
import { eonc, folderOfModels } from './command.js'

const EXPECTED = join(projectRoot, 'test/cli/expected')

/** The words of a command line; quotes hold a word together. */
function words(command: string): readonly string[] {
  return [...command.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word)
}

const marked = (text: string, mark: string): readonly string[] =>
  text === ''
    ? []
    : text
        .replace(/\n$/, '')
        .split('\n')
        .map((line) => `${mark} ${line}`.trimEnd())

/** Runs a command, and gives what the document says of it. */
async function session(command: string, cwd: string): Promise<string> {
  const { status, stdout, stderr } = await eonc(words(command).slice(1), { cwd })
  const text = [`$ ${command}`, ...marked(stdout, '>'), ...marked(stderr, '!'), `[${status}]`].join('\n')
  return text.replaceAll(cwd, '<folder>').replaceAll(version, '<version>')
}

for (const name of (await readdir(EXPECTED)).sort()) {
  t.test(`the commands of ${name} print what it says`, async (t) => {
    const path = join(EXPECTED, name)
    const cwd = await folderOfModels(`documents-${name}`)
    const huge = join(cwd, 'huge.tflite')
    await writeFile(huge, '')
    await truncate(huge, 3 * 2 ** 30)
    t.teardown(() => rm(huge))
    const before = await readdir(cwd)
    const parts = (await readFile(path, 'utf8')).trimEnd().split('\n\n')
    const found: string[] = []
    for (const part of parts) {
      const [, command] = /^\$ (.*)/.exec(part) ?? []
      const text = command === undefined ? part : await session(command, cwd)
      found.push(text)
      if (process.env['UPDATE_GOLDEN'] !== '1') t.equal(text, part, command ?? 'a comment')
    }
    if (process.env['UPDATE_GOLDEN'] === '1') await writeFile(path, `${found.join('\n\n')}\n`)
    t.ok(
      found.some((text) => text.startsWith('$ eonc')),
      'there is a command',
    )
    const made = (await readdir(cwd)).filter((entry) => !before.includes(entry))
    t.same(made, name === 'compile.txt' ? ['out'] : [], 'what fails leaves nothing behind')
  })
}
