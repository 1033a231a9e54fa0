import { join } from 'node:path'
import t from 'tap'
import { compileSources, type InputMode } from '../../src/compile.js'
import type { ModelSources } from '../../src/compile.js'
import { type HostModel, runOnHost } from '../fuzz/host-program.js'
import { activation, bias, chain, conv, weights } from '../support/layers.js'
import { type ModelSpec, writeModel } from '../support/model-writer.js'
import { PLAN_OPTIONS } from '../support/programs.js'
import { seededRandom } from '../support/random.js'
import { projectRoot, skipWithout } from '../support/toolchain.js'

const WORK = join(projectRoot, 'build/test/modes/runner')

/** Two convolutions that run row by row. */
const network: ModelSpec = chain(
  [
    activation('x', [1, 16, 8, 4]),
    weights('w1', [8, 3, 3, 4]),
    bias('b1', [1, 2, 3, 4, 5, 6, 7, 8]),
    activation('wide', [1, 16, 8, 8], 0.2, 0),
    weights('w2', [1, 3, 3, 8]),
    bias('b2', [9]),
    activation('y', [1, 16, 8, 1], 0.3, 0),
  ],
  [conv([0, 1, 2], 3, 'SAME'), conv([3, 4, 5], 6, 'SAME')],
)

/** A fault in the generated code, and what the runner has to find. */
interface Fault {
  readonly mode: InputMode
  readonly what: string
  readonly code: string
  readonly instead: string
  readonly found: RegExp
}

const FAULTS: readonly Fault[] = [
  {
    mode: 'stream',
    what: 'the next inference does not begin anew',
    code: '  NAME_reset(context);\n\n  return',
    instead: '  return',
    found: /push gave a wrong status/,
  },
  {
    mode: 'stream',
    what: 'a row of the input is left out',
    code: '      data += 32;',
    instead: '      data += pieces > 1 ? 64 : 32;',
    found: /AddressSanitizer/,
  },
  {
    mode: 'stream',
    what: 'a unit too many is taken',
    code: 'units > NAME_UNITS - context',
    instead: 'units > 1 + NAME_UNITS - context',
    found: /misuse gave a wrong status|Sanitizer/,
  },
  {
    mode: 'stream',
    what: 'a negative number of units is taken',
    code: ' || units < 0',
    instead: '',
    found: /misuse gave a wrong status/,
  },
  {
    mode: 'stream',
    what: 'a reset leaves the rows of operators as they are',
    code: '  memset(context->done, 0, sizeof(context->done));',
    instead: '',
    found: /push gave a wrong status|Sanitizer|runtime error/,
  },
  {
    mode: 'callback',
    what: 'a row is fetched that is not there',
    code: 'static_cast<size_t>(done[0]) * 32',
    instead: 'static_cast<size_t>(done[0] + 1) * 32',
    found: /not fetched unit by unit/,
  },
  {
    mode: 'callback',
    what: 'data that give up are overlooked',
    code: 'return NAME_error_input;',
    instead: 'return NAME_ok;',
    found: /misuse gave a wrong status/,
  },
  {
    mode: 'callback',
    what: 'data are asked of nobody',
    code: ' || context->get_data == nullptr',
    instead: '',
    found: /SEGV|null|status/,
  },
]

const compile = (name: string, input: InputMode): ModelSources =>
  compileSources(writeModel(network), { ...PLAN_OPTIONS, name, input }).sources

/** The sources with a fault in them. */
function planted({ mode, code, instead }: Fault, name: string): ModelSources | undefined {
  const { files, facts } = compile(name, mode)
  const [wrong, right] = [instead, code].map((text) => text.replaceAll('NAME_UNITS', `${name.toUpperCase()}_UNITS`))
  const named = (text = ''): string => text.replaceAll('NAME', name)
  const faulty = files.map((file) => ({ ...file, contents: file.contents.replace(named(right), named(wrong)) }))
  return faulty.some(({ contents }, i) => contents !== files[i]?.contents) ? { files: faulty, facts } : undefined
}

const random = seededRandom(7)
const vectors = Array.from({ length: 8 }, () => [Uint8Array.from({ length: 512 }, () => random.below(256))])
/** Warnings are not what these programs are about. */
const compiler = {
  command: 'g++',
  flags: ['-O1', '-fsanitize=address,undefined', '-fno-sanitize-recover=all', '-DFUZZ_ADDRESS_SANITIZER'],
}

t.test('what the runner looks for does not escape it', { skip: skipWithout('g++') }, async (t) => {
  const models = FAULTS.map((fault, index): HostModel => {
    const name = `fault${index}`
    const sources = planted(fault, name)
    t.ok(sources, `${fault.what}: there is such code`)
    return { name, vectors, sources: sources ?? compile(name, fault.mode) }
  })
  const results = await runOnHost(models, WORK, compiler)
  for (const [index, { what, found }] of FAULTS.entries()) {
    t.match(results[index], { ok: false, stage: 'run', message: found }, what)
  }
})

t.test('an input that an inference overwrites is not taken for preserved', { skip: skipWithout('g++') }, async (t) => {
  const resident = compile('resident', 'resident')
  const claimed = { ...resident, facts: { ...resident.facts, inputMode: 'preserve' } } as const
  const [result] = await runOnHost([{ name: 'resident', vectors, sources: claimed }], join(WORK, 'preserve'), compiler)
  t.match(result, { ok: false, stage: 'run', message: /preserved has changed/ })
})
