/** Libraries that were compiled apart, by the same version and by another one, in one firmware of PlatformIO. */
import { join } from 'node:path'
import t from 'tap'
import { version } from '../../../src/index.js'
import { emptyFolder } from '../../../test/support/folders.js'
import { goldenVectors } from '../../../test/support/golden.js'
import { runOrThrow } from '../../../test/support/toolchain.js'
import { ownModel, vectorsHeader } from '../../../test/support/vectors-header.js'
import { assemblerProblems, countingText, OTHER_VERSION, otherVersion } from '../../../test/support/versions.js'
import { CORTEX_M4, emitLibrary, HOST, makeProject, pioOrThrow, skipWithoutPlatformio } from './platformio.js'

const skip = skipWithoutPlatformio('g++', 'arm-none-eabi-g++', 'qemu-system-arm')
const NAMES = ['keyword', 'wake', 'other']

t.test('each library runs its own kernels, whatever the order they are linked in', { skip }, async (t) => {
  const folder = await emptyFolder('platformio-versions')
  const model = ownModel('keyword_cnn2d_int8')
  const other = await otherVersion('platformio-versions')
  await emitLibrary(model.path, 'keyword', join(folder, 'keyword'))
  await emitLibrary(model.path, 'wake', join(folder, 'wake'))
  const args = ['compile', model.path, '--name', 'other', '--target', 'platformio', '--out', join(folder, 'other')]
  t.match(await other(args), { status: 0, stderr: '' })

  const main = [
    '#include <stdio.h>',
    countingText(NAMES, 'keyword'),
    'int main() {',
    ...NAMES.map((name) => `  printf("${name} %d\\n", equal_${name}());`),
    '  return 0;\n}\n',
  ].join('\n')
  for (const order of [NAMES, [...NAMES].reverse()]) {
    const project = join(folder, order.join('-'))
    const libraries = `lib_deps =\n${order.map((name) => `  symlink://${join(folder, name)}`).join('\n')}`
    await makeProject(project, [...HOST, libraries, ...CORTEX_M4, libraries], {
      'src/main.cpp': main,
      'include/keyword_vectors.h': vectorsHeader('keyword', await goldenVectors(model)),
    })
    const { stdout, stderr } = await pioOrThrow(['run', '--project-dir', project])
    for (const name of NAMES) t.match(stdout, `|-- eonc_${name} @ 1.0.0`)
    t.notMatch(stdout + stderr, /warning/i)
    const host = await runOrThrow(join(project, '.pio/build/host/program'), [])
    const m4 = await pioOrThrow(['run', '--project-dir', project, '--environment', 'm4', '--target', 'upload'])
    for (const text of [host.stdout, m4.stdout + m4.stderr]) {
      const counts = [...text.matchAll(/^(keyword|wake|other) (-?\d)\r?$/gm)].map(([, name, count]) => [name, count])
      t.same(Object.fromEntries(counts) as object, { keyword: '4', wake: '4', other: '0' })
    }
    t.same(await assemblerProblems(join(project, '.pio/build/m4/firmware.elf'), [version, OTHER_VERSION]), [])
  }
})
