import t from 'tap'
import { collect, DIAGNOSTIC_CODES, type DiagnosticColors, formatDiagnostic } from '../src/diagnostics.js'
import { type Diagnostic, DiagnosticsError, InternalError } from '../src/ir/index.js'

const plain: Diagnostic = {
  severity: 'error',
  code: 'UNSUPPORTED_OPTION',
  rule: 'Strides are 1 or 2',
  help: 'Use a smaller stride.',
}

t.test('a diagnostic is lines: the rule, where, what was found, what to do', (t) => {
  const where = { subgraph: 0, operator: { index: 12, kind: 'CONV_2D', name: 'block3/conv' } }
  t.equal(
    formatDiagnostic({ ...plain, where, found: 'stride_w = 3' }),
    [
      'error UNSUPPORTED_OPTION: Strides are 1 or 2',
      '  at subgraph 0, operator 12 CONV_2D "block3/conv"',
      '  found: stride_w = 3',
      '  Use a smaller stride.',
    ].join('\n'),
  )
  t.end()
})

t.test('lines without content are left out', (t) => {
  t.equal(
    formatDiagnostic({ ...plain, severity: 'notice', code: 'BATCH_ASSUMED' }),
    'notice BATCH_ASSUMED: Strides are 1 or 2\n  Use a smaller stride.',
  )
  const line = (where: NonNullable<Diagnostic['where']>): string | undefined =>
    formatDiagnostic({ ...plain, where }).split('\n')[1]
  t.equal(line({ subgraph: 2 }), '  at subgraph 2')
  t.equal(line({ subgraph: 0, tensor: { index: 4, name: 'x' } }), '  at subgraph 0, tensor 4 "x"')
  const both = { subgraph: 0, operator: { index: 1, kind: 'ADD', name: 'y' }, tensor: { index: 4, name: 'x' } }
  t.equal(line(both), '  at subgraph 0, operator 1 ADD "y", tensor 4 "x"')
  t.end()
})

t.test('labels are printed in the colours that are given', (t) => {
  const escape = (code: number) => (text: string) => `\x1b[${code}m${text}\x1b[39m`
  const colors: DiagnosticColors = { error: escape(31), notice: escape(33), detail: escape(90) }
  const text = formatDiagnostic({ ...plain, where: { subgraph: 0 }, found: 'this' }, colors)
  t.equal(
    text,
    [
      '\x1b[31merror UNSUPPORTED_OPTION\x1b[39m: Strides are 1 or 2',
      '  \x1b[90mat\x1b[39m subgraph 0',
      '  \x1b[90mfound:\x1b[39m this',
      '  Use a smaller stride.',
    ].join('\n'),
  )
  t.match(formatDiagnostic({ ...plain, severity: 'notice' }, colors), /^\x1b\[33mnotice/)
  t.end()
})

t.test('a name can neither steer a terminal nor add lines', (t) => {
  const name = '\x1b[2Jx\n  found: nothing\r\x07\u009b\u2028'
  const text = formatDiagnostic({
    ...plain,
    where: { subgraph: 0, operator: { index: 0, kind: `K${name}`, name }, tensor: { index: 0, name } },
    found: name,
  })
  t.equal(text.split('\n').length, 4)
  t.notMatch(text, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028]/)
  t.match(text, 'found: ?[2Jx?  found: nothing????')
  t.end()
})

t.test('every code is explained by a sentence', (t) => {
  for (const [code, text] of Object.entries(DIAGNOSTIC_CODES)) {
    t.match(code, /^[A-Z]+(_[A-Z]+)*$/)
    t.match(text, /^[A-Za-z].*\.$/, code)
  }
  t.end()
})

t.test('what a stage throws of diagnostics becomes a value', (t) => {
  t.same(
    collect(() => 42),
    { value: 42 },
  )
  const failing = collect(() => {
    throw new DiagnosticsError([plain])
  })
  t.same(failing, { diagnostics: [plain] })
  t.throws(
    () =>
      collect(() => {
        throw new InternalError('broken')
      }),
    InternalError,
    'a defect is no finding about the model',
  )
  t.end()
})
