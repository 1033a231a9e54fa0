import { join } from 'node:path'
import t from 'tap'
import { emptyFolder } from '../../../test/support/folders.js'
import { projectRoot, skipWithout, strictWarnings } from '../../../test/support/toolchain.js'
import { buildAndTest, consumers, emitWithVectors, ownModel } from './cmake-project.js'

const skip = skipWithout('cmake', 'ninja', 'arm-none-eabi-g++', 'qemu-system-arm')

t.test('ctest runs firmware with two models on a Cortex-M4F in QEMU', { skip }, async (t) => {
  const MODELS = await emptyFolder('cmake-firmware')
  const BOARD = join(projectRoot, 'examples/cortex-m4')
  await emitWithVectors(ownModel('keyword_cnn2d_int8'), 'keyword', MODELS)
  await emitWithVectors(ownModel('vibration_int8'), 'vibration', MODELS)
  const flags = strictWarnings.join(' ')
  const { stdout } = await buildAndTest({
    source: join(consumers, 'firmware'),
    build: join(MODELS, 'build'),
    variables: {
      MODELS,
      BOARD,
      CMAKE_TOOLCHAIN_FILE: join(BOARD, 'toolchain.cmake'),
      CMAKE_BUILD_TYPE: 'MinSizeRel',
      CMAKE_CXX_FLAGS_MINSIZEREL: `-Os ${flags}`,
      CMAKE_C_FLAGS_MINSIZEREL: `-Os ${flags}`,
    },
  })
  t.match(stdout, /0 of 8 vectors wrong/)
})
