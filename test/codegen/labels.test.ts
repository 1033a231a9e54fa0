/** Labels in the generated header: whatever they hold, C and C++ read them as they are. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { compile, MANIFEST, manifestSchema } from '../../src/index.js'
import { stringLiteral } from '../../src/codegen/cpp.js'
import { tinyModel } from '../cli/command.js'
import { emptyFolder } from '../support/folders.js'
import { runOrThrow, skipWithout, strictWarnings } from '../support/toolchain.js'

const SETS: Readonly<Record<string, readonly string[]>> = {
  plain: ['yes', 'no', 'unknown'],
  odd: ['"quoted" \\ back', '??= and ??/', '%d %s\t\u0001'],
  wide: ['Übung 7', '模型', '\u{1f600}1'],
  comments: ['*/ /* // ', '', ' '],
  long: ['x'.repeat(300), 'y', 'z'],
}

/** The text of a generated file, or of the manifest. */
async function textOf(path: string, labels: readonly string[]): Promise<string> {
  const result = await compile(tinyModel, { name: 'tiny', target: 'cmake', labels })
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
  return result.files.find((file) => file.path === path)?.contents.toString() ?? ''
}

t.test('a string is written in ASCII, with no trigraph', async (t) => {
  t.equal(stringLiteral('a "b" \\ ??='), '"a \\"b\\" \\\\ \\?\\?="')
  t.equal(stringLiteral('Ü7\n'), '"\\303\\2347\\012"')
})

const PROGRAM = `#include <stdio.h>
#include <string.h>
#include "tiny.h"
static const char *const labels[] = TINY_LABELS;
int main(void) {
  int i;
  for (i = 0; i < TINY_LABEL_COUNT; ++i) fwrite(labels[i], 1, strlen(labels[i]) + 1, stdout);
  return sizeof(labels) / sizeof(labels[0]) == TINY_LABEL_COUNT ? 0 : 1;
}
`

for (const [name, labels] of Object.entries(SETS)) {
  t.test(`C and C++ read the labels that were given: ${name}`, { skip: skipWithout('gcc', 'g++') }, async (t) => {
    const folder = await emptyFolder(`labels-${name}`)
    await writeFile(join(folder, 'tiny.h'), await textOf('src/tiny.h', labels))
    for (const [compiler, language, standard] of [
      ['gcc', 'c', 'c99'],
      ['g++', 'c++', 'c++11'],
    ] as const) {
      const program = join(folder, language)
      const flags = [`-std=${standard}`, '-trigraphs', ...strictWarnings, '-I', folder]
      await runOrThrow(compiler, [...flags, '-x', language, '-', '-o', program], { input: PROGRAM })
      t.same((await runOrThrow(program, [])).stdout.split('\0').slice(0, -1), labels, language)
    }
  })
}

t.test('without labels there are no macros of them', async (t) => {
  const result = await compile(tinyModel, { name: 'tiny', target: 'cmake' })
  if (!result.ok) return t.fail('it compiles', result)
  t.notMatch(result.files.find(({ path }) => path === 'src/tiny.h')?.contents, 'LABEL')
})

t.test('lines stay within 120 columns where labels are short', async (t) => {
  const text = await textOf('src/tiny.h', ['a', 'b', 'c'])
  t.match(text, /TINY_LABELS \{ \\\n {4}"a", "b", "c"\}\n/)
  for (const line of text.split('\n')) t.ok(line.length <= 120, line)
})

t.test('the manifest and the README say them', async (t) => {
  const labels = ['yes', 'no', 'unknown']
  const { models } = manifestSchema.parse(JSON.parse(await textOf(MANIFEST, labels)))
  t.same(models[0]?.labels, labels)
  t.match(await textOf('README.md', labels), '`TINY_LABELS`')
})
