import { cp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { emptyFolder } from '../../../test/support/folders.js'
import { goldenVectors } from '../../../test/support/golden.js'
import { projectRoot, run, runOrThrow } from '../../../test/support/toolchain.js'
import { ownModel, vectorsHeader } from '../../../test/support/vectors-header.js'
import { CORTEX_M4, emitLibrary, HOST, makeProject, pioOrThrow, skipWithoutPlatformio } from './platformio.js'

const skip = skipWithoutPlatformio('g++', 'arm-none-eabi-g++', 'qemu-system-arm')
const keyword = ownModel('keyword_cnn1d_int8')
/** An application that tells which kernels it has; our double of CMSIS-NN. */
const application = join(projectRoot, 'plugins/cmake/test/consumer/cmsis-nn/main.c')
const double = join(projectRoot, 'test/cmsis-nn/double')

t.test('build_flags turn CMSIS-NN on, on this machine and on a Cortex-M4F', { skip }, async (t) => {
  const folder = await emptyFolder('platformio-cmsis-nn')
  await emitLibrary(keyword.path, 'keyword', join(folder, 'keyword'))
  // what the README says of CMSIS-NN itself holds for a copy of the double in the same folders
  const readme = await readFile(join(folder, 'keyword/README.md'), 'utf8')
  const [, manifest = ''] = /`library\.json`[^`]*```json\n([^`]*)```/.exec(readme) ?? []
  for (const part of ['Include', 'Source']) await cp(double, join(folder, 'CMSIS-NN', part), { recursive: true })
  const library = `lib_deps =\n  symlink://${folder}/keyword\n  symlink://${folder}/CMSIS-NN`
  for (const [kernels, flags] of [
    ['CMSIS-NN', 'build_flags = -D EONC_CMSIS_NN'],
    ['kernels of our own', ''],
  ] as const) {
    const project = join(folder, kernels.replaceAll(' ', '-'), 'project')
    await makeProject(project, [...HOST, library, flags, ...CORTEX_M4, library, flags], {
      'src/main.c': await readFile(application),
      'include/keyword_vectors.h': vectorsHeader('keyword', await goldenVectors(keyword)),
      '../../CMSIS-NN/library.json': manifest,
    })
    const build = ['run', '--project-dir', project, '--environment']
    await pioOrThrow([...build, 'host'])
    const host = await runOrThrow(join(project, '.pio/build/host/program'), [])
    t.match(host.stdout, new RegExp(`^0 of \\d+ vectors wrong, with ${kernels}$`, 'm'))
    const m4 = await pioOrThrow([...build, 'm4', '--target', 'upload'])
    t.match(m4.stdout + m4.stderr, new RegExp(`^0 of \\d+ vectors wrong, with ${kernels}$`, 'm'))
    const { stdout } = await run('arm-none-eabi-nm', [join(project, '.pio/build/m4/firmware.elf')])
    t.equal(stdout.includes('arm_convolve_wrapper_s8'), kernels === 'CMSIS-NN', 'what is linked')
  }
})
