import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { emptyFolder } from '../../../test/support/folders.js'
import { runOrThrow } from '../../../test/support/toolchain.js'
import { ownModel, vectorsHeader } from '../../../test/support/vectors-header.js'
import { goldenVectors } from '../../../test/support/golden.js'
import { consumers, emitLibrary, HOST, makeProject, pioOrThrow, skipWithoutPlatformio } from './platformio.js'

const skip = skipWithoutPlatformio('g++', 'tar')
const folder = await emptyFolder('platformio-install')
const keyword = ownModel('keyword_cnn2d_int8')
const library = join(folder, 'keyword')
const archive = join(folder, 'eonc_keyword-1.2.3.tar.gz')

if (skip === false) {
  await emitLibrary(keyword.path, 'keyword', library, ['--library-version', '1.2.3', '--author', 'Ada'])
  await pioOrThrow(['pkg', 'pack', library, '--output', archive])
}

/** A project for this machine that runs the golden vectors of `keyword`. */
async function project(name: string): Promise<string> {
  const path = join(folder, name)
  await makeProject(path, HOST, {
    'src/main.cpp': await readFile(join(consumers, 'one-model/main.cpp')),
    'include/keyword_vectors.h': vectorsHeader('keyword', await goldenVectors(keyword)),
  })
  return path
}

/** Builds a project and runs its program. */
async function buildAndRun(path: string): Promise<string> {
  const { stdout } = await pioOrThrow(['run', '--project-dir', path])
  return stdout + (await runOrThrow(join(path, '.pio/build/host/program'), [])).stdout
}

t.test('pio pkg pack makes an archive of what the library is, and nothing else', { skip }, async (t) => {
  const { stdout } = await runOrThrow('tar', ['--list', '--file', archive])
  const paths = stdout.split('\n').filter((path) => path !== '' && !path.endsWith('/') && path !== '.piopm')
  t.same(paths.map((path) => path.replace(/^\.\//, '')).sort(), [
    'LICENSE',
    'README.md',
    ...(paths.some((path) => path.endsWith('eonc.json')) ? ['eonc.json'] : []),
    'examples/keyword/platformio.ini',
    'examples/keyword/src/main.cpp',
    'flags.py',
    'library.json',
    'src/keyword.cpp',
    'src/keyword.h',
    ...['src/keyword_armv6m.cpp', 'src/keyword_armv6m_weights.h'],
    ...['src/keyword_cmsis_nn.cpp', 'src/keyword_cmsis_nn_dsp.cpp'],
    ...['src/keyword_cmsis_nn_mve.cpp', 'src/keyword_cmsis_nn_mve_weights.h'],
    ...['src/keyword_dsp.cpp', 'src/keyword_dsp_weights.h'],
    'src/keyword_kernels.S',
    'src/keyword_kernels.h',
    'src/keyword_mve.cpp',
    'src/keyword_mve_weights.h',
    'src/keyword_weights.h',
  ])
})

t.test('pio pkg install takes the archive', { skip }, async (t) => {
  const path = await project('by-pkg-install')
  await pioOrThrow(['pkg', 'install', '--project-dir', path, '--library', `file://${archive}`])
  t.match(await readFile(join(path, 'platformio.ini'), 'utf8'), `file://${archive}`, 'and notes it')
  t.same(await readdir(join(path, '.pio/libdeps/host')), ['eonc_keyword'])
  const text = await buildAndRun(path)
  t.match(text, '|-- eonc_keyword @ 1.2.3')
  t.match(text, '4 vectors equal')
})

t.test('pio lib install takes the archive, and the folder', { skip }, async (t) => {
  for (const [name, source] of [
    ['by-lib-install-archive', `file://${archive}`],
    ['by-lib-install-folder', `file://${library}`],
  ] as const) {
    const path = await project(name)
    await pioOrThrow(['lib', '--storage-dir', path, 'install', source])
    t.match(await buildAndRun(path), '4 vectors equal', name)
  }
})

t.test('pio ci builds the example of the library', { skip }, async (t) => {
  const path = join(folder, 'ci')
  await makeProject(path, HOST)
  const { stdout } = await pioOrThrow([
    'ci',
    join(library, 'examples/keyword/src/main.cpp'),
    `--lib=${library}`,
    `--project-conf=${join(path, 'platformio.ini')}`,
  ])
  t.match(stdout, 'SUCCESS')
})
