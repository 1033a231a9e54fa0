import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import t, { type Test } from 'tap'
import type { OutputFile } from '../src/plugin.js'
import { OutputError, writeOutput } from '../src/write-output.js'
import { emptyFolder } from './support/folders.js'

const base = await emptyFolder('write-output')

const file = (path: string, contents = `contents of ${path}`) => ({ path, contents })
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

/** A write that fails must leave the folder as it was. */
async function rejectsUnchanged(t: Test, folder: string, files: readonly OutputFile[], message: RegExp) {
  const before = await contentsOf(base)
  await t.rejects(writeOutput(folder, files), { name: 'OutputError', message })
  t.same(await contentsOf(base), before, 'nothing has changed')
}

t.test('files are written to a folder that is made, bytes as they are', async (t) => {
  const folder = join(base, 'new/and/deep')
  await writeOutput(folder, [...FIRST, { path: 'data.bin', contents: Uint8Array.of(0, 255, 10) }])
  t.same(Object.keys(await contentsOf(folder)), [
    '.eonc-files',
    'README.md',
    'data.bin',
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
  t.same(await contentsOf(folder), {
    '.eonc-files': 'README.md\nsrc/other.cpp\n',
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
  t.same(await contentsOf(folder), {
    '.eonc-files': 'net.h\n',
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
  await rejectsUnchanged(t, folder, [file('folder.h')], /folder\.h exists and was not written by eonc/)
  await symlink('nowhere', join(folder, 'link.h'))
  await rejectsUnchanged(t, folder, [file('link.h')], /link\.h exists and was not written by eonc/)
  await rejectsUnchanged(t, join(folder, 'README.md'), FIRST, /README\.md is a file, not a folder/)
  await rejectsUnchanged(t, join(folder, 'README.md/below'), FIRST, /cannot be written/)
  await rejectsUnchanged(t, join(base, 'new-one', 'x'.repeat(300)), FIRST, /ENAMETOOLONG/)
})

t.test('a file of ours that became a folder of theirs is in the way', async (t) => {
  const folder = join(base, 'became-folder')
  await writeOutput(folder, [file('a'), file('b')])
  const manifest = await readFile(join(folder, '.eonc-files'), 'utf8')
  await writeFile(join(folder, '.eonc-files'), `${manifest}theirs\n`)
  await mkdir(join(folder, 'theirs'))
  await writeFile(join(folder, 'theirs/precious'), '')
  await rejectsUnchanged(t, folder, [file('theirs')], /theirs exists and was not written by eonc/)
  await writeOutput(folder, [file('a')])
  t.same(Object.keys(await contentsOf(folder)), ['.eonc-files', 'a', 'theirs', 'theirs/precious'])
})

t.test('a list of files that was tampered with reaches nothing outside of the folder', async (t) => {
  const folder = join(base, 'tampered')
  await mkdir(folder)
  await writeFile(join(base, 'precious'), 'mine')
  await writeFile(
    join(folder, '.eonc-files'),
    ['../precious', join(base, 'precious'), '.', '..', '', 'a/../..'].join('\n'),
  )
  await writeOutput(folder, [file('net.h')])
  t.same(await contentsOf(folder), { '.eonc-files': 'net.h\n', 'net.h': 'contents of net.h' })
  t.equal(await readFile(join(base, 'precious'), 'utf8'), 'mine')
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
