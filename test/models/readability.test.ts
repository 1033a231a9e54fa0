import { readFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { glob } from 'glob'
import t, { type Test } from 'tap'
import { inspect, type Inspection } from '../../src/index.js'
import type { ModelSources } from '../../src/compile.js'
import { activation, bias, conv, weights } from '../support/layers.js'
import { writeModel } from '../support/model-writer.js'
import { projectRoot } from '../support/toolchain.js'
import { compileAll, compileAs, foreignFiles, ownFiles, skipWithoutForeign, type Subject } from './subjects.js'

const COLUMNS = 120
/** As long as a model's name may be. */
const LONG_NAME = 'a23456789_'.repeat(4).replace(/_$/, 'z')

const own = await compileAll(ownFiles)
const foreign = await compileAll(foreignFiles)

const textOf = ({ files }: ModelSources, ending: string): string =>
  files.find(({ path }) => path.endsWith(ending))?.contents ?? ''

/** What a comment says of the call behind it. */
interface CallComment {
  readonly index: number
  readonly kind: string
  readonly name: string
  readonly types: string
}

/** The comments of a source file on its calls, each right before the call of its operator. */
function callComments(source: string): readonly CallComment[] {
  const pattern =
    /^ +\/\* (\d+) (\w+) "(.*)"\n((?: +\* .*\n)+) +\w+_BEGIN\(\d+\);\n(?: +\{\n.* segment =\n)? +eonc_\w+\(\s*eonc_from_rom\(op\1[_)]/gm
  return [...source.matchAll(pattern)].map(([, index, kind = '', name = '', types = '']) => ({
    index: Number(index),
    kind,
    name,
    types: types
      .replace(/^ +\* +/gm, '')
      .replace(/\n/g, ' ')
      .trim(),
  }))
}

function inspected({ file }: Subject): Inspection {
  const inspection = inspect(file)
  if (!inspection.ok) throw new Error('a model that cannot be read')
  return inspection
}

t.test('an operator is introduced by its index, kind, name, types and shapes', (t) => {
  const inputs = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
  const file = writeModel({
    tensors: [
      ...inputs.map((index) => activation(`input${index}`, [1, 8, 9, 2])),
      activation('joined', [1, 8, 9, 20]),
      weights('weights', [3, 1, 1, 20]),
      bias('bias', [1, 2, 3]),
      activation('features', [1, 8, 9, 3]),
    ],
    operators: [{ kind: 'CONCATENATION', inputs, outputs: [10], options: { axis: 3 } }, conv([10, 11, 12], 13)],
    inputs,
    outputs: [13],
  })
  const types = (count: number): string => Array.from({ length: count }, () => 'int8 1x8x9x2').join(', ')
  // both run together, as a cascade
  t.same(callComments(textOf(compileAs(file, 'joined'), '.cpp')), [
    { index: 0, kind: 'CONCATENATION', name: 'joined', types: `${types(10)} -> int8 1x8x9x20 */` },
    {
      index: 1,
      kind: 'CONV_2D',
      name: 'features',
      types: 'int8 1x8x9x20, int8 3x1x1x20, int32 3 -> int8 1x8x9x3 */',
    },
  ])
  t.end()
})

/** A path from the root or the home of any system, and a date or time of any kind. */
const FOLDER = /["'\s(](?:~|[A-Za-z]:\\|\/(?:etc|home|mnt|opt|root|srv|tmp|usr|var|work|Users)\/)/
const MOMENT = /\b\d{4}-\d\d-\d\d\b|\b\d\d:\d\d:\d\d\b|__(?:DATE|TIME|TIMESTAMP)__|\b[A-Z][a-z]{2} \d{1,2},? \d{4}\b/

/** What holds for all generated text. */
function checkText(t: Test, { files }: ModelSources): void {
  for (const { path, contents } of files) {
    const lines = contents.split('\n')
    const broken = lines.filter((line) => line.length > COLUMNS || /\s$|[^\x20-\x7e]/.test(line))
    t.same(broken, [], `${path}: up to ${COLUMNS} columns of ASCII, no blanks at the end of a line`)
    t.ok(contents.startsWith('/* SPDX-License-Identifier: MIT-0'), `${path}: says its licence`)
    t.ok(/[^\n]\n$/.test(contents), `${path}: ends with its last line`)
    const folders = [projectRoot, homedir(), tmpdir()].filter((folder) => contents.includes(`${folder}/`))
    t.same([folders, FOLDER.exec(contents), MOMENT.exec(contents)], [[], null, null], `${path}: no folder, no date`)
  }
}

t.test('every kernel that a model may bring along keeps to the columns', async (t) => {
  const files = await glob('src/kernels/**/*.{h,S}', { cwd: projectRoot, posix: true })
  t.ok(files.length > 100, `${files.length} files`)
  for (const file of files) {
    const lines = (await readFile(join(projectRoot, file), 'utf8')).split('\n')
    const broken = lines.filter((line) => line.length > COLUMNS || /\s$|[^\x20-\x7e]/.test(line))
    t.same(broken, [], file)
  }
})

/** Bytes of the arrays that a file defines. */
function arrayBytes(text: string): number {
  const arrays = text.matchAll(/^static const (u?int8|u?int16|u?int32|float)(?:_t)? \w+\[(\d+)\]\s+\w+_ROM = \{$/gm)
  const elementBytes = (type: string): number => (type === 'float' ? 4 : Number(/\d+/.exec(type)?.[0]) / 8)
  return [...arrays].reduce((sum, [, type = '', length]) => sum + elementBytes(type) * Number(length), 0)
}

for (const { whose, subjects, skip } of [
  { whose: "the project's own models", subjects: own, skip: false as const },
  { whose: 'models of others', subjects: foreign, skip: skipWithoutForeign },
]) {
  t.test(`the sources of ${whose}`, { skip }, (t) => {
    for (const subject of subjects) {
      const { name, sources } = subject
      const { operators } = inspected(subject)
      const comments = callComments(textOf(sources, '.cpp'))
      const called = sources.facts.operators.map((call) => Number(/^op(\d+)/.exec(call.name)?.[1]))
      t.same(
        // cascades stand before what calls them
        comments.map(({ index }) => index).sort((a, b) => a - b),
        [...new Set(called)].sort((a, b) => a - b),
        `${name}: each operator has its comment`,
      )
      const type = String.raw`(?:float32|int8|int32) (?:scalar|\d+(?:x\d+)*)`
      const wellFormed = new RegExp(`^${type}(?:, ${type})* -> ${type} \\*/$`)
      const wrong = comments.filter(
        // a chain of operators on int8 values becomes one table, named by its last
        ({ index, kind, types }) => ![operators[index]?.kind, 'LOOKUP'].includes(kind) || !wellFormed.test(types),
      )
      t.same(wrong, [], `${name}: the comments say what the operators are`)
      const arrays = sources.files.map(({ path, contents }) => ({ path, bytes: arrayBytes(contents) }))
      t.same(
        arrays.filter(({ bytes }) => bytes > 0),
        sources.facts.kernelSets.map((set, i, { length }) => ({
          path: `${name}${i === length - 1 ? '' : `_${set.name}`}_weights.h`,
          bytes: set.constantBytes,
        })),
        `${name}: all weights are in files of their own`,
      )
      checkText(t, sources)
    }
    t.end()
  })
}

t.test('a name of the greatest length makes no line too long', (t) => {
  t.equal(LONG_NAME.length, 40)
  for (const { file } of own) checkText(t, compileAs(file, LONG_NAME))
  t.end()
})

t.test('the same model gives the same bytes, wherever and whenever', async (t) => {
  const [folder, zone] = [process.cwd(), process.env['TZ']]
  t.teardown(() => {
    process.chdir(folder)
    if (zone === undefined) delete process.env['TZ']
    else process.env['TZ'] = zone
  })
  process.chdir(tmpdir())
  process.env['TZ'] = 'Pacific/Kiritimati'
  const again = (await compileAll([...ownFiles, ...foreignFiles].toReversed())).toReversed()
  for (const [index, { name, sources }] of [...own, ...foreign].entries()) {
    t.ok(JSON.stringify(again[index]?.sources) === JSON.stringify(sources), name)
  }
})
