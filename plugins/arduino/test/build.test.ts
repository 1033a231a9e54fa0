import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { INPUT_MODES } from '../../../src/index.js'
import { eonc } from '../../../test/cli/command.js'
import { emptyFolder } from '../../../test/support/folders.js'
import { goldenVectors } from '../../../test/support/golden.js'
import { runOracle } from '../../../test/support/oracle.js'
import { skipWithout } from '../../../test/support/toolchain.js'
import { ownModel, vectorsHeader } from '../../../test/support/vectors-header.js'
import * as arduino from './arduino.js'

const skip = skipWithout(...arduino.TOOLS)
const folder = await emptyFolder('arduino-build')
const libraries = join(folder, 'libraries')
const keyword = ownModel('keyword_cnn2d_int8')
const vibration = ownModel('vibration_int8')
const vectors = {
  'keyword_vectors.h': vectorsHeader('keyword', await goldenVectors(keyword)),
  'vibration_vectors.h': vectorsHeader('vibration', await goldenVectors(vibration)),
}

if (skip === false) {
  await arduino.emitLibrary(keyword.path, 'keyword', join(folder, 'keyword'))
  await arduino.emitLibrary(vibration.path, 'vibration', join(folder, 'vibration'))
  await arduino.importZip(join(folder, 'keyword'), 'keyword', libraries)
  await arduino.importZip(join(folder, 'vibration'), 'vibration', libraries)
}

/** The lines of a run of vectors without a difference. */
const allEqual = (...names: readonly string[]): readonly string[] => [
  ...names.flatMap((name) => [0, 1, 2, 3].map((vector) => `${name} ${vector} equal`)),
  'done',
]

const linesOf = (text: string): readonly string[] =>
  text.split('\n').filter((line) => / (equal|differs)$|^done/.test(line))

t.test('two libraries give the golden vectors in one sketch on a Cortex-M4F', { skip }, async (t) => {
  const sketch = await arduino.copySketch('TwoModels', folder, vectors)
  const build = 'arduino-build/out/two-m4'
  const { elf, log } = await arduino.buildSketch({ sketch, libraries, board: arduino.CORTEX_M4, build })
  t.same(arduino.warnings(log), [])
  t.same(linesOf(await arduino.runOnCortexM4(elf)), allEqual('keyword', 'vibration'))
})

t.test('and on a Mega 2560, whose RAM no weight takes', { skip }, async (t) => {
  const sketch = await arduino.copySketch('TwoModels', folder, vectors)
  const build = 'arduino-build/out/two-mega'
  const { elf, log } = await arduino.buildSketch({ sketch, libraries, board: arduino.MEGA, build })
  t.same(arduino.warnings(log), [])
  t.same(linesOf(await arduino.runInSimavr(elf, 'atmega2560')), allEqual('keyword', 'vibration'))
  const used = Number(/Global variables use (\d+) bytes/.exec(log)?.[1])
  const contexts = 4408 + 44
  t.ok(used > contexts && used < contexts + 400, `${used} bytes of RAM, ${contexts} of them the contexts`)
})

t.test('a dense network runs on an Uno', { skip }, async (t) => {
  const sketch = await arduino.copySketch('OneModel', folder, { 'vibration_vectors.h': vectors['vibration_vectors.h'] })
  const { elf, log } = await arduino.buildSketch({
    sketch,
    libraries,
    board: arduino.UNO,
    build: 'arduino-build/out/uno',
  })
  t.same(arduino.warnings(log), [])
  t.same(linesOf(await arduino.runInSimavr(elf, 'atmega328p')), allEqual('vibration'))
  const used = Number(/Global variables use (\d+) bytes/.exec(log)?.[1])
  t.ok(used > 44 && used < 44 + 400, `${used} bytes of RAM, 44 of them the context`)
})

t.test('the vectors can differ', { skip }, async (t) => {
  const wrong = vectors['vibration_vectors.h'].replace(/(vibration_outputs.*\n +\{)-?\d+/, '$17')
  const sketch = await arduino.copySketch('OneModel', join(folder, 'wrong'), { 'vibration_vectors.h': wrong })
  const build = 'arduino-build/out/wrong-uno'
  const { elf } = await arduino.buildSketch({ sketch, libraries, board: arduino.UNO, build })
  t.equal(linesOf(await arduino.runInSimavr(elf, 'atmega328p'))[0], 'vibration 0 differs')
})

t.test('the example gives what the oracle gives for zeros, in every input mode', { skip }, async (t) => {
  const job = { model: keyword.path, vectors: [[new Uint8Array(49 * 24)]] }
  const [result] = await runOracle([job], join(folder, 'oracle'))
  const expected = result?.status === 'ok' ? [...new Int8Array(result.vectors[0]?.[0] ?? [])] : []
  t.equal(expected.length, 10)
  for (const mode of INPUT_MODES) {
    const library = join(folder, mode)
    const installed = join(folder, `${mode}-libraries`)
    await arduino.emitLibrary(keyword.path, 'keyword', library, ['--input', mode])
    await arduino.importZip(library, 'keyword', installed)
    const sketch = join(installed, 'eonc_keyword/examples/Keyword/Keyword.ino')
    const settings = { sketch, libraries: installed, build: `arduino-build/out/example-${mode}` }
    const { elf, log } = await arduino.buildSketch({ ...settings, board: arduino.CORTEX_M4 })
    t.same(arduino.warnings(log), [])
    const outputs = [...(await arduino.runOnCortexM4(elf)).matchAll(/^output 0\[\d\] = (-?\d+) \(\d\.\d{3}\)$/gm)]
    t.same(
      outputs.map(([, value]) => Number(value)),
      expected,
      mode,
    )
    t.same(arduino.warnings((await arduino.buildSketch({ ...settings, board: arduino.MEGA })).log), [], `${mode}, AVR`)
  }
})

t.test(
  'several models in one library, with a shared arena, run on a Cortex-M4F and on a Mega 2560',
  { skip },
  async (t) => {
    const installed = join(folder, 'duo-libraries')
    const models = [`kw=${keyword.path}`, `vib=${vibration.path}`, '--name', 'duo', '--share-arena']
    const { status, stderr } = await eonc(['compile', ...models, '--target', 'arduino', '--out', join(folder, 'duo')])
    t.equal(status, 0, stderr)
    await arduino.importZip(join(folder, 'duo'), 'duo', installed)
    for (const [name, first] of [
      ['Kw', 127],
      ['Vib', -58],
    ] as const) {
      const example = await arduino.read(installed, `eonc_duo/examples/${name}/${name}.ino`)
      const sketch = await arduino.writeSketch(name, folder, example.replace('delay(1000);', arduino.SLEEP_ON_AVR))
      const settings = { sketch, libraries: installed, build: `arduino-build/out/duo-${name}` }
      const onArm = await arduino.buildSketch({ ...settings, board: arduino.CORTEX_M4 })
      t.same(arduino.warnings(onArm.log), [])
      t.match(await arduino.runOnCortexM4(onArm.elf), `output 0[0] = ${first} `)
      const onAvr = await arduino.buildSketch({ ...settings, board: arduino.MEGA })
      t.same(arduino.warnings(onAvr.log), [])
      t.match(await arduino.runInSimavr(onAvr.elf, 'atmega2560'), `output 0[0] = ${first} `)
    }
  },
)

t.test('float32 on an Uno gives what it gives on a Cortex-M4F', { skip }, async (t) => {
  const installed = join(folder, 'float-libraries')
  await arduino.emitLibrary(ownModel('regression_float32').path, 'regression', join(folder, 'regression'))
  await arduino.importZip(join(folder, 'regression'), 'regression', installed)
  const example = await arduino.read(installed, 'eonc_regression/examples/Regression/Regression.ino')
  const sketch = await arduino.writeSketch('Regression', folder, example.replace('delay(1000);', arduino.SLEEP_ON_AVR))
  const settings = { sketch, libraries: installed, build: 'arduino-build/out/float' }
  const outputOf = (text: string): number => Number(/^output 0\[0\] = (\d\.\d{6})$/m.exec(text)?.[1])
  const expected = await arduino.buildSketch({ ...settings, board: arduino.CORTEX_M4 })
  const value = outputOf(await arduino.runOnCortexM4(expected.elf))
  const { elf, log } = await arduino.buildSketch({ ...settings, board: arduino.UNO })
  t.same(arduino.warnings(log), [])
  t.ok(Math.abs(outputOf(await arduino.runInSimavr(elf, 'atmega328p')) - value) <= 2e-6, `${value}`)
})

t.test('a library of another name may have headers of the same name', { skip }, async (t) => {
  const others = join(folder, 'crowded')
  for (const name of ['keyword', 'vibration']) await arduino.importZip(join(folder, name), name, others)
  for (const header of ['keyword.h', 'vibration.h', 'keyword_kernels.h', 'keyword_weights.h', 'eonc.h']) {
    await arduino.addLibrary(others, `Other_${header.replace('.h', '')}`, header)
  }
  const sketch = await arduino.copySketch('TwoModels', join(folder, 'crowded-sketch'), vectors)
  const build = 'arduino-build/out/crowded'
  const { elf } = await arduino.buildSketch({ sketch, libraries: others, board: arduino.CORTEX_M4, build })
  t.same(linesOf(await arduino.runOnCortexM4(elf)), allEqual('keyword', 'vibration'))
})

t.test('without a field of its metadata the builder refuses the library', { skip }, async (t) => {
  const broken = join(folder, 'broken')
  await arduino.importZip(join(folder, 'vibration'), 'vibration', broken)
  const properties = await arduino.read(broken, 'eonc_vibration/library.properties')
  await writeFile(join(broken, 'eonc_vibration/library.properties'), properties.replace(/^version=.*\n/m, ''))
  const sketch = await arduino.copySketch('OneModel', join(folder, 'broken-sketch'), vectors)
  await t.rejects(
    arduino.buildSketch({ sketch, libraries: broken, board: arduino.UNO, build: 'arduino-build/out/broken' }),
    /Missing 'version'/,
  )
})
