import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { ModelSources } from '../../src/compile.js'
import { activation, bias, conv, weights } from '../support/layers.js'
import { type ModelSpec, type TensorSpec, writeModel } from '../support/model-writer.js'
import { writeSources } from '../support/sources.js'
import { projectRoot, run, runOrThrow, skipWithout, strictWarnings } from '../support/toolchain.js'
import { compileAs } from './subjects.js'

const WORK = join(projectRoot, 'build/test/models/names')
/** Trigraphs are part of these versions of the language. */
const COMPILERS = [
  { command: 'g++', flags: ['-std=c++11'] },
  { command: 'clang++', flags: ['-std=c++11'] },
  { command: 'g++', flags: ['-std=c++20'] },
  { command: 'gcc', flags: ['-x', 'c', '-std=c99'] },
  { command: 'clang', flags: ['-x', 'c', '-std=c99'] },
]
const WARNINGS = [...strictWarnings, '-pedantic', '-Wcomment', '-Wtrigraphs']

/** Names that would change the meaning of code around them, or that are hard on whoever prints them. */
const HOSTILE: readonly (string | undefined)[] = [
  '*/ int injected; /*',
  '/*/ #error injected /*/',
  '**//**/ */',
  'a\n#error injected\n',
  'a\r\n#error injected',
  'a\u2028#error injected',
  '"quoted" \'quoted\' `quoted`',
  'ends with a backslash \\',
  'a\\\n*/ int injected; /*',
  '??/',
  '???/\n???/',
  '??(injected??)',
  '*??/\n/ int injected;',
  '*\u0000/ int injected; /\u0000*',
  '*\u00e9/ \u7532\u4e59 \ud83d\ude00 \u202eright to left',
  '<%= injected %> ${injected} %s%n',
  '// #include <injected.h>',
  'x'.repeat(5_000),
  '*/'.repeat(1_000),
  '?'.repeat(1_000),
  ' ',
  '',
  undefined,
]

/** A network of a convolution, an addition and a table, whose tensors have these names. */
function network(name: (index: number) => string | undefined): ModelSpec {
  const tensors: readonly TensorSpec[] = [
    activation('input', [1, 5, 5, 2]),
    weights('weights', [2, 3, 3, 2]),
    bias('bias', [5, -7]),
    activation('features', [1, 5, 5, 2]),
    activation('sum', [1, 5, 5, 2], 0.1, 4),
    activation('probability', [1, 5, 5, 2], 1 / 256, -128),
  ]
  return {
    tensors: tensors.map(({ name: _, ...tensor }, index) => {
      const renamed = name(index)
      return renamed === undefined ? tensor : { ...tensor, name: renamed }
    }),
    operators: [
      conv([0, 1, 2], 3, 'SAME'),
      { kind: 'ADD', inputs: [0, 3], outputs: [4], options: { activation: 'NONE' } },
      { kind: 'LOGISTIC', inputs: [4], outputs: [5] },
    ],
    inputs: [0],
    outputs: [5, 3],
    description: name(0) ?? '',
  }
}

/** The network compiled, its tensors named by what follows item `first` of the list. */
const compiled = (name: string, first: number): ModelSources =>
  compileAs(writeModel(network((index) => HOSTILE[(first + index) % HOSTILE.length])), name)

/** Every hostile name is the name of an input in one of these. */
const sources = HOSTILE.map((_, index) => compiled(`hostile${index}`, index))

t.test('names do not change the code, only its comments', { skip: skipWithout('g++') }, async (t) => {
  // The preprocessor leaves no comments; as plain C++11 it reads trigraphs.
  const codeOf = async (set: ModelSources): Promise<string> => {
    await writeSources(WORK, set.files)
    const { stdout } = await runOrThrow('g++', ['-std=c++11', '-E', '-P', `${set.facts.name}.cpp`], { cwd: WORK })
    return stdout
  }
  const plain = await codeOf(compileAs(writeModel(network((index) => `tensor${index}`)), 'hostile'))
  t.match(plain, 'eonc_conv_2d_s8(eonc_from_rom(op0)')
  for (const [index] of HOSTILE.entries()) {
    const code = await codeOf(compiled('hostile', index))
    t.ok(code === plain, `names from number ${index} on`)
  }
})

for (const { command, flags } of COMPILERS) {
  t.test(`${[command, ...flags].join(' ')} has nothing to warn of`, { skip: skipWithout(command) }, async (t) => {
    const folder = await writeSources(
      join(WORK, [command, ...flags].join('')),
      sources.flatMap(({ files }) => files),
    )
    const ending = flags.includes('c') ? 'h' : 'cpp'
    const headers = sources.map(({ facts }) => `#include "${facts.name}.h"\n`).join('')
    await writeFile(join(folder, 'all.h'), `${headers}void use(void);\n`)
    const files = ending === 'h' ? ['all.h'] : sources.map(({ facts }) => `${facts.name}.cpp`)
    const { status, stdout, stderr } = await run(command, [...flags, ...WARNINGS, '-fsyntax-only', ...files], {
      cwd: folder,
    })
    t.strictSame({ status, text: stdout + stderr }, { status: 0, text: '' })
  })
}

t.test('whatever the names are, lines are short and of ASCII', (t) => {
  for (const { files, facts } of sources) {
    const lines = files
      .filter(({ path }) => !/_kernels\.[hS]$/.test(path))
      .flatMap(({ contents }) => contents.split('\n'))
    t.same(
      lines.filter((line) => line.length > 120 || /[^\x20-\x7e]/.test(line)),
      [],
      facts.name,
    )
  }
  t.end()
})
