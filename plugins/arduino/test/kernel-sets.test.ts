/** Kernels for one processor alone, and portable ones by the user's flags, by Arduino's builder. */
import { join } from 'node:path'
import t from 'tap'
import { emptyFolder } from '../../../test/support/folders.js'
import { goldenVectors } from '../../../test/support/golden.js'
import { kernelSetsIn } from '../../../test/support/kernel-symbols.js'
import { skipWithout } from '../../../test/support/toolchain.js'
import { ownModel, vectorsHeader } from '../../../test/support/vectors-header.js'
import * as arduino from './arduino.js'

const skip = skipWithout(...arduino.TOOLS, 'arm-none-eabi-nm')
const folder = await emptyFolder('arduino-kernel-sets')
const MODELS = { keyword: ownModel('keyword_cnn2d_int8'), vibration: ownModel('vibration_int8') }
const BUILDS = [
  { what: 'kernels for any processor', options: [], flags: [], sets: ['dsp'] },
  { what: 'those for a Cortex-M4F alone', options: ['--cpu', 'cortex-m4f'], flags: [], sets: ['dsp'] },
  { what: 'portable ones', options: [], flags: ['-DEONC_PORTABLE_KERNELS'], sets: [] },
] as const

/** A sketch that runs the golden vectors of both models, compiled with these options. */
async function sketchOf(
  name: string,
  options: readonly string[],
): Promise<Pick<arduino.Sketch, 'sketch' | 'libraries'>> {
  const libraries = join(folder, name, 'libraries')
  for (const [model, { path }] of Object.entries(MODELS)) {
    await arduino.emitLibrary(path, model, join(folder, name, model), options)
    await arduino.importZip(join(folder, name, model), model, libraries)
  }
  const sketch = await arduino.copySketch('TwoModels', join(folder, name), {
    'keyword_vectors.h': vectorsHeader('keyword', await goldenVectors(MODELS.keyword)),
    'vibration_vectors.h': vectorsHeader('vibration', await goldenVectors(MODELS.vibration)),
  })
  return { sketch, libraries }
}

for (const [index, { what, options, flags, sets }] of BUILDS.entries()) {
  t.test(`a Cortex-M4F computes the golden vectors by ${what}`, { skip }, async (t) => {
    const settings = await sketchOf(String(index), options)
    const build = `arduino-kernel-sets/out/${index}`
    const { elf, log } = await arduino.buildSketch({ ...settings, board: arduino.CORTEX_M4, build, flags })
    t.same(arduino.warnings(log), [])
    const printed = await arduino.runOnCortexM4(elf)
    t.equal([...printed.matchAll(/^(keyword|vibration) \d equal$/gm)].length, 8, printed)
    t.same(await kernelSetsIn(elf), sets)
  })
}

t.test('kernels for a Cortex-M4F alone are an error on another processor', { skip }, async (t) => {
  const settings = await sketchOf('other', ['--cpu', 'cortex-m4f'])
  await t.rejects(
    arduino.buildSketch({ ...settings, board: arduino.MEGA, build: 'arduino-kernel-sets/out/other' }),
    /#error "these sources are for processors with the kernel set dsp: see --cpu"/,
  )
})
