import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { emptyFolder } from '../../../test/support/folders.js'
import { runOracle } from '../../../test/support/oracle.js'
import { runOrThrow } from '../../../test/support/toolchain.js'
import { ownModel, vectorsHeader } from '../../../test/support/vectors-header.js'
import { goldenVectors } from '../../../test/support/golden.js'
import { consumers, CORTEX_M4, emitLibrary, HOST, makeProject, pio, pioOrThrow } from './platformio.js'
import { skipWithoutPlatformio, TEST_IN_QEMU } from './platformio.js'

const skip = skipWithoutPlatformio('g++', 'arm-none-eabi-g++', 'qemu-system-arm')
const folder = await emptyFolder('platformio-build')
const keyword = ownModel('keyword_cnn2d_int8')
const libraries = { keyword: join(folder, 'keyword'), vibration: join(folder, 'vibration') }

if (skip === false) {
  await emitLibrary(keyword.path, 'keyword', libraries.keyword)
  await emitLibrary(ownModel('vibration_int8').path, 'vibration', libraries.vibration)
}

/** What the oracle gives for zeros. */
async function oracleOnZeros(): Promise<readonly number[]> {
  const job = { model: keyword.path, vectors: [[new Uint8Array(49 * 24)]] }
  const [result] = await runOracle([job], join(folder, 'oracle'))
  return result?.status === 'ok' ? [...new Int8Array(result.vectors[0]?.[0] ?? [])] : []
}

t.test('pio run builds the example for this machine and for a Cortex-M4F, where it runs', { skip }, async (t) => {
  const expected = await oracleOnZeros()
  t.equal(expected.length, 10)
  const project = join(folder, 'example')
  const library = `lib_deps = symlink://${libraries.keyword}`
  await makeProject(project, [...HOST, library, ...CORTEX_M4, library], {
    'src/main.cpp': await readFile(join(libraries.keyword, 'examples/keyword/src/main.cpp')),
  })
  for (const environment of ['host', 'm4']) {
    const args = ['run', '--project-dir', project, '--environment', environment]
    const { stdout, stderr } = await pioOrThrow(args)
    t.match(stdout, '|-- eonc_keyword @ 1.0.0')
    t.notMatch(stdout + stderr, /warning/i)
    const ran =
      environment === 'm4'
        ? await pioOrThrow([...args, '--target', 'upload'])
        : await runOrThrow(join(project, '.pio/build/host/program'), [])
    const outputs = [...(ran.stdout + ran.stderr).matchAll(/^output 0\[\d\] = (-?\d+) \(\d\.\d{3}\)$/gm)]
    t.same(
      outputs.map(([, value]) => Number(value)),
      expected,
      environment,
    )
  }
})

t.test('the project of an example is one that PlatformIO reads', { skip }, async (t) => {
  const example = join(libraries.keyword, 'examples/keyword')
  const { stdout } = await pioOrThrow(['project', 'config', '--project-dir', example, '--json-output'])
  t.match(JSON.parse(stdout), [['env:native', [['platform', 'native']]]])
  // its line for the library, in a project at the same place, on a platform that needs no registry
  const ini = await readFile(join(example, 'platformio.ini'), 'utf8')
  const project = join(libraries.vibration, 'examples/vibration')
  const [dependency = ''] = /^lib_deps = .*$/m.exec(ini) ?? []
  await makeProject(project, [...HOST, dependency])
  t.match((await pioOrThrow(['run', '--project-dir', project])).stdout, '|-- eonc_vibration @ 1.0.0')
})

t.test('pio test runs the golden vectors of two models compiled apart', { skip }, async (t) => {
  const project = join(folder, 'vectors')
  const tests = join(consumers, 'vectors/test')
  const headers = {
    'include/keyword_vectors.h': vectorsHeader('keyword', await goldenVectors(keyword)),
    'include/vibration_vectors.h': vectorsHeader('vibration', await goldenVectors(ownModel('vibration_int8'))),
  }
  const common = [
    `lib_deps =\n  symlink://${libraries.keyword}\n  symlink://${libraries.vibration}`,
    'test_framework = custom',
  ]
  await makeProject(project, [...HOST, ...common, ...CORTEX_M4, ...common, ...TEST_IN_QEMU], {
    ...headers,
    'test/test_custom_runner.py': await readFile(join(tests, 'test_custom_runner.py')),
    'test/test_vectors/main.cpp': await readFile(join(tests, 'test_vectors/main.cpp')),
  })
  for (const environment of ['host', 'm4']) {
    const { stdout } = await pioOrThrow(['test', '--project-dir', project, '--environment', environment])
    t.match(stdout, '8 test cases: 8 succeeded', environment)
  }
  // and can fail
  const wrong = headers['include/vibration_vectors.h'].replace(/(vibration_outputs.*\n +\{)-?\d+/, '$17')
  await makeProject(project, [...HOST, ...common], { 'include/vibration_vectors.h': wrong })
  const { status, stdout, stderr } = await pio(['test', '--project-dir', project])
  t.equal(status, 1)
  t.match(stdout + stderr, /8 test cases: 1 failed, 7 succeeded/)
})
