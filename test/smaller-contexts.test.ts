import t from 'tap'
import { lowerVariants, overBudgetOf, type PlanOptions } from '../src/compile.js'
import { smallerContexts } from '../src/smaller-contexts.js'
import { mobileNetV2 } from './support/networks.js'
import { writeModel } from './support/model-writer.js'
import { PLAN_OPTIONS } from './support/programs.js'

const given: PlanOptions = { ...PLAN_OPTIONS, optimize: 'balanced', ram: 'row', input: 'resident' }
const flagsOf = (options: PlanOptions, maxRam: number, bytes: (options: PlanOptions) => number): readonly string[] =>
  smallerContexts(options, maxRam, bytes).map(({ flags }) => flags)

t.test('what costs least comes first, up to what fits', (t) => {
  const bytes = ({ ram, input }: PlanOptions): number => (input === 'stream' ? 10 : ram === 'pixel' ? 20 : 30)
  t.same(flagsOf(given, 5, bytes), [
    '--optimize ram',
    '--optimize ram --ram pixel',
    '--optimize ram --ram pixel --input stream',
  ])
  t.same(flagsOf(given, 20, bytes), ['--optimize ram', '--optimize ram --ram pixel'])
  t.same(flagsOf({ ...given, optimize: 'ram', input: 'callback' }, 5, bytes), ['--ram pixel'])
  t.same(flagsOf({ ...given, optimize: 'ram', ram: 'pixel', input: 'stream' }, 5, bytes), [])
  t.end()
})

t.test('the bytes that are promised are those of the plan with these options', (t) => {
  const file = writeModel(mobileNetV2(32))
  const maxRam = 3000
  const [diagnostic] = overBudgetOf(file, lowerVariants(file, given), { ...given, maxRam })
  const [, flags = '', bytes = ''] = /^With (.+) it takes ([\d,]+) bytes, /.exec(diagnostic?.help ?? '') ?? []
  t.equal(flags, '--optimize ram --ram pixel --input stream')
  const least: PlanOptions = { ...given, optimize: 'ram', ram: 'pixel', input: 'stream' }
  const [same] = overBudgetOf(file, lowerVariants(file, least), { ...least, maxRam: 1 })
  t.match(same?.found, new RegExp(`^${bytes} bytes \\(input stream\\)`))
  t.notMatch(same?.help, /^With/)
  t.end()
})

t.test('an input that cannot come in pieces is no way out', (t) => {
  const x = { name: 'x', type: 'int8', shape: [1, 64], quantization: { scales: [1] } } as const
  const file = writeModel({
    tensors: [x, { ...x, name: 'y' }],
    operators: [{ kind: 'TANH', inputs: [0], outputs: [1] }],
    ...{ inputs: [0], outputs: [1] },
  })
  const diagnostics = overBudgetOf(file, lowerVariants(file, given), { ...given, maxRam: 1 })
  t.match(diagnostics, [{ code: 'OVER_BUDGET' }])
  t.end()
})
