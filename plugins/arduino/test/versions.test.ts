/** Libraries that were compiled apart, by the same version and by another one, in one sketch. */
import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import t from 'tap'
import { version } from '../../../src/index.js'
import { emptyFolder } from '../../../test/support/folders.js'
import { goldenVectors } from '../../../test/support/golden.js'
import { skipWithout } from '../../../test/support/toolchain.js'
import { ownModel, vectorsHeader } from '../../../test/support/vectors-header.js'
import { assemblerProblems, countingText, OTHER_VERSION, otherVersion } from '../../../test/support/versions.js'
import * as arduino from './arduino.js'

const skip = skipWithout(...arduino.TOOLS)

/** A sketch that says of how many vectors each network gives the outputs. */
const sketchText = (names: readonly string[], model: string): string =>
  [
    countingText(names, model, (name) => `<eonc_${name}.h>`),
    'void setup() { Serial.begin(115200); }',
    'void loop() {',
    ...names.map((name) => `  Serial.print("${name} ");\n  Serial.println(equal_${name}());`),
    `  Serial.flush();${arduino.SLEEP_ON_AVR}}`,
    '',
  ].join('\n')

const countsIn = (text: string): object =>
  Object.fromEntries([...text.matchAll(/^(\w+) (-?\d)$/gm)].map(([, name = '', count]) => [name, count] as const))

if (skip === false) {
  const other = await otherVersion('arduino-versions')
  for (const [model, file] of [
    ['keyword', 'keyword_cnn2d_int8'],
    ['vibration', 'vibration_int8'],
  ] as const) {
    const folder = await emptyFolder(`arduino-versions-${model}`)
    const libraries = join(folder, 'libraries')
    const { path } = ownModel(file)
    const names = [model, 'wake', 'other']
    const sketch = await arduino.writeSketch('Versions', folder, sketchText(names, model))
    await writeFile(
      join(dirname(sketch), `${model}_vectors.h`),
      vectorsHeader(model, await goldenVectors(ownModel(file))),
    )
    await arduino.emitLibrary(path, model, join(folder, model))
    await arduino.emitLibrary(path, 'wake', join(folder, 'wake'))
    const args = ['compile', path, '--name', 'other', '--target', 'arduino', '--out', join(folder, 'other')]
    const { status, stderr } = await other(args)
    if (status !== 0) throw new Error(stderr)
    for (const name of names) await arduino.importZip(join(folder, name), name, libraries)
    const build = `arduino-versions-${model}/build`

    t.test(`each library runs its own kernels on a Cortex-M4F: ${model}`, async (t) => {
      const { elf, log } = await arduino.buildSketch({ sketch, libraries, board: arduino.CORTEX_M4, build })
      t.same(arduino.warnings(log), [])
      t.same(countsIn(await arduino.runOnCortexM4(elf)), { [model]: '4', wake: '4', other: '0' })
      t.same(await assemblerProblems(elf, [version, OTHER_VERSION]), [])
    })

    // three contexts of the other one are more RAM than any AVR has
    if (model !== 'vibration') continue
    t.test('and on a Mega 2560', async (t) => {
      const { elf, log } = await arduino.buildSketch({ sketch, libraries, board: arduino.MEGA, build: `${build}-avr` })
      t.same(arduino.warnings(log), [])
      t.same(countsIn(await arduino.runInSimavr(elf, 'atmega2560')), { vibration: '4', wake: '4', other: '0' })
    })
  }
} else t.test('libraries of two versions in one sketch', { skip }, async () => undefined)
