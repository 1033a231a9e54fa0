import t from 'tap'
import {
  benchOptionDiagnostics,
  optionDiagnostics,
  planOptionDiagnostics,
  stackOptionDiagnostics,
} from '../src/options.js'
import { PLUGIN_API_VERSION } from '../src/plugin.js'

const good = { name: 'kws', target: 'cmake' }
const target = {
  apiVersion: PLUGIN_API_VERSION,
  name: 'none',
  description: '',
  tools: [],
  emit: () => Promise.resolve([]),
}

t.test('options within their type are right', async (t) => {
  t.same(optionDiagnostics(good), [])
  t.same(
    optionDiagnostics({ ...good, target, cpu: 'cortex-m55', optimize: 'ram', stripFloatIo: true, input: 'preserve' }),
    [],
  )
  t.same(optionDiagnostics({ ...good, cpu: undefined }), [])
})

t.test('a caller without types is told what is wrong, all of it at once', async (t) => {
  const found = optionDiagnostics({ ...good, cpu: 'z80', optimize: 3, stripFloatIO: true })
  t.match(
    found.map(({ code, found }) => `${code} ${found ?? ''}`),
    [/^BAD_OPTION cpu: .*"cortex-m0"/, /^BAD_OPTION optimize: .*"balanced"/, /^BAD_OPTION .*"stripFloatIO"/],
  )
  t.equal(found.length, 3)
  for (const wrong of [
    undefined,
    null,
    'cmake',
    {},
    { target: 'cmake' },
    { ...good, name: 3 },
    { ...good, target: {} },
  ]) {
    t.match(optionDiagnostics(wrong)[0], { severity: 'error', code: 'BAD_OPTION' }, JSON.stringify(wrong))
  }
  t.match(optionDiagnostics({ ...good, target: 7 })[0], { found: /target: .*the name of a target/ })
})

t.test('the name has rules of its own', async (t) => {
  t.match(optionDiagnostics({ ...good, name: 'Kws' }), [{ code: 'BAD_OPTION', found: '"Kws"' }])
})

t.test('budgets are whole numbers of bytes', async (t) => {
  t.same(optionDiagnostics({ ...good, maxRam: 1, maxRom: 65_536 }), [])
  for (const wrong of [0, -1, 1.5, NaN, Infinity, '64k', 2 ** 53]) {
    t.match(optionDiagnostics({ ...good, maxRam: wrong }), [{ code: 'BAD_OPTION', found: /^maxRam: / }], String(wrong))
    t.match(planOptionDiagnostics({ maxRom: wrong }), [{ code: 'BAD_OPTION', found: /^maxRom: / }], String(wrong))
  }
})

t.test('what is planned has no name and no target', async (t) => {
  t.same(planOptionDiagnostics({}), [])
  t.same(
    planOptionDiagnostics({ cpu: 'host', optimize: 'ram', stripFloatIo: true, input: 'stream', streamInput: 'x' }),
    [],
  )
  t.match(planOptionDiagnostics(good), [{ code: 'BAD_OPTION', rule: /PlanOptions/, found: /"name", "target"/ }])
  t.match(planOptionDiagnostics(null), [{ code: 'BAD_OPTION' }])
})

t.test('the stack is known of Cortex-M alone', async (t) => {
  t.same(stackOptionDiagnostics({ cpu: 'cortex-m4f', name: 'kws', flags: ['-O3'], input: 'stream' }), [])
  t.same(stackOptionDiagnostics({}), [])
  t.match(stackOptionDiagnostics({ cpu: 'host' })[0], { code: 'BAD_OPTION', found: /^cpu: / })
  t.match(stackOptionDiagnostics({ flags: '-O3' })[0], { code: 'BAD_OPTION', found: /^flags: / })
  t.match(stackOptionDiagnostics({ name: 'K W S' })[0], { code: 'BAD_OPTION' })
})

t.test('a measurement is for a processor that there is an emulator of', async (t) => {
  t.same(benchOptionDiagnostics({ cpu: 'cortex-m55', flags: ['-O3'], input: 'stream' }), [])
  for (const wrong of [{ cpu: 'any' }, { cpu: 'host' }, { flags: '-O3' }, { name: 'kws' }]) {
    t.match(benchOptionDiagnostics(wrong), [{ code: 'BAD_OPTION', rule: /BenchOptions/ }], JSON.stringify(wrong))
  }
})
