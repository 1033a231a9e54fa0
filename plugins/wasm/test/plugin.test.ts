/**
 * What a user finds in the emitted folder, as documents in `expected/`; with `UPDATE_GOLDEN=1` they are written anew.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import t from 'tap'
import { compile, type OutputFile, type SourceSet, version } from '../../../src/index.js'
import { eonc, tinyModel } from '../../../test/cli/command.js'
import { compileAs } from '../../../test/models/subjects.js'
import { emptyFolder } from '../../../test/support/folders.js'
import { findTool, projectRoot, run, skipWithout } from '../../../test/support/toolchain.js'
import { wasm } from '../plugin.js'
import { emitPackage, importPackage, TOOLS } from './wasm-package.js'

const skip = skipWithout(...TOOLS)
const WORK = await emptyFolder('wasm-plugin')
const EXPECTED = join(projectRoot, 'plugins/wasm/test/expected')
const DOCUMENTS = ['README.md', 'package.json', 'index.d.ts', 'index.js', 'index.node.js', 'facts.js']

async function emitTiny(): Promise<readonly OutputFile[]> {
  const result = await compile(tinyModel, { name: 'tiny', target: 'wasm', labels: ['yes', 'no', '<b>'] })
  return result.ok ? result.files : []
}

for (const path of DOCUMENTS) {
  t.test(`${path} is as expected`, { skip }, async (t) => {
    const files = new Map((await emitTiny()).map(({ path, contents }) => [path, contents]))
    const sizes = /^(\| `\S+\.wasm`.*\|) \d+ \|$/gm
    const text = String(files.get(path)).replaceAll(version, '<version>').replace(sizes, '$1 <bytes> |')
    const expected = join(EXPECTED, `${path}.txt`)
    if (process.env['UPDATE_GOLDEN'] === '1') {
      await mkdir(dirname(expected), { recursive: true })
      await writeFile(expected, text)
    }
    t.equal(text, await readFile(expected, 'utf8'))
    t.ok(text.endsWith('\n') && !/[ \t]\n|\r|\t/.test(text), 'no stray white space')
  })
}

t.test('the same model gives the same bytes', { skip }, async (t) => {
  t.same(await emitTiny(), await emitTiny())
})

t.test('the runtime is free, and ends in exports that the page leaves out', async (t) => {
  const runtime = await readFile(join(projectRoot, 'plugins/wasm/runtime/runtime.js'), 'utf8')
  t.match(runtime, /SPDX-License-Identifier: MIT-0/)
  t.equal(runtime.match(/^export /gm)?.length, 1)
})

t.test('a page without --html is not there, and a name that npm does not take is refused', { skip }, async (t) => {
  t.notOk((await emitTiny()).some(({ path }) => path.endsWith('.html')))
  const wrong = await compile(tinyModel, { name: 'tiny', target: 'wasm', targetOptions: { package: 'No Name' } })
  t.match(wrong, {
    ok: false,
    diagnostics: [{ code: 'BAD_OPTION', found: /package: it is no name of an npm package/ }],
  })
})

t.test('labels that do not fit the output are refused', async (t) => {
  const result = await compile(tinyModel, { name: 'tiny', target: 'cmake', labels: ['yes', 'no'] })
  t.match(result, { ok: false, diagnostics: [{ code: 'BAD_OPTION', found: '2 labels for 3 elements' }] })
  await writeFile(join(WORK, 'labels.txt'), 'yes\r\nno\r\nmaybe\r\n')
  await writeFile(join(WORK, 'tiny.tflite'), tinyModel)
  const labels = ['--labels', join(WORK, 'labels.txt')]
  const compiled = ['compile', join(WORK, 'tiny.tflite'), '--target', 'cmake', '--out', join(WORK, 'cmake')]
  t.equal((await eonc([...compiled, ...labels])).status, 0)
  const missing = await eonc([...compiled, '--labels', join(WORK, 'none.txt')])
  t.equal(missing.status, 1)
  t.match(missing.stderr, /none\.txt cannot be read: there is no such file/)
})

t.test('several models are one module, and are loaded by their names', { skip }, async (t) => {
  const first = compileAs(tinyModel, 'first')
  const second = compileAs(tinyModel, 'second', 'stream')
  const set: SourceSet = {
    name: 'both',
    compiler: version,
    files: [...first.files, ...second.files],
    models: [first.facts, second.facts],
  }
  const environment = {
    tools: { clang: findTool('clang'), 'wasm-ld': findTool('wasm-ld') },
    findTool,
    log: () => undefined,
  }
  for (const { path, contents } of await wasm.emit(set, { html: true }, environment)) {
    await writeFile(join(WORK, path), contents)
  }
  const { load } = await importPackage(WORK)
  const models = (await load()) as unknown as Record<string, Awaited<ReturnType<typeof load>>>
  t.same(Object.keys(models), ['first', 'second'])
  const outputs = [models['first']?.run([0, 1, 2, 3]).data, models['second']?.push([0, 1, 2, 3])?.data]
  const [alone] = [await (await importPackage(await emitPackage(tinyModel, 'alone', WORK))).load()]
  t.same(outputs, [alone.run([0, 1, 2, 3]).data, alone.run([0, 1, 2, 3]).data])

  const vectors = [[new Uint8Array([1, 2, 3, 4])], [new Uint8Array([255, 128, 127, 0])]]
  const expected = vectors.map(([bytes]) => [Buffer.from(alone.run(Int8Array.from(bytes ?? [])).data.buffer)])
  const requests = set.models.map((model) => ({ model, vectors }))
  const run = await wasm.run?.(WORK, requests, environment)
  t.same(
    run?.map((each) => each.map((vector) => vector.map((bytes) => Buffer.from(bytes)))),
    [expected, expected],
  )
})

t.test('several models may share an arena', { skip }, async (t) => {
  const model = join(WORK, 'tiny.tflite')
  await writeFile(model, tinyModel)
  const out = join(WORK, 'shared')
  const models = [`one=${model}`, `other=${model}`]
  const { status, stderr } = await eonc(['compile', ...models, '--share-arena', '--target', 'wasm', '--out', out])
  t.equal(status, 0, stderr)
  const { load } = await importPackage(out)
  const { one, other } = (await load()) as unknown as Record<string, Awaited<ReturnType<typeof load>>>
  const given = [
    [0, 1, 2, 3],
    [3, 2, 1, 0],
    [0, 1, 2, 3],
  ]
  const [first, second, third] = given.map((input, index) => (index === 1 ? other : one)?.run(input).data)
  t.same(third, first)
  t.notSame(second, first)
  t.same(second, (await (await importPackage(join(WORK, 'alone'))).load()).run([3, 2, 1, 0]).data)
})

t.test('its TypeScript declarations of several models are valid', { skip }, async (t) => {
  const tsc = join(projectRoot, 'node_modules/typescript/bin/tsc')
  const options = ['--noEmit', '--strict', '--lib', 'ES2022', join(WORK, 'index.d.ts')]
  const settings = { cwd: WORK, env: { NODE_OPTIONS: undefined } }
  const { status, stdout } = await run(process.execPath, [tsc, ...options], settings)
  t.equal(status, 0, stdout)
})
