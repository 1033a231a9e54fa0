import { mkdir, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import t, { type Test } from 'tap'
import { hashOf, manifestFile } from '../../src/manifest.js'
import { OutputError, writeOutput as write, type WriteOptions } from '../../src/output/index.js'
import type { OutputFile } from '../../src/plugin.js'
import { emptyFolder } from '../support/folders.js'
import { sources } from '../targets/samples.js'

const base = await emptyFolder('write-output')

const file = (path: string, contents = `contents of ${path}`) => ({ path, contents })
/** Writes files as an output has them: with their manifest. */
const writeOutput = (folder: string, files: readonly OutputFile[], options?: WriteOptions) =>
  write(folder, [...files, manifestFile(sources, files, { name: 'own', options: {} }, [{}])], options)

const FIRST = [file('README.md'), file('src/net.h'), file('src/net.cpp'), file('example/main.cpp')]

/** Every file of a folder by its path, folders without files among them. */
async function contentsOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const texts = entries.map(async (entry): Promise<[string, string]> => {
    const path = join(entry.parentPath, entry.name)
    return [relative(folder, path), entry.isFile() ? await readFile(path, 'utf8') : entry.isDirectory() ? '/' : '->']
  })
  return Object.fromEntries((await Promise.all(texts)).sort())
}

/** The same without the manifest. */
async function listOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const { 'eonc.json': _, ...others } = await contentsOf(folder)
  return others
}

/** A write that fails must leave the folder as it was. */
async function rejectsUnchanged(
  t: Test,
  folder: string,
  files: readonly OutputFile[],
  message: RegExp,
  options?: WriteOptions,
) {
  const before = await contentsOf(base)
  await t.rejects(writeOutput(folder, files, options), { name: 'OutputError', message })
  t.same(await contentsOf(base), before, 'nothing has changed')
}

t.test('files are written to a folder that is made, bytes as they are', async (t) => {
  const folder = join(base, 'new/and/deep')
  await writeOutput(folder, [...FIRST, { path: 'data.bin', contents: Uint8Array.of(0, 255, 10) }])
  t.same(Object.keys(await contentsOf(folder)), [
    'README.md',
    'data.bin',
    'eonc.json',
    'example',
    'example/main.cpp',
    'src',
    'src/net.cpp',
    'src/net.h',
  ])
  t.same(await readFile(join(folder, 'data.bin')), Buffer.of(0, 255, 10))
  t.equal(await readFile(join(folder, 'src/net.h'), 'utf8'), 'contents of src/net.h')
})

t.test('a second write replaces the first: stale files and the folders that they leave empty are gone', async (t) => {
  const folder = join(base, 'replaced')
  await writeOutput(folder, FIRST)
  await writeOutput(folder, [file('README.md', 'new'), file('src/other.cpp')])
  t.match(await contentsOf(folder), {
    'README.md': 'new',
    src: '/',
    'src/other.cpp': 'contents of src/other.cpp',
  })
})

t.test("others' files stay, those within the same folders too", async (t) => {
  const folder = join(base, 'shared')
  await mkdir(join(folder, 'example'), { recursive: true })
  await mkdir(join(folder, 'their-own'))
  await writeFile(join(folder, 'example/notes.txt'), 'mine')
  await writeOutput(folder, FIRST)
  await writeFile(join(folder, 'src/mine.cpp'), 'mine')
  await writeOutput(folder, [file('net.h')])
  t.same(await listOf(folder), {
    example: '/',
    'example/notes.txt': 'mine',
    'net.h': 'contents of net.h',
    src: '/',
    'src/mine.cpp': 'mine',
    'their-own': '/',
  })
})

t.test('what someone else put in the way is an error, and nothing changes', async (t) => {
  const folder = join(base, 'in-the-way')
  await writeOutput(folder, [file('README.md')])
  await writeFile(join(folder, 'src'), 'a file where a folder is needed')
  await rejectsUnchanged(t, folder, FIRST, /in-the-way cannot be written: .*EEXIST/)
  await writeFile(join(folder, 'taken.h'), 'mine')
  await rejectsUnchanged(t, folder, [file('a.h'), file('taken.h')], /taken\.h exists and was not written by eonc/)
  await mkdir(join(folder, 'folder.h'))
  await rejectsUnchanged(t, folder, [file('folder.h')], /folder\.h is a folder that was not written by eonc/)
  await symlink('nowhere', join(folder, 'link.h'))
  await rejectsUnchanged(t, folder, [file('link.h')], /link\.h exists and was not written by eonc/)
  await rejectsUnchanged(t, join(folder, 'README.md'), FIRST, /README\.md is a file, not a folder/)
  await rejectsUnchanged(t, join(folder, 'README.md/below'), FIRST, /cannot be written/)
  await rejectsUnchanged(t, join(base, 'new-one', 'x'.repeat(300)), FIRST, /ENAMETOOLONG/)
})

t.test('a file of ours that became a folder of theirs is in the way, with --force too', async (t) => {
  const folder = join(base, 'became-folder')
  await writeOutput(folder, [file('a'), file('b')])
  await rm(join(folder, 'b'))
  await mkdir(join(folder, 'b'))
  await writeFile(join(folder, 'b/precious'), '')
  const message = /became-folder\/b is a folder that was not written by eonc: choose another/
  await rejectsUnchanged(t, folder, [file('b')], message)
  await rejectsUnchanged(t, folder, [file('b')], message, { force: true })
  await writeOutput(folder, [file('a')])
  t.same(Object.keys(await listOf(folder)), ['a', 'b', 'b/precious'])
})

t.test('what was changed since is kept, unless it is forced away', async (t) => {
  const folder = join(base, 'changed')
  await writeOutput(folder, [file('a'), file('stale'), file('stale too')])
  await writeFile(join(folder, 'a'), 'mine')
  await writeFile(join(folder, 'stale'), 'mine')
  const next = [file('a', 'new'), file('b')]
  await rejectsUnchanged(t, folder, next, /changed\/a was changed since eonc wrote it: .*--force/)
  await rm(join(folder, 'a'))
  await writeOutput(folder, next)
  t.same(await listOf(folder), { a: 'new', b: 'contents of b', stale: 'mine' })

  await writeFile(join(folder, 'theirs'), 'mine')
  await writeFile(join(folder, 'a'), 'mine again')
  await writeOutput(folder, [file('a', 'newer'), file('theirs', 'forced')], { force: true })
  t.same(await listOf(folder), { a: 'newer', stale: 'mine', theirs: 'forced' })
})

t.test('files that stay the same are left alone, so that builds need not run again', async (t) => {
  const folder = join(base, 'same')
  await writeOutput(folder, [file('a'), file('b')])
  await utimes(join(folder, 'a'), 1, 1)
  await utimes(join(folder, 'eonc.json'), 1, 1)
  await writeOutput(folder, [file('a'), file('b')])
  t.equal((await stat(join(folder, 'eonc.json'))).mtimeMs, 1000)
  await writeOutput(folder, [file('a'), file('b', 'new')])
  t.equal((await stat(join(folder, 'a'))).mtimeMs, 1000)
  t.same(await listOf(folder), { a: 'contents of a', b: 'new' })
})

t.test('a manifest that was tampered with reaches nothing outside of the folder', async (t) => {
  const folder = join(base, 'tampered')
  await writeOutput(folder, [file('a')])
  await writeFile(join(base, 'precious'), 'mine')
  const manifest = JSON.parse(await readFile(join(folder, 'eonc.json'), 'utf8')) as { files: object[] }
  const paths = ['../precious', join(base, 'precious'), '.', '..', '', 'a/../../precious']
  manifest.files.push(...paths.map((path) => ({ path, sha256: hashOf('mine') })))
  await writeFile(join(folder, 'eonc.json'), JSON.stringify(manifest))
  await writeOutput(folder, [file('net.h')])
  t.same(await listOf(folder), { 'net.h': 'contents of net.h' })
  t.equal(await readFile(join(base, 'precious'), 'utf8'), 'mine')
  await writeFile(join(folder, 'eonc.json'), 'no manifest')
  await rejectsUnchanged(t, folder, [file('net.h', 'new')], /net\.h exists and was not written by eonc/)
})

t.test('a target cannot write outside of the folder, nor over the list of its files', async (t) => {
  const folder = join(base, 'outside')
  for (const path of ['../escaped', '/escaped', '.', '']) {
    await rejectsUnchanged(t, folder, [file('net.h'), file(path)], /leaves the output folder/)
  }
})

t.test('the error is one to be told from a defect', async (t) => {
  await t.rejects(writeOutput('/proc/eonc', FIRST), OutputError)
})
