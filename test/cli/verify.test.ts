import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { hashOf } from '../../src/manifest.js'
import { emptyFolder } from '../support/folders.js'
import { activation, chain, plain, weights } from '../support/layers.js'
import { writeModel } from '../support/model-writer.js'
import { oraclePython, skipWithoutOracle } from '../support/oracle.js'
import { seededRandom } from '../support/random.js'
import { findTool, projectRoot, skipWithout } from '../support/toolchain.js'
import { foreignFolder, pluginModule } from '../targets/samples.js'
import { eonc, tinyModel } from './command.js'

const skip = skipWithout('g++', 'clang++')
const cwd = await emptyFolder('cli-verify')
const model = (name: string): string => join(projectRoot, 'models', `${name}.tflite`)

await writeFile(join(cwd, 'tiny.tflite'), tinyModel)
const OWN = {
  kws: model('keyword_cnn2d_int8'),
  shake: model('vibration_int8'),
  curve: model('regression_float32'),
}
const ALL = Object.entries(OWN).map(([name, path]) => `${name}=${path}`)
const FILES = Object.values(OWN).flatMap((path) => ['--model', path])

async function compile(t: Test, out: string, ...args: readonly string[]): Promise<void> {
  const { status, stderr } = await eonc(['compile', ...args, '--target', 'cmake', '--out', out], { cwd })
  t.equal(status, 0, stderr)
}

for (const mode of ['resident', 'preserve', 'stream', 'callback']) {
  for (const sharing of [[], ['--share-arena']]) {
    t.test(`several models, ${[mode, ...sharing].join(' ')}`, { skip: skip || skipWithoutOracle() }, async (t) => {
      const out = `several-${mode}${sharing.length}`
      await compile(t, out, ...ALL, '--name', 'three', '--input', mode, ...sharing)
      const { status, stdout, stderr } = await eonc(['verify', out, ...FILES, '--oracle'], {
        cwd,
        env: { EONC_PYTHON: oraclePython() },
      })
      t.equal(status, 0, stderr)
      const equal = 'is right: 6 inferences equal to reference semantics and TensorFlow Lite Micro'
      t.equal(
        stdout,
        `kws ${equal}, byte for byte\nshake ${equal}, byte for byte\ncurve ${equal}, floats within 1e-5 of the largest\n`,
      )
    })
  }
}

t.test('the model is found by its hash, by either compiler', { skip }, async (t) => {
  await compile(t, 'tiny', 'tiny.tflite')
  for (const CXX of ['clang++', 'g++ -m64 -Wall']) {
    t.match(await eonc(['verify', 'tiny'], { cwd, env: { CXX } }), { status: 0, stdout: /^tiny is right: 6/ }, CXX)
  }
})

t.test('float boundaries that were stripped are stripped from the reference too', { skip }, async (t) => {
  const real = (name: string) => ({ name, type: 'float32', shape: [1, 4] }) as const
  const spec = {
    tensors: [real('x'), activation('q', [1, 4]), activation('r', [1, 4]), real('y')],
    operators: [plain('QUANTIZE', 0, 1), plain('RELU', 1, 2), plain('DEQUANTIZE', 2, 3)],
    inputs: [0],
    outputs: [3],
  }
  await writeFile(join(cwd, 'float.tflite'), writeModel(spec))
  await compile(t, 'stripped', 'float.tflite', '--strip-float-io')
  t.match(await eonc(['verify', 'stripped'], { cwd }), { status: 0, stdout: /byte for byte/ })
  const refused = await eonc(['verify', 'stripped', '--oracle'], { cwd })
  t.match(refused, { status: 2, stderr: /BAD_OPTION: The oracle computes the model as it is in the file/ })
})

/** A dense layer whose weights are worth packing. */
function dense(): Uint8Array {
  const random = seededRandom(7)
  const data = Int8Array.from({ length: 64 * 128 }, () => random.between(-9, 9))
  return writeModel(
    chain(
      [activation('x', [1, 128]), { ...weights('w', [64, 128]), data }, activation('y', [1, 64], 0.4)],
      [{ kind: 'FULLY_CONNECTED', inputs: [0, 1], outputs: [2], options: {} }],
    ),
  )
}

const tools = skip || skipWithoutOracle() || skipWithout('wasm-ld')
for (const target of ['cmake', 'platformio', 'arduino', 'wasm'])
  t.test(`packed weights give the same outputs, --target ${target}`, { skip: tools }, async (t) => {
    await writeFile(join(cwd, 'dense.tflite'), dense())
    const out = `dense-${target}`
    const made = await eonc(['compile', 'dense.tflite', '--target', target, '--rom', 'small', '--out', out], { cwd })
    t.equal(made.status, 0, made.stderr)
    t.match(await readFile(join(cwd, out, 'eonc.json'), 'utf8'), /eonc_packed_fully_connected_s8/)
    const env = { EONC_PYTHON: oraclePython() }
    const verified = await eonc(['verify', out, '--model', 'dense.tflite', '--oracle'], { cwd, env })
    t.equal(verified.stderr, '')
    t.match(verified, { status: 0, stdout: /^dense is right: 6 inferences equal .* byte for byte\n$/ })
  })

t.test('an output whose code computes anything else is found out', { skip }, async (t) => {
  await compile(t, 'wrong', 'tiny.tflite')
  const source = join(cwd, 'wrong/src/tiny.cpp')
  const text = await readFile(source, 'utf8')
  const changed = text.replace(/\/\* clamp_max \*\/ \d+/, '/* clamp_max */ 3')
  t.not(changed, text)
  await writeFile(source, changed)
  const edited = await eonc(['verify', 'wrong'], { cwd })
  t.match(edited, { status: 1, stderr: /BAD_OUTPUT: .*\n {2}found: src\/tiny\.cpp was changed/ })

  const manifest = join(cwd, 'wrong/eonc.json')
  const listed = await readFile(manifest, 'utf8')
  await writeFile(manifest, listed.replace(hashOf(text), hashOf(changed)))
  const { status, stderr, stdout } = await eonc(['verify', 'wrong'], { cwd })
  t.match({ status, stdout }, { status: 1, stdout: '' })
  t.match(
    stderr,
    /VERIFY_FAILED: The outputs are those of the reference semantics\n {2}at model tiny\n {2}found: inference \d/,
  )
})

t.test('what cannot be verified is an error that says why', { skip }, async (t) => {
  await compile(t, 'whole', 'tiny.tflite')
  const folder = await foreignFolder(t, { 'eonc.json': '{}', 'flat.mjs': pluginModule('flat') })
  const errors: readonly (readonly [args: readonly string[], env: Readonly<Record<string, string>>, stderr: RegExp])[] =
    [
      [['nowhere'], {}, /BAD_OUTPUT: .*\n {2}found: no eonc\.json in it/],
      [[folder], {}, /BAD_OUTPUT: .*\n {2}found: eonc\.json is none of this version/],
      [['whole', '--model', OWN.kws], {}, /WRONG_MODEL: The model tiny is the file with SHA-256 [0-9a-f]{64}/],
      [['whole', '--model', 'gone'], {}, /gone cannot be read/],
      [['whole'], { PATH: '' }, /MISSING_TOOL: .*C\+\+ compiler.*\n {2}found: g\+\+, clang\+\+, c\+\+: not on PATH/],
      [['whole'], { CXX: 'no-such-compiler' }, /MISSING_TOOL: .*\n {2}found: no-such-compiler: not on PATH/],
      [['whole'], { CXX: findTool('false') ?? '' }, /VERIFY_FAILED: The sources of an output compile on this machine/],
      [
        ['whole', '--oracle'],
        { EONC_PYTHON: '/no/python' },
        /MISSING_TOOL: The oracle is a Python that has tflite-micro/,
      ],
    ]
  for (const [args, env, stderr] of errors) {
    t.match(await eonc(['verify', ...args], { cwd, env }), { status: 1, stdout: '', stderr }, args.join(' '))
  }
  const own = ['--plugin', join(folder, 'flat.mjs'), '--target', 'flat']
  t.equal((await eonc(['compile', 'tiny.tflite', ...own, '--out', 'theirs'], { cwd })).status, 0)
  t.match(await eonc(['verify', 'theirs'], { cwd }), { status: 0 }, 'sources of an unknown target are C++ all the same')
})

t.test('a target that runs its outputs itself is asked to', async (t) => {
  const folder = await foreignFolder(t, {
    'own.mjs': `export const target = {
      apiVersion: 1, name: 'own', description: 'no sources',
      emit: async () => [{ path: 'nothing', contents: '' }],
      run: async (folder, requests) => requests.map(({ model, vectors }) =>
        vectors.map(() => model.outputs.map(({ bytes }) => new Uint8Array(bytes)))),
    }`,
  })
  const plugin = ['--plugin', join(folder, 'own.mjs')]
  await eonc(['compile', 'tiny.tflite', ...plugin, '--target', 'own', '--out', 'own'], { cwd })
  t.match(await eonc(['verify', 'own', ...plugin], { cwd }), { status: 1, stderr: /VERIFY_FAILED[^]*instead of/ })
  t.match(
    await eonc(['verify', 'own'], { cwd }),
    { status: 2, stderr: /BAD_TARGET/ },
    'without its plugin it cannot be run',
  )
})
