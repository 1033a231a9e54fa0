/** Firmware for a Cortex-M4F by CMake and ctest, by each of the ways to choose kernels. */
import { join } from 'node:path'
import t from 'tap'
import { emptyFolder } from '../../../test/support/folders.js'
import { kernelSetsIn } from '../../../test/support/kernel-symbols.js'
import { projectRoot, skipWithout, strictWarnings } from '../../../test/support/toolchain.js'
import { buildAndTest, consumers, emitWithVectors, ownModel } from './cmake-project.js'

const skip = skipWithout('cmake', 'ninja', 'g++', 'arm-none-eabi-g++', 'arm-none-eabi-nm', 'qemu-system-arm')
const folder = await emptyFolder('cmake-firmware')
const BOARD = join(projectRoot, 'examples/cortex-m4')
const BUILDS = [
  { what: 'kernels for any processor', options: [], flags: [], sets: ['dsp'] },
  { what: 'those for a Cortex-M4F alone', options: ['--cpu', 'cortex-m4f'], flags: [], sets: ['dsp'] },
  { what: 'portable ones', options: [], flags: ['-DEONC_PORTABLE_KERNELS'], sets: [] },
] as const

/** Compiles two models with these options into a folder, with their golden vectors. */
async function emitModels(name: string, options: readonly string[]): Promise<string> {
  const MODELS = join(folder, name)
  await emitWithVectors(ownModel('keyword_cnn2d_int8'), 'keyword', MODELS, options)
  await emitWithVectors(ownModel('vibration_int8'), 'vibration', MODELS, options)
  return MODELS
}

for (const [index, { what, options, flags, sets }] of BUILDS.entries()) {
  t.test(`ctest runs two models on a Cortex-M4F in QEMU by ${what}`, { skip }, async (t) => {
    const MODELS = await emitModels(String(index), options)
    const build = join(MODELS, 'build')
    const all = ['-Os', ...strictWarnings, ...flags].join(' ')
    const { stdout } = await buildAndTest({
      source: join(consumers, 'firmware'),
      build,
      variables: {
        MODELS,
        BOARD,
        CMAKE_TOOLCHAIN_FILE: join(BOARD, 'toolchain.cmake'),
        CMAKE_BUILD_TYPE: 'MinSizeRel',
        CMAKE_CXX_FLAGS_MINSIZEREL: all,
        CMAKE_C_FLAGS_MINSIZEREL: all,
      },
    })
    t.match(stdout, /0 of 8 vectors wrong/)
    t.same(await kernelSetsIn(join(build, 'firmware')), sets)
  })
}

t.test('kernels for a Cortex-M4F alone are an error on another processor', { skip }, async (t) => {
  const MODELS = await emitModels('other', ['--cpu', 'cortex-m4f'])
  await t.rejects(
    buildAndTest({ source: join(MODELS, 'keyword'), build: join(MODELS, 'build') }),
    /#error "these sources are for processors with the kernel set dsp: see --cpu"/,
  )
})
