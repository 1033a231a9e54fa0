import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { InputMode } from '../../src/compile.js'
import { type CUse, languageTests, sizeChecks } from '../models/languages.js'
import { compileAll, compileAs, ownFiles } from '../models/subjects.js'
import { projectRoot } from '../support/toolchain.js'

const WORK = join(projectRoot, 'build/test/modes/language')

/** Around the body of a function that gives 0, what all modes have. */
const useOf =
  (body: (model: string, upper: string, memory: string) => readonly string[]): CUse =>
  (subject) => {
    const { name } = subject.sources.facts
    const memory = `&${name}_memory`
    return [
      ...sizeChecks(subject),
      `int use_${name}(void);`,
      ...body(name, name.toUpperCase(), memory).map((line) => line.replace('MAIN', `int use_${name}(void)`)),
      `  return ${name}_output(${memory}, 0) == 0 ? ${name}_error_argument : ${name}_ok;`,
      '}',
      '',
    ].join('\n')
  }

const pushes = useOf((name, upper, memory) => [
  `typedef char ${name}_unit[${upper}_UNITS * ${upper}_UNIT_ELEMENTS == ${upper}_INPUT_0_ELEMENTS ? 1 : -1];`,
  'MAIN {',
  `  ${name}_status status = ${name}_more;`,
  `  ${name}_reset(${memory});`,
  `  if (${name}_push(${memory}, 0, 1) == ${name}_error_too_many) return 1;`,
  `  while (status == ${name}_more) status = ${name}_push(${memory}, 0, 0);`,
  `  if (${name}_input(${memory}, 0) != 0) return 2;`,
])

const fetches = useOf((name, upper, memory) => [
  `typedef char ${name}_unit[${upper}_UNITS * ${upper}_UNIT_ELEMENTS == ${upper}_INPUT_0_ELEMENTS ? 1 : -1];`,
  `static ${name}_get_data ${name}_source;`,
  'MAIN {',
  `  ${name}_reset(${memory});`,
  `  ${name}_memory.get_data = ${name}_source;`,
  `  ${name}_memory.user = 0;`,
  `  if (${name}_invoke(${memory}) == ${name}_error_input) return 1;`,
])

// what an inference leaves as it is makes no difference to the language
const [streamed, called] = [await compileAll(ownFiles, 'stream'), await compileAll(ownFiles, 'callback')]
languageTests('models that input is pushed to', streamed, pushes, false, join(WORK, 'stream'))
languageTests('models that fetch their input', called, fetches, false, join(WORK, 'callback'))

t.test('some of them take units within a cascade, others have them all first', (t) => {
  for (const subjects of [streamed, called]) {
    const sources = subjects.map(({ sources }) => sources.files.find(({ role }) => role === 'source')?.contents ?? '')
    const withinCascade = sources.filter((text) => text.includes('case 0: /* the input */'))
    t.ok(
      withinCascade.length > 0 && withinCascade.length < sources.length,
      `${withinCascade.length} of ${sources.length}`,
    )
  }
  t.end()
})

t.test('no line is wider than 120 columns, not even with the longest name', async (t) => {
  const longest = 'a23456789_'.repeat(4).replace(/_$/, 'z')
  for (const { name, path } of ownFiles) {
    const file = await readFile(path)
    for (const mode of ['preserve', 'stream', 'callback'] as const) {
      const { files } = compileAs(file, longest, mode)
      const texts = files.filter(({ role }) => role !== 'private-header').map(({ contents }) => contents)
      const wide = texts.flatMap((text) => text.split('\n')).filter((line) => line.length > 120)
      t.same(wide, [], `${name}, ${mode}`)
    }
  }
})

t.test('the header says what becomes of the input, and how long outputs are valid', async (t) => {
  const words = {
    resident: [/may overwrite it/, /valid from one inference until the next/],
    preserve: [/leaves as it is/, /valid from one inference until the next/],
    stream: [/before the first unit/, /until the next push/, /_more until the last unit/],
    callback: [/Set get_data/, /may overwrite it/],
  } as const
  for (const [mode, patterns] of Object.entries(words)) {
    const [subject] = await compileAll(ownFiles.slice(0, 1), mode as InputMode)
    const header = subject?.sources.files.find(({ role }) => role === 'public-header')?.contents
    for (const pattern of patterns) t.match(header, pattern, mode)
  }
})
