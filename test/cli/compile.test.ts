import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import t from 'tap'
import { sharedModels } from '../support/shared.js'
import { emptyFolder } from '../support/folders.js'
import { eonc, folderOfModels, tinyModel } from './command.js'

const cwd = await folderOfModels('cli-compile')

/** Every file of a folder by its path, as text. */
async function filesOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const entries = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
  const paths = entries.map((entry) => join(entry.parentPath, entry.name)).sort()
  const pairs = paths.map(async (path) => [relative(folder, path), await readFile(path, 'latin1')] as const)
  return Object.fromEntries(await Promise.all(pairs))
}

const compile = (out: string, more: readonly string[] = [], options = { cwd }) =>
  eonc(['compile', 'tiny.tflite', '--target', 'cmake', '--out', out, ...more], options)

t.test('every run gives the same bytes, wherever it is started', async (t) => {
  t.equal((await compile('first')).status, 0)
  t.equal((await compile('second', ['--name', 'tiny'])).status, 0)
  const elsewhere = await emptyFolder('cli-compile-elsewhere')
  await writeFile(join(elsewhere, 'tiny.tflite'), tinyModel)
  const environment = { cwd: elsewhere, env: { TZ: 'Asia/Tokyo', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' } }
  t.equal((await compile('.', [], environment)).status, 0)
  const first = await filesOf(join(cwd, 'first'))
  t.same(await filesOf(join(cwd, 'second')), first)
  const { 'tiny.tflite': _, ...there } = await filesOf(elsewhere)
  t.same(there, first)
  t.notMatch(JSON.stringify(first), elsewhere, 'no path of this machine is in the output')
})

t.test('a second run replaces the first, under another name too', async (t) => {
  await compile('replaced')
  await writeFile(join(cwd, 'replaced/src/mine.h'), 'mine')
  await writeFile(join(cwd, 'replaced/src/tiny.cpp'), 'edited')
  const refused = { status: 1, stderr: /src\/tiny\.cpp was changed since eonc wrote it: .*--force/ }
  t.match(await compile('replaced'), refused)
  t.equal((await compile('replaced', ['--force'])).status, 0)
  const { 'src/mine.h': mine, ...again } = await filesOf(join(cwd, 'replaced'))
  t.equal(mine, 'mine')
  t.same(again, await filesOf(join(cwd, 'first')))
  t.equal((await compile('replaced', ['--name', 'other'])).status, 0)
  const files = Object.keys(await filesOf(join(cwd, 'replaced')))
  t.same(
    files.filter((path) => path.includes('tiny')),
    [],
  )
  t.ok(files.includes('src/other.h') && files.includes('src/mine.h'))
})

t.test('a run that fails leaves the output of the one before as it is', async (t) => {
  await compile('kept')
  const before = await filesOf(join(cwd, 'kept'))
  const failures = [
    ['compile', 'hybrid.tflite', '--target', 'cmake', '--out', 'kept'],
    ['compile', 'truncated.tflite', '--target', 'cmake', '--out', 'kept'],
    ['compile', 'missing.tflite', '--target', 'cmake', '--out', 'kept'],
    ['compile', 'tiny.tflite', '--target', 'none', '--out', 'kept'],
    ['compile', 'tiny.tflite', '--target', 'cmake', '--out', 'kept', '--name', 'Wrong'],
  ]
  for (const args of failures) {
    t.not((await eonc(args, { cwd })).status, 0, args.join(' '))
    t.same(await filesOf(join(cwd, 'kept')), before)
  }
})

t.test("someone's own file in the way is an error, and nothing is changed", async (t) => {
  await mkdir(join(cwd, 'theirs'))
  await writeFile(join(cwd, 'theirs/CMakeLists.txt'), 'mine')
  const { status, stderr } = await compile('theirs')
  t.equal(status, 1)
  t.match(stderr, /theirs\/CMakeLists\.txt exists and was not written by eonc: choose another folder/)
  t.same(await filesOf(join(cwd, 'theirs')), { 'CMakeLists.txt': 'mine' })
})

t.test('an output folder may be a link, and the output may be moved', async (t) => {
  await mkdir(join(cwd, 'real'))
  await symlink('real', join(cwd, 'link'))
  t.equal((await compile('link')).status, 0)
  t.same(await filesOf(join(cwd, 'real')), await filesOf(join(cwd, 'first')))
  await cp(join(cwd, 'real'), join(cwd, 'copy'), { recursive: true })
  t.equal((await compile('copy')).status, 0)
})

t.test('the name comes from the file', async (t) => {
  await writeFile(join(cwd, '2nd Model (int8).TFLITE'), tinyModel)
  const { stdout } = await eonc(['compile', '2nd Model (int8).TFLITE', '--target', 'cmake', '--out', 'named'], { cwd })
  t.match(stdout, /^model_2nd_model_int8 written to named$/m)
  t.ok((await readdir(join(cwd, 'named/src'))).includes('model_2nd_model_int8.h'))
})

const stock = sharedModels().filter((path) => path.includes('int8'))
t.test('untouched stock models compile', { skip: stock.length === 0 && 'no ../shared/models' }, async (t) => {
  for (const path of stock) {
    const { status, stderr } = await eonc(['compile', path, '--target', 'cmake', '--out', 'stock'], { cwd })
    t.equal(status, 0, `${path.split('/').at(-1) ?? ''} ${stderr}`)
    t.notMatch(stderr, /error/)
  }
})
