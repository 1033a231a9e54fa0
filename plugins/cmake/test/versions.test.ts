/** Libraries that were compiled apart, by the same version and by another one, in one program. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { version } from '../../../src/index.js'
import { emptyFolder } from '../../../test/support/folders.js'
import { projectRoot, skipWithout, strictWarnings } from '../../../test/support/toolchain.js'
import { assemblerProblems, countingText, OTHER_VERSION, otherVersion } from '../../../test/support/versions.js'
import { buildAndTest, consumers, emitModel, emitWithVectors, ownModel } from './cmake-project.js'

const skip = skipWithout('cmake', 'ninja', 'g++', 'arm-none-eabi-g++', 'qemu-system-arm')
const NAMES = ['keyword', 'wake', 'other']

t.test('each library runs its own kernels, linked in any order, or as one translation unit', { skip }, async (t) => {
  const MODELS = await emptyFolder('cmake-versions')
  const BOARD = join(projectRoot, 'examples/cortex-m4')
  const model = ownModel('keyword_cnn2d_int8')
  const other = await otherVersion('cmake-versions')
  await emitWithVectors(model, 'keyword', MODELS)
  await emitModel(model.path, 'wake', MODELS)
  const args = ['compile', model.path, '--name', 'other', '--target', 'cmake', '--out', join(MODELS, 'other')]
  t.match(await other(args), { status: 0, stderr: '' })
  const counts = NAMES.map((name) => `  printf("${name} %d\\n", equal_${name}());`)
  const main = ['#include <stdio.h>', countingText(NAMES, 'keyword'), 'int main() {', ...counts, '}\n']
  await writeFile(join(MODELS, 'main.cpp'), main.join('\n'))
  const board = {
    BOARD,
    BOARD_SOURCES: join(BOARD, 'startup.c'),
    CMAKE_TOOLCHAIN_FILE: join(BOARD, 'toolchain.cmake'),
    CMAKE_BUILD_TYPE: 'MinSizeRel',
  }
  for (const [index, order] of [NAMES, [...NAMES].reverse()].entries()) {
    for (const [where, settings] of [
      ['host', {}],
      ['m4', board],
    ] as const) {
      const build = join(MODELS, `build-${index}-${where}`)
      const variables = {
        MODELS,
        NAMES: order.join(';'),
        CMAKE_CXX_FLAGS_MINSIZEREL: `-Os ${strictWarnings.join(' ')}`,
      }
      const { stdout } = await buildAndTest({
        source: join(consumers, 'versions'),
        build,
        variables: { ...variables, ...settings },
      })
      const found = [...stdout.matchAll(/(keyword|wake|other) (-?\d)$/gm)].map(([, name, count]) => `${name} ${count}`)
      t.same(found, Array(2).fill(['keyword 4', 'wake 4', 'other 0']).flat(), `${where}, ${order.join(', ')}`)
      if (where === 'host') continue
      for (const program of ['libraries', 'one_unit']) {
        t.same(await assemblerProblems(join(build, program), [version, OTHER_VERSION]), [], program)
      }
    }
  }
})
