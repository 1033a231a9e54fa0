/** The example sketches: with their stand-ins they run on a Cortex-M4F in QEMU, and their code for boards compiles. */
import { cp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import * as arduino from '../../plugins/arduino/test/arduino.js'
import { emptyFolder } from '../support/folders.js'
import { projectRoot, runOrThrow, skipWithout } from '../support/toolchain.js'

const skip = skipWithout(...arduino.TOOLS, 'bash')
const folder = await emptyFolder('arduino-examples')
const libraries = join(folder, 'libraries')
const sketchOf = (name: string): string => join(projectRoot, 'arduino/examples', name, `${name}.ino`)

const EXAMPLES = [
  { name: 'Accelerometer', library: 'vibration', hears: ['normal', 'imbalance', 'misalignment', 'bearing'] },
  { name: 'Camera', library: 'vision', hears: ['circle', 'ring', 'square', 'triangle', 'cross', 'star'] },
  { name: 'Microphone', library: 'keyword', hears: ['silence', 'no', 'silence', 'no'] },
] as const

for (const { name, library, hears } of EXAMPLES) {
  t.test(`${name} recognizes what its stand-in gives`, { skip }, async (t) => {
    const [command = ''] = /^ \*   (eonc compile .*)$/m.exec(await readFile(sketchOf(name), 'utf8'))?.slice(1) ?? []
    t.match(command, /--target arduino/, 'it says how its library is made')
    const out = join(folder, library)
    const eonc = `eonc() { "${process.execPath}" "${projectRoot}/dist/src/cli/main.js" "$@"; }`
    const env = { NODE_OPTIONS: undefined }
    await runOrThrow('bash', ['-euc', `${eonc}\n${command.replace(/--out \w+/, `--out "${out}"`)}`], {
      cwd: projectRoot,
      env,
    })
    await arduino.importZip(out, library, libraries)

    const { elf, log } = await arduino.buildSketch({
      sketch: sketchOf(name),
      libraries,
      board: arduino.CORTEX_M4,
      build: `arduino-examples/out/${name}`,
      flags: [`-DEONC_TEST_LOOPS=${hears.length}`],
    })
    t.same(arduino.warnings(log), [])
    const lines = (await arduino.runOnCortexM4(elf)).trim().split('\n')
    t.same(
      lines.map((line) => line.split(' ')[0]),
      hears,
    )
    for (const line of lines) t.ok(Number(line.split(' ')[1]) > 0.5, line)
  })
}

t.test('an analog accelerometer is read on a Mega 2560', { skip }, async (t) => {
  const build = 'arduino-examples/out/mega'
  const sketch = sketchOf('Accelerometer')
  const { log } = await arduino.buildSketch({ sketch, libraries, board: arduino.MEGA, build })
  t.same(arduino.warnings(log), [])
  t.match(log, /Global variables use \d+ bytes \(\d\d%\) of dynamic memory/)
})

t.test('the microphone and the camera of a Nano 33 BLE are read by their libraries', { skip }, async (t) => {
  await cp(join(projectRoot, 'test/arduino/boards'), libraries, { recursive: true })
  for (const [name, library] of [
    ['Microphone', 'PDM'],
    ['Camera', 'Arduino_OV767X'],
  ] as const) {
    const { log } = await arduino.buildSketch({
      sketch: sketchOf(name),
      libraries,
      board: arduino.CORTEX_M4,
      build: `arduino-examples/out/nano-${name}`,
      flags: ['-DARDUINO_ARDUINO_NANO33BLE'],
    })
    t.same(arduino.warnings(log), [], name)
    const object = `build/test/arduino-examples/out/nano-${name}/libraries/${library}/${library}.cpp.o`
    await t.resolves(readFile(join(projectRoot, object)), `${library} is built`)
  }
})
