/** Kernels for one processor alone, and portable ones by the user's flags, in PlatformIO. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { emptyFolder } from '../../../test/support/folders.js'
import { goldenVectors } from '../../../test/support/golden.js'
import { kernelSetsIn } from '../../../test/support/kernel-symbols.js'
import { ownModel, vectorsHeader } from '../../../test/support/vectors-header.js'
import { consumers, CORTEX_M4, emitLibrary, HOST, makeProject, pio, pioOrThrow } from './platformio.js'
import { skipWithoutPlatformio } from './platformio.js'

const skip = skipWithoutPlatformio('g++', 'arm-none-eabi-g++', 'arm-none-eabi-nm', 'qemu-system-arm')
const folder = await emptyFolder('platformio-kernel-sets')
const MODELS = { keyword: ownModel('keyword_cnn2d_int8'), vibration: ownModel('vibration_int8') }
const BUILDS = [
  { what: 'kernels for any processor', options: [], flags: [], sets: ['dsp'] },
  { what: 'those for a Cortex-M4F alone', options: ['--cpu', 'cortex-m4f'], flags: [], sets: ['dsp'] },
  { what: 'portable ones', options: [], flags: ['build_flags = -D EONC_PORTABLE_KERNELS'], sets: [] },
] as const

/** A project that runs the golden vectors of both models, compiled with these options. */
async function project(name: string, options: readonly string[], flags: readonly string[]): Promise<string> {
  const path = join(folder, name)
  for (const [model, { path: file }] of Object.entries(MODELS)) {
    await emitLibrary(file, model, join(path, 'lib', model), options)
  }
  await makeProject(path, [...HOST, ...flags, ...CORTEX_M4, ...flags], {
    'src/main.cpp': await readFile(join(consumers, 'vectors/test/test_vectors/main.cpp')),
    'include/keyword_vectors.h': vectorsHeader('keyword', await goldenVectors(MODELS.keyword)),
    'include/vibration_vectors.h': vectorsHeader('vibration', await goldenVectors(MODELS.vibration)),
  })
  return path
}

for (const [index, { what, options, flags, sets }] of BUILDS.entries()) {
  t.test(`a Cortex-M4F computes the golden vectors by ${what}`, { skip }, async (t) => {
    const path = await project(String(index), options, flags)
    const { stdout, stderr } = await pioOrThrow(['run', '-d', path, '-e', 'm4', '-t', 'upload'])
    t.equal([...(stdout + stderr).matchAll(/^ok (keyword|vibration) vector \d$/gm)].length, 8, stdout + stderr)
    t.same(await kernelSetsIn(join(path, '.pio/build/m4/firmware.elf')), sets)
  })
}

t.test('kernels for a Cortex-M4F alone are an error on another processor', { skip }, async (t) => {
  const path = await project('other', ['--cpu', 'cortex-m4f'], [])
  const { status, stdout, stderr } = await pio(['run', '-d', path, '-e', 'host'])
  t.equal(status, 1)
  t.match(stdout + stderr, /#error "these sources are for processors with the kernel set dsp: see --cpu"/)
})
