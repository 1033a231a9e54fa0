import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { emptyFolder } from '../../../test/support/folders.js'
import { goldenVectors } from '../../../test/support/golden.js'
import { projectRoot, run, skipWithout } from '../../../test/support/toolchain.js'
import { ownModel, vectorsHeader } from '../../../test/support/vectors-header.js'
import * as arduino from './arduino.js'

const skip = skipWithout(...arduino.TOOLS)
const vibration = ownModel('vibration_int8')

/** Our double of CMSIS-NN as a library of Arduino. */
async function addDouble(libraries: string): Promise<void> {
  await mkdir(join(libraries, 'CMSIS_NN'), { recursive: true })
  await cp(join(projectRoot, 'test/cmsis-nn/double'), join(libraries, 'CMSIS_NN/src'), { recursive: true })
  const fields = ['author=o', 'maintainer=o', 'sentence=o', 'paragraph=o', 'category=Other', 'url=o', 'architectures=*']
  await writeFile(
    join(libraries, 'CMSIS_NN/library.properties'),
    ['name=CMSIS_NN', 'version=1.0.0', ...fields, ''].join('\n'),
  )
}

t.test('a #define in the header of a network turns CMSIS-NN on', { skip }, async (t) => {
  const folder = await emptyFolder('arduino-cmsis-nn')
  const libraries = join(folder, 'libraries')
  await arduino.emitLibrary(vibration.path, 'vibration', join(folder, 'vibration'))
  await arduino.importZip(join(folder, 'vibration'), 'vibration', libraries)
  await addDouble(libraries)
  const vectors = { 'vibration_vectors.h': vectorsHeader('vibration', await goldenVectors(vibration)) }
  const sketch = await arduino.copySketch('OneModel', folder, vectors)
  const header = join(libraries, 'eonc_vibration/src/eonc/vibration.h')
  const off = await readFile(header, 'utf8')
  const on = off.replace('/* #define EONC_CMSIS_NN */', '#define EONC_CMSIS_NN')
  t.not(on, off, 'the header has the line that the README names')
  for (const [kernels, text] of Object.entries({ own: off, cmsis: on })) {
    await writeFile(header, text)
    const build = `arduino-cmsis-nn/out/${kernels}`
    const { elf, log } = await arduino.buildSketch({ sketch, libraries, board: arduino.CORTEX_M4, build })
    t.same(arduino.warnings(log), [], kernels)
    t.match((await arduino.runOnCortexM4(elf)).match(/vibration \d equal/g), { length: 4 }, kernels)
    const { stdout } = await run('arm-none-eabi-nm', [elf])
    t.equal(stdout.includes('arm_fully_connected_s8'), kernels === 'cmsis', `what is linked: ${kernels}`)
  }
})
