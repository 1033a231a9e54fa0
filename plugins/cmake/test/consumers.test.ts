import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { emptyFolder } from '../../../test/support/folders.js'
import { chain, plain } from '../../../test/support/layers.js'
import { writeModel } from '../../../test/support/model-writer.js'
import { projectRoot, run, runOrThrow, skipWithout, strictWarnings } from '../../../test/support/toolchain.js'
import { buildAndTest, configure, consumers, emitModel, emitWithVectors, ownModel } from './cmake-project.js'

const skip = skipWithout('cmake', 'ninja', 'make', 'gcc', 'g++', 'clang', 'clang++')
const MODELS = await emptyFolder('cmake-consumers')
const WARNINGS = [...strictWarnings, '-Wpedantic'].join(' ')
const builds = join(MODELS, 'build')

if (skip === false) {
  await emitWithVectors(ownModel('keyword_cnn2d_int8'), 'keyword', MODELS)
  await emitWithVectors(ownModel('vibration_int8'), 'vibration', MODELS)
  await emitModel(ownModel('keyword_cnn2d_int8').path, 'wake', MODELS)
  await writeFile(join(MODELS, 'curve.tflite'), curve())
  await emitModel(join(MODELS, 'curve.tflite'), 'curve', MODELS)
}

/** TANH of five floats: a model that needs the math library. */
function curve(): Uint8Array {
  const tensor = (name: string) => ({ name, type: 'float32', shape: [1, 5] }) as const
  return writeModel(chain([tensor('x'), tensor('y')], [plain('TANH', 0, 1)]))
}

const COMPILERS = [
  { compiler: 'g++', C: 'gcc', generator: 'Ninja' },
  { compiler: 'clang++', C: 'clang', generator: 'Unix Makefiles' },
] as const
const STANDARDS = [
  { standard: '11', buildType: 'Release' },
  { standard: '14', buildType: 'MinSizeRel' },
  { standard: '17', buildType: 'Debug' },
  { standard: '20', buildType: undefined },
] as const

for (const { compiler, C, generator } of COMPILERS) {
  for (const { standard, buildType } of STANDARDS) {
    const how = `${compiler} as C++${standard}, ${buildType ?? 'without a build type'}, ${generator}`
    t.test(`add_subdirectory gives right outputs and no warning: ${how}`, { skip }, async (t) => {
      const { stdout } = await buildAndTest({
        source: join(consumers, 'add-subdirectory'),
        build: join(builds, `${compiler}-${standard}`),
        generator,
        variables: {
          MODELS,
          CMAKE_CXX_COMPILER: compiler,
          CMAKE_C_COMPILER: C,
          CMAKE_CXX_STANDARD: standard,
          CMAKE_CXX_FLAGS: WARNINGS,
          CMAKE_C_FLAGS: WARNINGS,
          CMAKE_BUILD_TYPE: buildType,
        },
      })
      t.equal(stdout.match(/\d+: 4 vectors equal/g)?.length, 2, 'in C++ and in C')
    })
  }
}

t.test('within another project the library adds its target, and nothing else', { skip }, async (t) => {
  const build = join(builds, 'g++-11')
  // the question that development environments ask
  const query = join(build, '.cmake/api/v1/query')
  await mkdir(query, { recursive: true })
  await writeFile(join(query, 'codemodel-v2'), '')
  await configure({ source: join(consumers, 'add-subdirectory'), build, variables: { MODELS } })
  const reply = join(build, '.cmake/api/v1/reply')
  const targets = (await readdir(reply)).filter((name) => name.startsWith('target-'))
  t.same(targets.map((name) => name.split('-')[1]).sort(), [
    'application_c',
    'application_cpp',
    'eonc_keyword',
    'recognizer',
  ])
  const library = await readFile(join(reply, targets.find((name) => name.includes('eonc_keyword')) ?? ''), 'utf8')
  const { sources } = JSON.parse(library) as { readonly sources: readonly { readonly path: string }[] }
  const listed = sources.map(({ path }) => path.split('/').at(-1)).sort()
  t.same(listed, [
    ...['keyword.cpp', 'keyword.h'],
    ...['keyword_armv6m.cpp', 'keyword_armv6m_weights.h'],
    ...['keyword_cmsis_nn.cpp', 'keyword_cmsis_nn_dsp.cpp'],
    ...['keyword_cmsis_nn_mve.cpp', 'keyword_cmsis_nn_mve_weights.h'],
    ...['keyword_dsp.cpp', 'keyword_dsp_weights.h', 'keyword_kernels.S', 'keyword_kernels.h'],
    ...['keyword_mve.cpp', 'keyword_mve_weights.h', 'keyword_weights.h'],
  ])

  const prefix = join(MODELS, 'unasked')
  await runOrThrow('cmake', ['--install', build, '--prefix', prefix])
  t.notOk((await readdir(MODELS)).includes('unasked'), 'nothing is installed unasked')
  await configure({ source: join(consumers, 'add-subdirectory'), build, variables: { EONC_INSTALL: 'ON' } })
  await runOrThrow('cmake', ['--build', build])
  await runOrThrow('cmake', ['--install', build, '--prefix', prefix])
  t.same((await readdir(prefix)).sort(), ['include', 'lib'])
})

t.test('FetchContent takes the folder as it is', { skip }, async (t) => {
  const build = join(builds, 'fetch-content')
  const { stdout } = await buildAndTest({ source: join(consumers, 'fetch-content'), build, variables: { MODELS } })
  t.match(stdout, /4 vectors equal/)
})

t.test('an installed model is found by its version, wherever it is moved to, and from C', { skip }, async (t) => {
  const installed = join(MODELS, 'installed')
  const moved = join(MODELS, 'moved')
  for (const name of ['keyword', 'curve']) {
    const build = join(builds, `install-${name}`)
    await configure({ source: join(MODELS, name), build, variables: { CMAKE_BUILD_TYPE: 'Release' } })
    await runOrThrow('cmake', ['--build', build, '--target', `eonc_${name}`])
    await runOrThrow('cmake', ['--install', build, '--prefix', installed, '--component', 'Unspecified'])
  }
  t.same((await readdir(join(installed, 'include'))).sort(), ['curve.h', 'keyword.h'], 'public headers alone')
  await rename(installed, moved)
  for (const name of await readdir(join(moved, 'lib/cmake/eonc_keyword'))) {
    t.notMatch(await readFile(join(moved, 'lib/cmake/eonc_keyword', name), 'utf8'), projectRoot, name)
  }
  const find = (version: string) => ({
    source: join(consumers, 'find-package'),
    build: join(builds, `find-package-${version}`),
    variables: { MODELS, CMAKE_PREFIX_PATH: moved, KEYWORD_VERSION: version },
  })
  const { stdout } = await buildAndTest(find('1.0'))
  t.match(stdout, /4 vectors equal, and a curve/)
  await t.rejects(configure(find('2.0')), /compatible with requested version "2\.0"/)
})

t.test('several models live together, as libraries and in one translation unit', { skip }, async (t) => {
  const { stdout } = await buildAndTest({
    source: join(consumers, 'several-models'),
    build: join(builds, 'several-models'),
    variables: { MODELS, CMAKE_CXX_FLAGS: WARNINGS },
  })
  t.equal(stdout.match(/\d+: 12 vectors equal/g)?.length, 2)
})

t.test('two contexts in two threads give what each gives alone, without a data race', { skip }, async (t) => {
  const { stdout } = await buildAndTest({
    source: join(consumers, 'threads'),
    build: join(builds, 'threads'),
    variables: { MODELS, CMAKE_BUILD_TYPE: 'Release', CMAKE_CXX_COMPILER: 'clang++' },
  })
  t.match(stdout, /20 and 20 vectors equal/)
})

t.test('a second model of the same name is refused by CMake', { skip }, async (t) => {
  const source = await emptyFolder('cmake-consumers/twice')
  const lines = ['cmake_minimum_required(VERSION 3.16)', 'project(twice CXX)']
  const add = (folder: string) => `add_subdirectory(${MODELS}/keyword ${folder})`
  await writeFile(join(source, 'CMakeLists.txt'), [...lines, add('a'), add('b'), ''].join('\n'))
  const { status, stderr } = await run('cmake', ['-S', source, '-B', join(builds, 'twice')])
  t.equal(status, 1)
  t.match(stderr, /cannot create target "eonc_keyword"/)
})
