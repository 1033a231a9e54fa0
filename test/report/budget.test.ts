import t from 'tap'
import { DIAGNOSTIC_CODES } from '../../src/diagnostics.js'
import { overBudget, planReport } from '../../src/report/index.js'
import { activation } from '../support/layers.js'
import { loweredFrom } from '../support/programs.js'
import { pooled, residual } from './samples.js'

const report = planReport(loweredFrom(residual))

t.test('a budget that is just enough is kept, and one that is not given', (t) => {
  const { contextBytes, constantBytes } = report
  t.same(overBudget(report, {}), [])
  t.same(overBudget(report, { maxRam: contextBytes, maxRom: constantBytes }), [])
  t.equal(overBudget(report, { maxRam: contextBytes - 1 }).length, 1)
  t.equal(overBudget(report, { maxRom: constantBytes - 1 }).length, 1)
  t.end()
})

t.test('both budgets are looked at, with a code that is explained', (t) => {
  const found = overBudget(report, { maxRam: 1, maxRom: 1 })
  t.same(
    found.map(({ code, severity, rule }) => [code, severity, rule]),
    [
      ['OVER_BUDGET', 'error', 'The context takes at most 1 byte of RAM'],
      ['OVER_BUDGET', 'error', 'Constants take at most 1 byte of ROM'],
    ],
  )
  t.ok('OVER_BUDGET' in DIAGNOSTIC_CODES)
  t.end()
})

t.test('RAM: the operator at the worst moment, the largest buffers then, and a way out', (t) => {
  const [diagnostic] = overBudget(report, { maxRam: 100 })
  t.match(diagnostic, {
    where: { subgraph: 0, operator: { index: 1, kind: 'RELU', name: 'r' } },
    found:
      '180 bytes (input resident); most is alive at once: input "x" 120 bytes, ring "c" 20 bytes, ring "r" 20 bytes',
    help: /^The input takes most of it: make it smaller or, if it has rows, .* \(--input stream or --input callback\)\.$/,
  })
  t.end()
})

t.test('RAM: an input that comes in pieces already is not advised to', (t) => {
  const streamed = planReport(loweredFrom(residual, { input: 'stream' }))
  const [diagnostic] = overBudget(streamed, { maxRam: 100 })
  t.match(diagnostic?.found, /^184 bytes \(input stream\)/)
  t.notMatch(diagnostic?.help, /--input/)
  t.end()
})

t.test('RAM: where a layer dominates, it is named', (t) => {
  const inner = planReport(loweredFrom(pooled, { input: 'stream' }))
  const { buffer = -1 } = inner.peak.buffers[0] ?? {}
  t.match(inner.buffers[buffer], { kind: 'ring', from: { operator: -1 } }, 'three rows of the input')
  t.match(overBudget(inner, { maxRam: 8 }), [{ help: /^Give the layers that are named fewer channels/ }])
  const convolution = inner.buffers.findIndex(({ name }) => name === 'c')
  const dominated = { ...inner, peak: { ...inner.peak, buffers: [{ buffer: convolution, bytes: 24 }] } }
  t.match(overBudget(dominated, { maxRam: 8 }), [{ help: /^Give operator 0 CONV_2D fewer channels/ }])
  t.end()
})

t.test('RAM: the best of the alternatives, and whether it is enough', (t) => {
  const alternatives = [
    { flags: '--a', contextBytes: 170 },
    { flags: '--a --b', contextBytes: 90 },
  ]
  const help = (maxRam: number, given = alternatives) => overBudget(report, { maxRam }, () => given)[0]?.help
  t.match(help(100), /^With --a --b it takes 90 bytes, which fits\.$/)
  t.match(help(80), /^With --a --b it takes 90 bytes, still too much\. The input takes/)
  t.match(help(80, [{ flags: '--a', contextBytes: 180 }]), /^The input takes/, 'no smaller than it is')
  t.end()
})

t.test('ROM: the operators with the largest constants', (t) => {
  const [diagnostic] = overBudget(report, { maxRom: 300 })
  t.match(diagnostic, {
    where: { subgraph: 0, operator: { index: 1, kind: 'RELU' } },
    // a table of 256 bytes; weights, 4 biases, multipliers and shifts; the sum of two scales
    found: /^\d+ bytes; most are in operator 1 RELU 256 bytes, operator 0 CONV_2D \d+ bytes, operator 2 ADD \d+ bytes$/,
    help: /^Give operator 1 RELU fewer/,
  })
  t.end()
})

t.test('of a name that an exporter has joined, the first part is enough', (t) => {
  const joined = { ...residual, tensors: residual.tensors.with(0, activation('first;second', [1, 6, 5, 4])) }
  const [diagnostic] = overBudget(planReport(loweredFrom(joined)), { maxRam: 1 })
  t.match(diagnostic?.found, 'input "first" 120 bytes')
  t.end()
})
