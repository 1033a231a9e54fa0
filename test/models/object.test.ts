import { join } from 'node:path'
import t from 'tap'
import { inspect } from '../../src/index.js'
import { cores } from '../support/cores.js'
import { cppFlags } from '../support/firmware.js'
import { writeSources } from '../support/sources.js'
import { projectRoot, runOrThrow, skipWithout } from '../support/toolchain.js'
import { compileAll, foreignFiles, ownFiles, skipWithoutForeign, type Subject } from './subjects.js'

const WORK = join(projectRoot, 'build/test/models/object')
/** Position-independent code, the default of this machine's compilers, has tables of pointers in writable memory. */
const HOST_FLAGS = ['-std=c++11', '-Os', '-fno-exceptions', '-fno-rtti', '-fno-pic', '-fno-pie']
const MEMORY_FUNCTIONS = ['memcpy', 'memmove', 'memset']
const MATH_FUNCTIONS = ['expf', 'tanhf']
/** What arm-none-eabi-gcc calls for 64 bits that a Cortex-M0+ has no instruction for, and to jump by a table: no division. */
const M0PLUS_INTEGER = /^(__aeabi_(mem(cpy|move|set|clr)[48]?|lmul|ll?s[lr]|lasr)|__gnu_thumb1_case_\w+)$/

/** A section of an object file that is loaded into memory. */
interface Section {
  readonly name: string
  readonly bytes: number
  readonly readOnly: boolean
}

/** Compiles the files of a model that are for a processor into one object, and gives its path. */
async function buildWholeObject(
  { name, sources }: Subject,
  compiler: string,
  flags: readonly string[],
  folder: string,
): Promise<string> {
  await writeSources(folder, sources.files)
  const files = sources.files.filter(({ path }) => /\.(cpp|S)$/.test(path))
  for (const { path } of files) {
    // an assembler knows no options of C++
    const known = path.endsWith('.S') ? flags.filter((flag) => !/^-(std|W|fno-(exceptions|rtti))/.test(flag)) : flags
    await runOrThrow(compiler, [...known, '-c', join(folder, path), '-o', join(folder, `${path}.o`)])
  }
  const object = join(folder, `${name}.o`)
  const parts = files.map(({ path }) => join(folder, `${path}.o`))
  await runOrThrow(compiler, [...flags, '-r', '-nostdlib', ...parts, '-o', object])
  return object
}

/** Compiles the only source file of a model, and gives the path of the object. */
async function buildObject(
  { name, sources }: Subject,
  compiler: string,
  flags: readonly string[],
  folder: string,
): Promise<string> {
  await writeSources(folder, sources.files)
  const object = join(folder, `${name}.o`)
  await runOrThrow(compiler, [...flags, '-c', join(folder, `${name}.cpp`), '-o', object])
  return object
}

/** Names of the symbols that others see (`--defined-only`), or that it takes from others (`--undefined-only`). */
async function externalSymbols(nm: string, object: string, which: string): Promise<readonly string[]> {
  const { stdout } = await runOrThrow(nm, ['--extern-only', '--format=posix', which, object])
  return [...stdout.matchAll(/^(\S+) \w/gm)].map(([, symbol = '']) => symbol).sort()
}

async function loadedSections(objdump: string, object: string): Promise<readonly Section[]> {
  const { stdout } = await runOrThrow(objdump, ['--section-headers', '--wide', object])
  return [...stdout.matchAll(/^ *\d+ (\S+) +([0-9a-f]{8}) .*\bALLOC\b(.*)$/gm)]
    .map(([line, name = '', bytes = '']) => ({
      name,
      bytes: parseInt(bytes, 16),
      readOnly: /\bREADONLY\b/.test(line),
    }))
    .filter(({ bytes }) => bytes > 0)
}

const publicSymbols = ({ name }: Subject): readonly string[] =>
  ['input', 'invoke', 'output', 'reset'].map((member) => `${name}_${member}`)

/** True when no tensor of the model is of floats. */
function isIntegerModel({ file }: Subject): boolean {
  const inspection = inspect(file)
  return inspection.ok && inspection.tensors.every(({ type }) => !type.startsWith('float'))
}

/** What an object file shows of itself. */
interface ObjectFacts {
  readonly defined: readonly string[]
  readonly undefined: readonly string[]
  readonly sections: readonly Section[]
}

/**
 * Builds a model's object in a folder of its own, and looks into it. `tools` is what the names of binutils begin with; with
 * a `part` of that name all files that are for the processor are in it, not the portable ones alone.
 */
async function objectFacts(
  subject: Subject,
  compiler: string,
  flags: readonly string[],
  tools = '',
  part?: string,
): Promise<ObjectFacts> {
  const folder = join(WORK, compiler, ...(part === undefined ? [] : [part]), subject.name)
  const build = part === undefined ? buildObject : buildWholeObject
  const object = await build(subject, compiler, flags, folder)
  return {
    defined: await externalSymbols(`${tools}nm`, object, '--defined-only'),
    undefined: await externalSymbols(`${tools}nm`, object, '--undefined-only'),
    sections: await loadedSections(`${tools}objdump`, object),
  }
}

const isWritable = ({ readOnly }: Section): boolean => !readOnly
/** Static constructors and destructors are called by way of these. */
const isConstructorTable = ({ name }: Section): boolean => /^\.(init|fini|preinit|ctors|dtors)/.test(name)

const own = await compileAll(ownFiles)
const foreign = await compileAll(foreignFiles)
const everyone = [
  { whose: "the project's own models", subjects: own, skip: false },
  { whose: 'models of others', subjects: foreign, skip: skipWithoutForeign },
] as const

for (const command of ['g++', 'clang++']) {
  t.test(`objects of ${command}`, { skip: skipWithout(command, 'nm', 'objdump') }, async (t) => {
    for (const { whose, subjects, skip } of everyone) {
      t.test(whose, { skip }, async (t) => {
        for (const subject of subjects) {
          const { name, sources } = subject
          const found = await objectFacts(subject, command, HOST_FLAGS)
          const allowed = [...MEMORY_FUNCTIONS, ...(sources.facts.needsMath ? MATH_FUNCTIONS : [])]
          t.same(found.defined, publicSymbols(subject), `${name}: nothing but its interface is seen by others`)
          t.same(
            found.undefined.filter((symbol) => !allowed.includes(symbol)),
            [],
            `${name}: no heap, no library`,
          )
          t.same(found.sections.filter(isWritable), [], `${name}: no memory but the context`)
          t.same(found.sections.filter(isConstructorTable), [], `${name}: no static constructors`)
          const constants = found.sections.filter((section) => section.name.startsWith('.rodata'))
          const bytes = constants.reduce((sum, section) => sum + section.bytes, 0)
          // Compilers fold a few small arrays into the code.
          t.ok(
            bytes >= 0.95 * (sources.facts.kernelSets.at(-1)?.constantBytes ?? NaN),
            `${name}: the constants are in .rodata`,
          )
        }
      })
    }
  })
}

t.test('objects for a Cortex-M0+, with the portable kernels', { skip: skipWithout('arm-none-eabi-gcc') }, async (t) => {
  const flags = [...cppFlags(cores['cortex-m0plus'], '-Os'), '-DEONC_PORTABLE_KERNELS']
  for (const { whose, subjects, skip } of everyone) {
    t.test(`${whose}, those of integers alone`, { skip }, async (t) => {
      const integers = subjects.filter(isIntegerModel)
      t.ok(integers.length >= 5)
      for (const subject of integers) {
        const found = await objectFacts(subject, 'arm-none-eabi-gcc', flags, 'arm-none-eabi-')
        t.same(found.defined, publicSymbols(subject))
        t.same(
          found.undefined.filter((symbol) => !M0PLUS_INTEGER.test(symbol) && !MEMORY_FUNCTIONS.includes(symbol)),
          [],
          `${subject.name}: integer arithmetic alone, no heap`,
        )
        t.same(found.sections.filter(isWritable), [], `${subject.name}: no memory but the context`)
        t.same(found.sections.filter(isConstructorTable), [], `${subject.name}: no static constructors`)
      }
    })
  }
})

for (const id of ['cortex-m0plus', 'cortex-m4f', 'cortex-m55'] as const)
  t.test(`all that a ${id} runs of a model of integers`, { skip: skipWithout('arm-none-eabi-gcc') }, async (t) => {
    const flags = cppFlags(cores[id], '-Os')
    for (const { whose, subjects, skip } of everyone)
      t.test(whose, { skip }, async (t) => {
        for (const subject of subjects.filter(isIntegerModel)) {
          const found = await objectFacts(subject, 'arm-none-eabi-gcc', flags, 'arm-none-eabi-', id)
          const integer = (symbol: string): boolean => id === 'cortex-m0plus' && M0PLUS_INTEGER.test(symbol)
          t.same(
            found.undefined.filter((symbol) => !MEMORY_FUNCTIONS.includes(symbol) && !integer(symbol)),
            [],
            `${subject.name}: no math, no floats, no division, no library but of memory`,
          )
          const own = new Set(publicSymbols(subject))
          t.same(
            found.defined.filter(
              (symbol) => !own.has(symbol) && !/^eonc_\d+_\d+_\d+_(\w+_)?(dsp|armv6m|mve)/.test(symbol),
            ),
            [],
            `${subject.name}: nothing but its interface and the cores in assembler is seen by others`,
          )
          t.same(found.sections.filter(isWritable), [], `${subject.name}: no memory but the context`)
        }
      })
  })

t.test('a library of floats is noticed', { skip: skipWithout('arm-none-eabi-gcc') }, async (t) => {
  const subject = own.find(({ name }) => name === 'regression_float32')
  if (subject === undefined) return t.fail('a model of floats')
  t.notOk(isIntegerModel(subject))
  const flags = cppFlags(cores['cortex-m0plus'], '-Os')
  const found = await objectFacts(subject, 'arm-none-eabi-gcc', flags, 'arm-none-eabi-')
  const floats = found.undefined.filter((symbol) => !M0PLUS_INTEGER.test(symbol) && !MEMORY_FUNCTIONS.includes(symbol))
  for (const symbol of ['__aeabi_fadd', '__aeabi_fmul', ...MATH_FUNCTIONS]) t.ok(floats.includes(symbol), symbol)
})

t.test('variables, a heap and a constructor are noticed', { skip: skipWithout('g++', 'nm', 'objdump') }, async (t) => {
  const [subject] = own
  if (subject === undefined) return t.fail('a model')
  const { name, sources } = subject
  const added = [
    '#include <stdlib.h>',
    'struct noisy { noisy(); void *memory; };',
    'noisy::noisy() : memory(malloc(1)) {}',
    'noisy noise;',
  ]
  const contents = (file: { readonly path: string; readonly contents: string }): string =>
    file.path === `${name}.cpp` ? `${file.contents}${added.join('\n')}\n` : file.contents
  const files = sources.files.map((file) => ({ ...file, contents: contents(file) }))
  const found = await objectFacts({ ...subject, name, sources: { ...sources, files } }, 'g++', HOST_FLAGS)
  t.ok(found.defined.includes('noise'))
  t.ok(found.undefined.includes('malloc'))
  t.same(
    found.sections
      .filter(isWritable)
      .map((section) => section.name)
      .sort(),
    ['.bss', '.init_array'],
  )
  t.equal(found.sections.filter(isConstructorTable).length, 1)
})
