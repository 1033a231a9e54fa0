import { join } from 'node:path'
import t from 'tap'
import { emptyFolder } from '../../../test/support/folders.js'
import { projectRoot, run, skipWithout } from '../../../test/support/toolchain.js'
import { buildAndTest, consumers, emitWithVectors, ownModel } from './cmake-project.js'

const skip = skipWithout('cmake', 'ninja')
/** It has a CMakeLists.txt with the target, as CMSIS-NN itself does. */
const double = join(projectRoot, 'test/cmsis-nn/double')

t.test('a project turns CMSIS-NN on, as a folder or as a target that it has', { skip }, async (t) => {
  const MODELS = await emptyFolder('cmake-cmsis-nn')
  await emitWithVectors(ownModel('keyword_cnn1d_int8'), 'keyword', MODELS)
  const source = join(consumers, 'cmsis-nn')
  for (const variables of [{ CMSIS_NN_DIR: double }, { OWN_CMSIS_NN: double }]) {
    const build = join(MODELS, Object.keys(variables).join())
    const { stdout } = await buildAndTest({ source, build, variables: { MODELS, EONC_CMSIS_NN: 'ON', ...variables } })
    t.match(stdout, /0 of \d+ vectors wrong, with CMSIS-NN/)
  }
  const { stdout } = await buildAndTest({ source, build: join(MODELS, 'off'), variables: { MODELS } })
  t.match(stdout, /0 of \d+ vectors wrong, with kernels of our own/, 'it is off unless asked for')
})

t.test('CMSIS-NN turned on where there is none is an error that says what to set', { skip }, async (t) => {
  const MODELS = await emptyFolder('cmake-no-cmsis-nn')
  await emitWithVectors(ownModel('keyword_cnn1d_int8'), 'keyword', MODELS)
  const args = ['-S', join(consumers, 'cmsis-nn'), '-B', join(MODELS, 'build'), '-G', 'Ninja', `-DMODELS=${MODELS}`]
  const { status, stderr } = await run('cmake', [...args, '-DEONC_CMSIS_NN=ON'])
  t.equal(status, 1)
  t.match(stderr.replace(/\s+/g, ' '), /EONC_CMSIS_NN is ON, but there is no CMSIS-NN.*Set CMSIS_NN_DIR to a clone of/)
})
