/** The extra script for PlatformIO projects, run by PlatformIO. */
import { copyFile, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import {
  consumers,
  CORTEX_M4,
  HOST,
  makeProject,
  pio,
  pioOrThrow,
  skipWithoutPlatformio,
  TEST_IN_QEMU,
} from '../../plugins/platformio/test/platformio.js'
import { COMMAND } from '../cli/command.js'
import { emptyFolder } from '../support/folders.js'
import { goldenVectors } from '../support/golden.js'
import { projectRoot, runOrThrow } from '../support/toolchain.js'
import { ownModel, vectorsHeader } from '../support/vectors-header.js'

const skip = skipWithoutPlatformio('g++', 'arm-none-eabi-g++', 'qemu-system-arm')
const SCRIPT = `extra_scripts = pre:${join(projectRoot, 'platformio/eonc.py')}`
const keyword = ownModel('keyword_cnn2d_int8')
const vibration = ownModel('vibration_int8')

/** A project with a model named `keyword`, whose program runs its golden vectors. */
async function keywordProject(name: string, lines: readonly string[]): Promise<string> {
  const project = join(await emptyFolder(`platformio-script/${name}`), 'a project')
  await makeProject(project, lines, {
    'models/keyword.tflite': await readFile(keyword.path),
    'src/main.cpp': await readFile(join(consumers, 'one-model/main.cpp')),
    'include/keyword_vectors.h': vectorsHeader('keyword', await goldenVectors(keyword)),
  })
  return project
}

/** Builds a project; gives the models that were compiled. */
async function compiledBy(project: string): Promise<readonly string[]> {
  const { stdout } = await pioOrThrow(['run', '--project-dir', project])
  return [...stdout.matchAll(/^Compiling models\/(\w+)\.tflite$/gm)].map(([, name = '']) => name)
}

t.test('models are compiled before the build, and again only when something has changed', { skip }, async (t) => {
  const project = await keywordProject('changes', [...HOST, SCRIPT])
  const model = join(project, 'models/keyword.tflite')
  const program = join(project, '.pio/build/host/program')
  t.same(await compiledBy(project), ['keyword'])
  t.match((await runOrThrow(program, [])).stdout, '4 vectors equal')

  const built = (await stat(program)).mtimeMs
  t.same(await compiledBy(project), [], 'nothing has changed')
  await utimes(model, new Date(), new Date())
  t.same(await compiledBy(project), [], 'a new date changes nothing')
  t.equal((await stat(program)).mtimeMs, built, 'and nothing is built again')

  await makeProject(project, [...HOST, SCRIPT, 'custom_eonc_options = --input preserve'])
  t.same(await compiledBy(project), ['keyword'], 'other options')
  t.match((await runOrThrow(program, [])).stdout, '4 vectors equal')
  const generated = join(project, '.pio/eonc/host/keyword/src/keyword.h')
  t.match(await readFile(generated, 'utf8'), 'which an inference leaves as it is')

  await copyFile(vibration.path, join(project, 'models/vibration.tflite'))
  t.same(await compiledBy(project), ['vibration'], 'another model')
  const other = ownModel('keyword_cnn1d_int8')
  await copyFile(other.path, model)
  const header = vectorsHeader('keyword', await goldenVectors(other))
  await writeFile(join(project, 'include/keyword_vectors.h'), header)
  t.same(await compiledBy(project), ['keyword'], 'a model that is another one now')
  t.match((await runOrThrow(program, [])).stdout, '4 vectors equal')
  await rm(join(project, '.pio/eonc/host/keyword'), { recursive: true })
  t.same(await compiledBy(project), ['keyword'], 'an output that is gone')

  await rm(join(project, 'models/vibration.tflite'))
  t.same(await compiledBy(project), [])
  t.same((await readdir(join(project, '.pio/eonc/host'))).sort(), ['keyword', 'keyword.json'], 'a model that is gone')
})

t.test('pio test runs two models of a project on a Cortex-M4F, each with options of its own', { skip }, async (t) => {
  const project = await keywordProject('test', [
    ...CORTEX_M4,
    SCRIPT,
    'custom_eonc_options = --optimize ram',
    'custom_eonc_options_vibration = --input preserve',
    'test_framework = custom',
    ...TEST_IN_QEMU,
  ])
  const tests = join(consumers, 'vectors/test')
  await makeProject(project, (await readFile(join(project, 'platformio.ini'), 'utf8')).split('\n'), {
    'models/vibration.tflite': await readFile(vibration.path),
    'include/vibration_vectors.h': vectorsHeader('vibration', await goldenVectors(vibration)),
    'test/test_custom_runner.py': await readFile(join(tests, 'test_custom_runner.py')),
    'test/test_vectors/main.cpp': await readFile(join(tests, 'test_vectors/main.cpp')),
  })
  const { stdout } = await pioOrThrow(['test', '--project-dir', project])
  t.match(stdout, '8 test cases: 8 succeeded')
  const read = (name: string) => readFile(join(project, `.pio/eonc/m4/${name}/src/${name}.h`), 'utf8')
  t.match(await read('vibration'), 'which an inference leaves as it is')
  t.notMatch(await read('keyword'), 'which an inference leaves as it is')
})

t.test('what is wrong ends the build, and says what to do', { skip }, async (t) => {
  const project = await keywordProject('errors', [...HOST, SCRIPT])
  const fails = async (lines: readonly string[], message: RegExp | string): Promise<void> => {
    await makeProject(project, [...HOST, ...lines])
    const { status, stdout, stderr } = await pio(['run', '--project-dir', project])
    t.equal(status, 1)
    t.match(stdout + stderr, message)
  }
  await fails(
    [SCRIPT, 'custom_eonc_options = --optimize fast'],
    /--optimize.*\n(.*\n)*eonc: keyword\.tflite could not be/,
  )
  await fails([SCRIPT, 'custom_eonc_models = networks'], /eonc: there is no folder .*networks/)
  await fails(
    [SCRIPT, 'custom_eonc_command = no_such_program'],
    /eonc: no_such_program cannot be run: .*npm install eonc/,
  )
  await fails([SCRIPT, 'custom_eonc_command = false'], /eonc: false --version fails/)
  await copyFile(join(projectRoot, 'platformio/eonc.py'), join(project, 'eonc.py'))
  await fails(['extra_scripts = pre:eonc.py'], /eonc: it is not found\. Install Node\.js 20 or newer/)

  const good = join(project, 'models/keyword.tflite')
  await copyFile(good, join(project, 'models/Keyword.tflite'))
  await fails([SCRIPT], /eonc: Keyword\.tflite and keyword\.tflite both give eonc_keyword/)
  await rm(join(project, 'models/Keyword.tflite'))
  await writeFile(good, 'This is no model.\n')
  await fails([SCRIPT], /error BAD_FILE(.*\n)+eonc: keyword\.tflite could not be compiled/)
})

t.test('the eonc of the project and a command of its own are used', { skip }, async (t) => {
  const project = await keywordProject('commands', [
    ...HOST,
    SCRIPT,
    `custom_eonc_command = ${COMMAND.map((word) => `"${word}"`).join(' ')}`,
  ])
  t.same(await compiledBy(project), ['keyword'])
  t.same(await compiledBy(project), [])
  await makeProject(project, [...HOST, 'extra_scripts = pre:eonc.py'], {
    'eonc.py': await readFile(join(projectRoot, 'platformio/eonc.py')),
    'node_modules/.bin/eonc': `#!/bin/sh\nexec ${COMMAND.map((word) => `"${word}"`).join(' ')} "$@"\n`,
  })
  await runOrThrow('chmod', ['+x', join(project, 'node_modules/.bin/eonc')])
  await rm(join(project, '.pio/eonc'), { recursive: true })
  t.same(await compiledBy(project), ['keyword'])
})
