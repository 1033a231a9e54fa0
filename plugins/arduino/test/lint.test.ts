import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { emptyFolder } from '../../../test/support/folders.js'
import { ownModels } from '../../../test/support/models.js'
import { skipWithout } from '../../../test/support/toolchain.js'
import { emitLibrary, importZip } from './arduino.js'
import { type Library, LINT_RULES } from './lint.js'

const skip = skipWithout('unzip')
const folder = await emptyFolder('arduino-lint')

/** A library as it lies in a sketchbook. */
async function readLibrary(libraries: string, name: string): Promise<Library> {
  const entries = await readdir(join(libraries, name), { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(libraries, name).length + 1))
  const files = await Promise.all(
    paths.map(async (path) => [path, await readFile(join(libraries, name, path), 'utf8')] as const),
  )
  t.ok(
    entries.every((entry) => entry.isFile() || entry.isDirectory()),
    'LS005: there are no symbolic links',
  )
  return { folder: name, files: new Map(files) }
}

/** Names of sixteen characters at most, the prefix included: the length that the strictest level of the linter asks for. */
const shortName = (name: string): string =>
  name
    .replace(/_(int8|float32)$/, '')
    .slice(0, 11)
    .replace(/_$/, '')

for (const [index, { name, path }] of ownModels().entries()) {
  t.test(`the library of ${name} keeps all rules of Arduino's linter`, { skip }, async (t) => {
    const short = shortName(name)
    const libraries = join(folder, String(index))
    await emitLibrary(path, short, join(folder, `${index}-out`))
    await importZip(join(folder, `${index}-out`), short, libraries)
    const library = await readLibrary(libraries, `eonc_${short}`)
    for (const { id, text, holds } of LINT_RULES) t.ok(holds(library), `${id}: ${text}`)
  })
}

t.test('each rule finds what it is about', { skip }, async (t) => {
  const library = await readLibrary(join(folder, '0'), `eonc_${shortName(ownModels()[0]?.name ?? '')}`)
  for (const { id, text, holds, broken } of LINT_RULES) t.notOk(holds(broken(library)), `${id}: ${text}`)
})

t.test('each rule has identifiers of its own', async (t) => {
  const ids = LINT_RULES.flatMap(({ id }) => id.split(' '))
  t.equal(new Set(ids).size, ids.length)
  t.ok(ids.length >= 70, `${ids.length} rules`)
})
