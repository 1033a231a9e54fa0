/** The package as another project has it: packed and installed by npm, type-checked, bundled into nothing else. */
import { cp, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { emptyFolder } from '../../../test/support/folders.js'
import { goldenVectors } from '../../../test/support/golden.js'
import { activation } from '../../../test/support/layers.js'
import { writeModel } from '../../../test/support/model-writer.js'
import { ownModels } from '../../../test/support/models.js'
import { projectRoot, run, runOrThrow, skipWithout } from '../../../test/support/toolchain.js'
import { emitPackage, installPackages, TOOLS } from './wasm-package.js'

const skip = skipWithout(...TOOLS, 'npm')
const WORK = await emptyFolder('wasm-consumer')
const CONSUMERS = join(projectRoot, 'plugins/wasm/test/consumer')
const TSC = join(projectRoot, 'node_modules/typescript/bin/tsc')
const environment = { NODE_OPTIONS: undefined }

const keyword = ownModels().find(({ name }) => name === 'keyword_cnn2d_int8')
if (keyword === undefined) throw new Error('the model is there')

const sum = writeModel({
  tensors: [activation('a', [1, 4], 0.5, 3), activation('b', [1, 4], 0.25, -1), activation('y', [1, 4], 1, 0)],
  operators: [{ kind: 'ADD', inputs: [0, 1], outputs: [2], options: {} }],
  inputs: [0, 1],
  outputs: [2],
})

/** A project in TypeScript with these packages installed. */
async function makeConsumer(name: string, packages: readonly string[]): Promise<string> {
  const folder = join(WORK, name)
  await installPackages(packages, folder)
  await cp(join(CONSUMERS, name), folder, { recursive: true })
  return folder
}

/** Types are checked without those of browsers or of Node.js: the package needs neither. */
const checkTypes = (folder: string, resolution: readonly string[]) =>
  run(process.execPath, [TSC, '-p', folder, ...resolution, '--noEmit'], { cwd: folder, env: environment })

t.test('npm packs and installs it, TypeScript is content, and Node.js runs it', { skip }, async (t) => {
  const folder = await makeConsumer('one-model', [
    await emitPackage(keyword.path, 'keyword', WORK, ['--package', '@company/keyword', '--html']),
  ])
  const installed = join(folder, 'node_modules/@company/keyword')
  t.same((await readdir(installed)).sort(), [
    'LICENSE',
    'README.md',
    'demo.html',
    'facts.js',
    'index.d.ts',
    'index.js',
    'index.node.js',
    'keyword.wasm',
    'keyword_simd.wasm',
    'package.json',
    'runtime.js',
  ])
  const manifest = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as Record<string, unknown>
  t.notOk('dependencies' in manifest, 'no dependencies')
  t.equal(manifest['license'], 'MIT-0')

  for (const resolution of [
    ['--module', 'nodenext'],
    ['--module', 'esnext', '--moduleResolution', 'bundler'],
  ]) {
    const { status, stdout } = await checkTypes(folder, resolution)
    t.equal(status, 0, `${resolution.join(' ')}\n${stdout}`)
  }
  const vectors = (await goldenVectors(keyword)).map(({ inputs, outputs }) => ({
    input: Array.from(new Int8Array(inputs[0] ?? [])),
    output: Array.from(new Int8Array(outputs[0] ?? [])),
  }))
  await writeFile(join(folder, 'vectors.json'), JSON.stringify(vectors))
  await runOrThrow(process.execPath, [TSC, '-p', folder, '--module', 'nodenext'], { cwd: folder, env: environment })
  const { stdout } = await runOrThrow(process.execPath, ['main.js'], { cwd: folder, env: environment })
  t.equal(stdout, '4 vectors equal with vectors, 4 without\n')
})

t.test('the types of every input mode, and of several inputs, hold', { skip }, async (t) => {
  const emit = (name: string, mode: string) => emitPackage(sum, name, WORK, ['--input', mode])
  const folder = await makeConsumer('modes', [
    await emit('resident', 'resident'),
    await emit('streamed', 'stream'),
    await emit('fetched', 'callback'),
  ])
  const { status, stdout } = await checkTypes(folder, ['--module', 'nodenext'])
  t.equal(status, 0, stdout)
})
