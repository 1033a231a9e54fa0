/** `eonc_add_model` in a project of a user, by the real CMake: however it comes, whatever builds, whatever changes. */
import { chmod, copyFile, cp, mkdir, readFile, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { buildAndTest, configure, ownModel } from '../../plugins/cmake/test/cmake-project.js'
import { version } from '../../src/index.js'
import { environment } from '../cli/command.js'
import { emptyFolder } from '../support/folders.js'
import { goldenVectors } from '../support/golden.js'
import { findTool, projectRoot, run, runOrThrow, skipWithout } from '../support/toolchain.js'
import { vectorsHeader } from '../support/vectors-header.js'

const skip = skipWithout('cmake', 'ninja', 'make', 'gcc', 'g++')
const base = await emptyFolder('cmake-module')
const GENERATORS = ['Ninja', 'Unix Makefiles'] as const

/** A user's project in a folder of its own, with its models and the vectors to compare with. */
async function project(name: string): Promise<string> {
  const folder = join(base, name)
  await cp(join(projectRoot, 'test/cmake/consumer'), folder, { recursive: true })
  for (const [model, file] of [
    ['keyword', 'keyword_cnn2d_int8'],
    ['vibration', 'vibration_int8'],
  ] as const) {
    await copyFile(ownModel(file).path, join(folder, `${model}.tflite`))
    await writeFile(join(folder, `${model}_vectors.h`), vectorsHeader(model, await goldenVectors(ownModel(file))))
  }
  return folder
}

const EONC = projectRoot
const WAYS = [
  { HOW: 'find_package', CMAKE_PREFIX_PATH: EONC, EONC_VERSION: version },
  { HOW: 'include', EONC },
  { HOW: 'add_subdirectory', EONC },
  { HOW: 'FetchContent', EONC },
] as const

for (const [index, variables] of WAYS.entries()) {
  const generator = GENERATORS[index % 2] ?? 'Ninja'
  t.test(`by ${variables.HOW}, with ${generator}`, { skip }, async (t) => {
    const source = await project(variables.HOW)
    const { stdout } = await buildAndTest({ source, build: join(source, 'build'), generator, variables })
    t.match(stdout, /0 of 12 vectors wrong/)
  })
}

t.test('EONC_CMSIS_NN makes all models compute with CMSIS-NN; without one it is an error', { skip }, async (t) => {
  const source = await project('cmsis-nn')
  const build = join(source, 'build')
  const on = { HOW: 'include', EONC, EONC_CMSIS_NN: 'ON' }
  const configuration = { source, build, variables: { ...on, CMSIS_NN_DIR: join(projectRoot, 'test/cmsis-nn/double') } }
  const { stdout } = await buildAndTest(configuration)
  t.match(stdout, /0 of 12 vectors wrong/)
  const symbols = await runOrThrow('nm', [join(build, 'application')])
  t.match(symbols.stdout, /arm_convolve_wrapper_s8/)

  const settings = Object.entries(on).map(([name, value]) => `-D${name}=${value}`)
  const { status, stderr } = await run('cmake', ['-S', source, '-B', join(source, 'none'), ...settings])
  t.equal(status, 1)
  t.match(stderr.replace(/\s+/g, ' '), /EONC_CMSIS_NN is ON, but there is no CMSIS-NN.*Set CMSIS_NN_DIR to a clone of/)
})

for (const generator of GENERATORS) {
  t.test(`what changes is compiled anew, and nothing else: ${generator}`, { skip }, async (t) => {
    const source = await project(`changes ${generator}`)
    const build = join(source, 'build')
    const configuration = { source, build, generator, variables: { HOW: 'include', EONC } } as const
    await configure(configuration)
    const make = async (): Promise<readonly string[]> => {
      const { stdout } = await runOrThrow('cmake', ['--build', build, '--parallel', '4'], { env: environment })
      return [...stdout.matchAll(/Compiling (\w+) with eonc|Building CXX object .*\/(\w+)\.cpp/g)].map(
        ([, model, object]) => model ?? `${object ?? ''}.o`,
      )
    }
    t.same([...(await make())].sort(), ['keyword', 'keyword.o', 'pair', 'pair.o'], 'all at first, in parallel')
    t.same(await make(), [], 'nothing when nothing changes')

    await copyFile(ownModel('vision_int8').path, join(source, 'vibration.tflite'))
    t.same(await make(), ['pair', 'pair.o'], 'another model')
    const text = await readFile(join(build, 'eonc/pair/src/vibration.h'), 'utf8')
    t.notMatch(text, 'VIBRATION_INPUT_0_ELEMENTS 24\n')

    await utimes(join(source, 'vibration.tflite'), new Date(), new Date())
    t.same(await make(), ['pair'], 'the same model with another time gives the same code')

    await configure({ ...configuration, variables: { ...configuration.variables, MODEL_OPTIONS: '--input;preserve' } })
    t.same(await make(), ['keyword', 'keyword.o'], 'an option')
    await runOrThrow('cmake', ['--build', build, '--target', 'clean'])
    t.same([...(await make())].sort(), ['keyword', 'keyword.o', 'pair', 'pair.o'], 'all after clean')
  })
}

const cross = skip || skipWithout('arm-none-eabi-g++', 'qemu-system-arm')
t.test('with a cross toolchain, in QEMU', { skip: cross }, async (t) => {
  const source = await project('cross')
  const BOARD = join(projectRoot, 'examples/cortex-m4')
  const { stdout } = await buildAndTest({
    source,
    build: join(source, 'build'),
    variables: {
      HOW: 'find_package',
      CMAKE_PREFIX_PATH: EONC,
      BOARD,
      BOARD_SOURCES: join(BOARD, 'startup.c'),
      CMAKE_TOOLCHAIN_FILE: join(BOARD, 'toolchain.cmake'),
      CMAKE_BUILD_TYPE: 'MinSizeRel',
    },
  })
  t.match(stdout, /0 of 12 vectors wrong/)
})

/** A clone of the repository that has not been built, without what the module does not look at. */
async function clone(name: string): Promise<string> {
  const folder = join(base, name)
  await cp(join(projectRoot, 'cmake'), join(folder, 'cmake'), { recursive: true })
  for (const file of ['CMakeLists.txt', 'package.json', 'package-lock.json']) {
    await copyFile(join(projectRoot, file), join(folder, file))
  }
  return folder
}

/** CMake looks for programs where systems have them, too; here it does not. */
const ONLY_PATH = '-DCMAKE_FIND_USE_CMAKE_SYSTEM_PATH=OFF'

/** A folder for PATH with these programs of this machine. */
async function programs(name: string, ...names: readonly string[]): Promise<string> {
  const folder = join(base, name)
  await mkdir(folder)
  for (const each of names) await symlink(findTool(each) ?? '', join(folder, each))
  return folder
}

t.test('a clone that was not built is built once, and has to have npm', { skip }, async (t) => {
  const source = await project('unbuilt')
  const EONC = await clone('clone')
  const PATH = await programs('no-npm', 'cmake', 'ninja', 'gcc', 'g++', 'as', 'ld', 'ar', 'ranlib', 'node', 'sh', 'ln')
  const settings = ['-DHOW=FetchContent', `-DEONC=${EONC}`, ONLY_PATH]
  const setUp = () =>
    run('cmake', ['-S', source, '-B', join(source, 'build'), '-G', 'Ninja', ...settings], { env: { PATH } })
  t.match(await setUp(), {
    status: 1,
    stderr: /has not been built in\s[^]*no npm on\s+PATH[^]*`npm ci` and `npm\s+run build`/,
  })

  const npm = join(PATH, 'npm')
  await writeFile(npm, '#!/bin/sh\necho no network >&2\nexit 1\n')
  await chmod(npm, 0o755)
  t.match(await setUp(), { status: 1, stderr: /`npm ci` in\s+\S+\s+failed[^]*no network[^]*EONC_COMMAND/ })

  // what npm would make
  const make = `[ "$1" = ci ] && ln -s ${projectRoot}/node_modules node_modules || ln -s ${projectRoot}/dist dist`
  await writeFile(npm, `#!/bin/sh\n${make}\n`)
  t.match(await setUp(), { status: 0, stdout: /Building eonc in / })
  t.notMatch((await setUp()).stdout, /Building eonc in /)
  await runOrThrow('cmake', ['--build', join(source, 'build')], { env: { PATH } })
})

t.test('what is missing or wrong is an error that says what to do', { skip }, async (t) => {
  const source = await project('errors')
  const lines = async (...text: readonly string[]): Promise<void> =>
    writeFile(join(source, 'CMakeLists.txt'), ['cmake_minimum_required(VERSION 3.16)', ...text, ''].join('\n'))
  const include = (root: string): string => `include(${root}/cmake/eonc.cmake)`
  const attempt = async (
    t: Test,
    stderr: RegExp,
    { PATH = process.env['PATH'] ?? '', settings = [] as readonly string[] } = {},
  ) => {
    const build = await emptyFolder('cmake-module/errors/build')
    const result = await run('cmake', ['-S', source, '-B', build, '-G', 'Ninja', ONLY_PATH, ...settings], {
      env: { PATH },
    })
    // CMake breaks lines as it likes
    t.match({ ...result, stderr: result.stderr.replace(/\s+/g, ' ') }, { status: 1, stderr })
  }
  const tools = ['cmake', 'ninja', 'gcc', 'g++', 'as', 'ld', 'ar', 'ranlib', 'sh'] as const

  await lines('project(x CXX)', include(projectRoot), 'eonc_add_model(k MODEL keyword.tflite)')
  await attempt(t, /needs Node\.js 20 or newer, and there is none on PATH.*Install it/, {
    PATH: await programs('no-node', ...tools),
  })
  const old = join(base, 'old-node')
  await writeFile(old, '#!/bin/sh\necho v18.20.0\n')
  await chmod(old, 0o755)
  await attempt(t, /needs Node\.js 20 or newer: \S+ is v18\.20\.0/, { settings: [`-DEONC_NODE=${old}`] })
  await attempt(t, /no eonc at EONC_COMMAND: \/nowhere/, { settings: ['-DEONC_COMMAND=/nowhere'] })

  const alone = join(base, 'alone')
  await cp(join(projectRoot, 'cmake'), join(alone, 'cmake'), { recursive: true })
  await lines('project(x CXX)', include(alone), 'eonc_add_model(k MODEL keyword.tflite)')
  await attempt(t, /There is no eonc\. Run `npm install --global eonc`/, {
    PATH: await programs('no-eonc', ...tools, 'node'),
  })

  await lines('project(x C)', include(projectRoot), 'eonc_add_model(k MODEL keyword.tflite)')
  await attempt(t, /add CXX to the LANGUAGES/)
  await lines('project(x CXX)', include(projectRoot), 'eonc_add_model(k MODEL gone.tflite)')
  await attempt(t, /eonc_add_model\(k\): there is no model \S+gone\.tflite/)
  await lines('project(x CXX)', include(projectRoot), 'eonc_add_model(k MODELS keyword.tflite)')
  await attempt(t, /usage: eonc_add_model\(<target> MODEL/)
  await lines('project(x CXX)', `find_package(eonc 999 REQUIRED PATHS ${projectRoot})`)
  await attempt(t, /requested version "999"/)
})

t.test('a model that cannot be compiled fails the build, with the diagnostic', { skip }, async (t) => {
  const source = await project('refused')
  await writeFile(join(source, 'keyword.tflite'), 'This is no model.')
  const build = join(source, 'build')
  await configure({ source, build, variables: { HOW: 'include', EONC } })
  const { status, stdout, stderr } = await run('cmake', ['--build', build], { env: environment })
  t.not(status, 0)
  t.match(stdout + stderr, /error BAD_FILE: /)
})
