import t from 'tap'
import { PLUGIN_API_VERSION, type Target } from '../src/plugin.js'
import { loadTarget, targetNames } from '../src/targets.js'

const own: Target = {
  apiVersion: PLUGIN_API_VERSION,
  name: 'own',
  description: '',
  tools: [],
  emit: () => Promise.resolve([]),
}

t.test('built-in targets are found by name', async (t) => {
  t.same(await targetNames(), ['cmake'])
  t.match(await loadTarget('cmake'), { target: { name: 'cmake', apiVersion: PLUGIN_API_VERSION } })
})

t.test('an unknown target is told with those that there are', async (t) => {
  t.match(await loadTarget('make'), { diagnostics: [{ code: 'BAD_TARGET', found: '"make"', help: /cmake/ }] })
  t.match(await loadTarget('constructor'), { diagnostics: [{ code: 'BAD_TARGET' }] })
})

t.test("a target of the caller's own is taken, unless it is of another version of the interface", async (t) => {
  t.equal(((await loadTarget(own)) as { readonly target: Target }).target, own)
  const later = { ...own, apiVersion: 2 as typeof PLUGIN_API_VERSION }
  t.match(await loadTarget(later), { diagnostics: [{ code: 'BAD_TARGET', found: '"own" for version 2' }] })
})
