/** The languages that generated code has to be: C++11 and later without warnings, headers C as well. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { writeSources } from '../support/sources.js'
import { run, skipWithout, strictWarnings } from '../support/toolchain.js'
import type { Subject } from './subjects.js'

const CPP_STANDARDS = ['c++11', 'c++14', 'c++17', 'c++20']
const C_STANDARDS = ['c99', 'c11']
const compilers = [
  { cpp: 'g++', c: 'gcc' },
  { cpp: 'clang++', c: 'clang' },
]

/** A use of the whole public interface of a model, in the C that its header promises to be. */
export type CUse = (subject: Subject) => string

/** What C can know of sizes: the program does not compile when the header is wrong about them. */
export function sizeChecks({ sources: { facts } }: Subject): readonly string[] {
  const upper = facts.name.toUpperCase()
  const sizes = [
    ...facts.inputs.map(({ bytes }, index) => ({ macro: `${upper}_INPUT_${index}`, bytes })),
    ...facts.outputs.map(({ bytes }, index) => ({ macro: `${upper}_OUTPUT_${index}`, bytes })),
  ]
  return [
    `#include "${facts.name}.h"`,
    `static ${facts.name}_context ${facts.name}_memory;`,
    // An array of a negative size is an error in every version of C.
    `typedef char ${facts.name}_context_size[sizeof(${facts.name}_context) == ${upper}_CONTEXT_BYTES ? 1 : -1];`,
    ...sizes.flatMap(({ macro, bytes }) => [
      `typedef char ${macro}_size[${macro}_BYTES == ${bytes} ? 1 : -1];`,
      `static const int ${macro}_shape[${macro}_RANK] = ${macro}_SHAPE;`,
      `int use_${macro}(void);`,
      `int use_${macro}(void) { return ${macro}_shape[0]; }`,
    ]),
  ]
}

/** Writes the sources of models, and a C program for each, all into one folder. */
async function writeAll(subjects: readonly Subject[], cUse: CUse, folder: string): Promise<void> {
  await writeSources(
    folder,
    subjects.flatMap(({ sources }) => sources.files),
  )
  for (const subject of subjects) await writeFile(join(folder, `use_${subject.sources.facts.name}.c`), cUse(subject))
  const together = namesOf(subjects)
    .map((name) => `#include "use_${name}.c"\n`)
    .join('')
  await writeFile(join(folder, 'use_all.c'), together)
}

const namesOf = (subjects: readonly Subject[]): readonly string[] => subjects.map(({ sources }) => sources.facts.name)

/** Tests that models compile in every language that they may be used in, without a warning; a use in C too. */
export function languageTests(
  what: string,
  subjects: readonly Subject[],
  cUse: CUse,
  skip: string | false,
  folder: string,
): void {
  t.test(what, { skip }, async (t) => {
    await writeAll(subjects, cUse, folder)
    const names = namesOf(subjects)
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
