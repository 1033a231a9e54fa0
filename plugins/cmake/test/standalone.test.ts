import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { emptyFolder } from '../../../test/support/folders.js'
import { activation } from '../../../test/support/layers.js'
import { writeModel } from '../../../test/support/model-writer.js'
import { runOrThrow, skipWithout, strictWarnings } from '../../../test/support/toolchain.js'
import { buildAndTest, emitModel, ownModel } from './cmake-project.js'

const skip = skipWithout('cmake', 'ninja', 'make', 'gcc', 'g++')
const folder = await emptyFolder('cmake-standalone')

/** Inputs and outputs of different types, several of each: a float that is quantized, and an int8 turned to float. */
const mixed = writeModel({
  tensors: [
    { name: 'real in', type: 'float32', shape: [1, 2] },
    activation('int8 in', [1, 3]),
    activation('int8 out', [1, 2]),
    { name: 'real out', type: 'float32', shape: [1, 3] },
  ],
  operators: [
    { kind: 'QUANTIZE', inputs: [0], outputs: [2] },
    { kind: 'DEQUANTIZE', inputs: [1], outputs: [3] },
  ],
  inputs: [0, 1],
  outputs: [2, 3],
})
await writeFile(join(folder, 'mixed.tflite'), mixed)

const EXAMPLES = [
  {
    name: 'keyword',
    path: ownModel('keyword_cnn2d_int8').path,
    generator: 'Ninja',
    buildType: 'Release',
    prints: /(output 0\[\d\] = -?\d+ \(\S+\)\n(\d+: )?){10}/,
  },
  {
    name: 'regression',
    path: ownModel('regression_float32').path,
    generator: 'Unix Makefiles',
    buildType: 'MinSizeRel',
    prints: /output 0\[0\] = -?\d+\.\d+\n/,
  },
  {
    name: 'mixed',
    path: join(folder, 'mixed.tflite'),
    generator: 'Ninja',
    buildType: undefined,
    // a byte of 0 with a zero point of -3 and a scale of 0.05 is 0.15
    prints: /output 0\[0\] = -3 \(0\)\n(.*\n)*.*output 1\[2\] = 0\.15\n/,
  },
] as const

for (const { name, path, generator, buildType, prints } of EXAMPLES) {
  t.test(`an emitted folder is a project whose example runs: ${name}, ${generator}`, { skip }, async (t) => {
    await emitModel(path, name, folder)
    const { stdout } = await buildAndTest({
      source: join(folder, name),
      build: join(folder, `build-${name}`),
      generator,
      variables: { CMAKE_BUILD_TYPE: buildType, CMAKE_CXX_FLAGS: strictWarnings.join(' ') },
    })
    t.match(stdout, prints)
  })

  t.test(`the code in its README compiles, as C and as C++: ${name}`, { skip }, async (t) => {
    const readme = await readFile(join(folder, name, 'README.md'), 'utf8')
    const [, code = ''] = /```c\n([^`]*)```/.exec(readme) ?? []
    t.match(code, `${name}_invoke`)
    for (const [compiler, language] of [
      ['gcc', 'c'],
      ['g++', 'c++'],
    ] as const) {
      const flags = ['-fsyntax-only', ...strictWarnings, '-I', join(folder, name, 'src'), '-x', language, '-']
      await runOrThrow(compiler, flags, { input: code })
    }
  })
}
