import t from 'tap'
import { optionDiagnostics } from '../src/options.js'
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
