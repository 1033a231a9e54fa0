import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { eonc } from '../../../test/cli/command.js'
import { emptyFolder } from '../../../test/support/folders.js'
import { goldenVectors } from '../../../test/support/golden.js'
import { runOrThrow } from '../../../test/support/toolchain.js'
import { ownModel, vectorsHeader } from '../../../test/support/vectors-header.js'
import { consumers, HOST, makeProject, pioOrThrow, runPython, skipWithoutPlatformio } from './platformio.js'

const skip = skipWithoutPlatformio('g++')

t.test('PlatformIO takes a library of the target arduino', { skip }, async (t) => {
  const folder = await emptyFolder('platformio-arduino-library')
  const model = ownModel('keyword_cnn2d_int8')
  const library = join(folder, 'keyword')
  const args = ['compile', model.path, '--name', 'keyword', '--target', 'arduino', '--out', library]
  t.equal((await eonc(args)).status, 0)
  const { status, stdout, stderr } = await runPython('validate.py', [join(library, 'library.properties')])
  t.equal(status, 0, stderr)
  t.match(JSON.parse(stdout), { name: 'eonc_keyword', version: '1.0.0', frameworks: ['arduino'] })

  const main = await readFile(join(consumers, 'one-model/main.cpp'), 'utf8')
  const project = join(folder, 'project')
  // this machine has no framework Arduino
  await makeProject(project, [...HOST, `lib_deps = symlink://${library}`, 'lib_compat_mode = off'], {
    'src/main.cpp': main.replace('"keyword.h"', '<eonc_keyword.h>'),
    'include/keyword_vectors.h': vectorsHeader('keyword', await goldenVectors(model)),
  })
  await pioOrThrow(['run', '--project-dir', project])
  t.match((await runOrThrow(join(project, '.pio/build/host/program'), [])).stdout, '4 vectors equal')
})
