/** Compilers: whichever is there, and what is said when none is. */
import { mkdir, readdir, readFile, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import t from 'tap'
import { eonc } from '../../../test/cli/command.js'
import { emptyFolder } from '../../../test/support/folders.js'
import { goldenVectors } from '../../../test/support/golden.js'
import { ownModels } from '../../../test/support/models.js'
import { findTool, skipWithout } from '../../../test/support/toolchain.js'
import { importPackage, TOOLS } from './wasm-package.js'

const WORK = await emptyFolder('wasm-tools')

const modelOf = (name: string) => {
  const model = ownModels().find((each) => each.name === name)
  if (model === undefined) throw new Error(`there is ${name}`)
  return model
}
const vibration = modelOf('vibration_int8')
const keyword = modelOf('keyword_cnn2d_int8')

/** Compiles a model with these programs on PATH and no others. */
async function compileWith(programs: readonly string[], model: string, name: string, options: readonly string[] = []) {
  const PATH = join(WORK, `${name}-path`)
  await mkdir(PATH, { recursive: true })
  await Promise.all(programs.map((program) => symlink(findTool(program) ?? program, join(PATH, program))))
  const out = join(WORK, name)
  const result = await eonc(['compile', model, '--target', 'wasm', '--out', out, '--name', 'model', ...options], {
    env: { PATH },
  })
  return { ...result, out }
}

t.test('without a compiler it says what to install, and writes nothing', async (t) => {
  const { status, stderr, out } = await compileWith([], vibration.path, 'none')
  t.equal(status, 1)
  t.match(stderr, /error TARGET_FAILED: The target wasm gives a project/)
  t.match(stderr, /there is no compiler for WebAssembly: clang is not on PATH; em\+\+ is not on PATH/)
  t.match(stderr, /Install clang and lld \(on Debian: apt install clang lld wasi-libc\), or Emscripten/)
  t.notMatch(stderr, /defect/)
  await t.rejects(readFile(join(out, 'package.json')))
})

t.test('clang alone is not enough', { skip: skipWithout('clang') }, async (t) => {
  const { status, stderr } = await compileWith(['clang'], vibration.path, 'no-linker')
  t.equal(status, 1)
  t.match(stderr, /wasm-ld, the linker that comes with lld, is not on PATH; em\+\+ is not on PATH/)
})

/** All programs beside Emscripten but clang and its linker: it is made of many. */
async function besideEmscripten(): Promise<readonly string[]> {
  const programs = await readdir(dirname(findTool('em++') ?? '.'))
  return programs.filter((program) => !/^(clang|wasm-ld)/.test(program))
}

const MAKERS = [
  { name: 'clang', skip: skipWithout(...TOOLS), programs: async () => TOOLS },
  { name: 'emscripten', skip: skipWithout('em++'), programs: besideEmscripten },
] as const

for (const { name, skip, programs } of MAKERS) {
  t.test(`${name} makes modules with right outputs, which import nothing`, { skip }, async (t) => {
    for (const model of [vibration, keyword, modelOf('regression_float32')]) {
      const { status, stderr, out } = await compileWith(await programs(), model.path, `${name}-${model.name}`)
      t.equal(status, 0, stderr)
      const { load } = await importPackage(out)
      const wasm = await Promise.all(['model.wasm', 'model_simd.wasm'].map((file) => readFile(join(out, file))))
      for (const bytes of wasm) t.same(importsOf(bytes), [], model.name)
      for (const { inputs, outputs } of await goldenVectors(model)) {
        const expected = outputs[0] ?? new Uint8Array()
        for (const simd of [false, true]) {
          const { data } = (await load({ simd })).run(asInput(inputs[0] ?? new Uint8Array(), model.name))
          if (data instanceof Float32Array) t.ok(near(data, expected), model.name)
          else t.same(Buffer.from(data.buffer), Buffer.from(expected), model.name)
        }
      }
    }
  })
}

for (const { name, skip, programs } of MAKERS) {
  t.test(`${name} makes modules whose input is pushed or fetched`, { skip }, async (t) => {
    for (const [mode, imports] of [
      ['stream', []],
      ['callback', ['eonc.get_data']],
    ] as const) {
      const { status, stderr, out } = await compileWith(await programs(), vibration.path, `${name}-${mode}`, [
        '--input',
        mode,
      ])
      t.equal(status, 0, stderr)
      const { load } = await importPackage(out)
      for (const file of ['model.wasm', 'model_simd.wasm']) {
        t.same(importsOf(await readFile(join(out, file))), imports, `${mode}, ${file}`)
      }
      for (const simd of [false, true]) {
        const model = await load({ simd })
        for (const { inputs, outputs } of await goldenVectors(vibration)) {
          const { data } = model.run(asInput(inputs[0] ?? new Uint8Array(), vibration.name))
          t.same(Buffer.from(data.buffer), Buffer.from(outputs[0] ?? []), mode)
        }
      }
    }
  })
}

const asInput = (bytes: Uint8Array, name: string): Int8Array | Float32Array =>
  name.endsWith('float32') ? new Float32Array(bytes.slice().buffer) : new Int8Array(bytes.slice().buffer)

function near(actual: Float32Array, bytes: Uint8Array): boolean {
  const expected = new Float32Array(bytes.slice().buffer)
  const most = Math.max(...expected.map(Math.abs))
  return actual.every((value, index) => Math.abs(value - (expected[index] ?? NaN)) <= 1e-5 * most)
}

/** What a module imports, by name. */
function importsOf(bytes: Uint8Array): readonly string[] {
  const api = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }).WebAssembly
  return api.Module.imports(new api.Module(bytes)).map(({ module, name }) => `${module}.${name}`)
}

interface WebAssemblyApi {
  readonly Module: {
    new (bytes: Uint8Array): object
    imports(module: object): readonly { readonly module: string; readonly name: string }[]
  }
}
