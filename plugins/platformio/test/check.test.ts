import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { INPUT_MODES } from '../../../src/index.js'
import { emptyFolder } from '../../../test/support/folders.js'
import { ownModels } from '../../../test/support/models.js'
import { run } from '../../../test/support/toolchain.js'
import { ownModel } from '../../../test/support/vectors-header.js'
import { CORTEX_M4, emitLibrary, makeProject, pio, skipWithoutPlatformio } from './platformio.js'

const skip = skipWithoutPlatformio('cppcheck', 'arm-none-eabi-g++')
const folder = await emptyFolder('platformio-check')

/** What tells the sources that they are compiled for a Cortex-M4. */
const DSP = ['-D__ARM_FEATURE_DSP=1', "-D__ARM_ARCH_PROFILE='M'"]

/** Cppcheck's words on a library and its examples, all kinds of finding but that a public function is not called. */
async function cppcheck(library: string, defines: readonly string[] = []): Promise<string> {
  const { status, stderr } = await run('cppcheck', [
    '--quiet',
    '--force', // all combinations of kernels and processors: there are more than the 12 that it would stop at
    '--enable=warning,style,performance,portability',
    '--inconclusive',
    '--std=c++11',
    '--error-exitcode=3',
    ...defines,
    '-I',
    join(library, 'src'),
    library,
  ])
  return status === 0 ? stderr : `status ${status}\n${stderr}`
}

t.test('cppcheck has nothing to say of any model of ours, in any input mode', { skip }, async (t) => {
  for (const { name, path } of ownModels()) {
    const library = join(folder, name)
    await emitLibrary(path, name, library)
    t.equal(await cppcheck(library), '', name)
    t.equal(await cppcheck(library, DSP), '', `${name}, Cortex-M4`)
  }
  for (const mode of INPUT_MODES) {
    const library = join(folder, mode)
    await emitLibrary(ownModel('keyword_cnn2d_int8').path, 'keyword', library, ['--input', mode])
    t.equal(await cppcheck(library), '', mode)
  }
})

t.test('pio check finds no defect in a library of a project, and finds one that is put there', { skip }, async (t) => {
  const project = join(folder, 'project')
  const library = join(project, 'lib/keyword')
  await makeProject(project, [
    ...CORTEX_M4,
    'check_tool = cppcheck',
    'check_src_filters = +<lib/*/src/>',
    'check_skip_packages = yes',
    // the functions of a library are called by those who use it
    'check_flags = cppcheck: --suppress=unusedFunction --suppress=missingIncludeSystem',
  ])
  await emitLibrary(ownModel('keyword_cnn2d_int8').path, 'keyword', library)
  const args = [
    'check',
    '--project-dir',
    project,
    '--fail-on-defect=low',
    '--fail-on-defect=medium',
    '--fail-on-defect=high',
  ]
  const clean = await pio(args)
  t.equal(clean.status, 0, clean.stdout)
  t.match(clean.stdout, 'No defects found')
  await writeFile(join(library, 'src/defect.cpp'), 'int defect() { int a[2] = {1, 2}; return a[2]; }\n')
  t.equal((await pio(args)).status, 1)
})
