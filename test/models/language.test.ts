import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { projectRoot, run, skipWithout, strictWarnings } from '../support/toolchain.js'
import { compileAll, foreignFiles, ownFiles, skipWithoutForeign, type Subject } from './subjects.js'

const WORK = join(projectRoot, 'build/test/models/language')
const CPP_STANDARDS = ['c++11', 'c++14', 'c++17', 'c++20']
const C_STANDARDS = ['c99', 'c11']
const compilers = [
  { cpp: 'g++', c: 'gcc' },
  { cpp: 'clang++', c: 'clang' },
]

/** A use of the whole public interface of a model, in the C that its header promises to be. */
function cUse({ name, sources }: Subject): string {
  const upper = name.toUpperCase()
  const { inputs, outputs } = sources.facts
  const sizes = [
    ...inputs.map(({ bytes }, index) => ({ macro: `${upper}_INPUT_${index}`, bytes })),
    ...outputs.map(({ bytes }, index) => ({ macro: `${upper}_OUTPUT_${index}`, bytes })),
  ]
  return [
    `#include "${name}.h"`,
    `static ${name}_context ${name}_memory;`,
    // An array of a negative size is an error in every version of C.
    `typedef char ${name}_context_size[sizeof(${name}_context) == ${upper}_CONTEXT_BYTES ? 1 : -1];`,
    ...sizes.flatMap(({ macro, bytes }) => [
      `typedef char ${macro}_size[${macro}_BYTES == ${bytes} ? 1 : -1];`,
      `static const int ${macro}_shape[${macro}_RANK] = ${macro}_SHAPE;`,
    ]),
    `int use_${name}(void);`,
    `int use_${name}(void) {`,
    `  ${name}_reset(&${name}_memory);`,
    ...sizes.map(({ macro }) => `  if (${macro}_shape[0] != 1) return 1;`),
    `  if (${name}_input(&${name}_memory, 0) == 0 || ${name}_output(&${name}_memory, 0) == 0) return 2;`,
    `  return ${name}_invoke(&${name}_memory) == ${name}_ok ? 0 : ${name}_error_argument;`,
    '}',
    '',
  ].join('\n')
}

/** Writes the sources of models, and a C program for each, all into one folder. */
async function writeAll(subjects: readonly Subject[], folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  for (const subject of subjects) {
    for (const { path, contents } of subject.sources.files) await writeFile(join(folder, path), contents)
    await writeFile(join(folder, `use_${subject.name}.c`), cUse(subject))
  }
  const together = subjects.map(({ name }) => `#include "use_${name}.c"\n`).join('')
  await writeFile(join(folder, 'use_all.c'), together)
}

function languageTests(what: string, subjects: readonly Subject[], skip: string | false): void {
  const folder = join(WORK, what)
  t.test(`${what} models`, { skip }, async (t) => {
    await writeAll(subjects, folder)
    const names = subjects.map(({ name }) => name)
    for (const { cpp, c } of compilers) {
      t.test(cpp, { skip: skipWithout(cpp) }, async (t) => {
        for (const standard of CPP_STANDARDS) {
          const flags = [`-std=${standard}`, '-fsyntax-only', '-pedantic', ...strictWarnings]
          const sources = names.map((name) => `${name}.cpp`)
          const { stdout, stderr, status } = await run(cpp, [...flags, ...sources], { cwd: folder })
          t.strictSame({ text: stdout + stderr, status }, { text: '', status: 0 }, `${standard} without a warning`)
        }
      })
      t.test(`${c}, headers alone`, { skip: skipWithout(c) }, async (t) => {
        for (const standard of C_STANDARDS) {
          const flags = ['-x', 'c', `-std=${standard}`, '-fsyntax-only', '-pedantic', ...strictWarnings]
          const sources = [...names, 'all'].map((name) => `use_${name}.c`)
          const { stdout, stderr, status } = await run(c, [...flags, ...sources], { cwd: folder })
          t.strictSame({ text: stdout + stderr, status }, { text: '', status: 0 }, `${standard} without a warning`)
        }
      })
    }
  })
}

languageTests('own', await compileAll(ownFiles), false)
languageTests('foreign', await compileAll(foreignFiles), skipWithoutForeign)
