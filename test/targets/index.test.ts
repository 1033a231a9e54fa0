import { join } from 'node:path'
import t from 'tap'
import { availableTargets, loadTarget, targetNames } from '../../src/targets/index.js'
import { foreignFolder, pluginModule, target } from './samples.js'

const badTarget = (found: string, help: RegExp) => ({
  name: 'DiagnosticsError',
  diagnostics: [{ code: 'BAD_TARGET', found, help }],
})

t.test('built-in targets are found by name', async (t) => {
  t.ok((await targetNames()).includes('cmake'))
  t.match(await loadTarget('cmake'), { name: 'cmake', apiVersion: 1 })
})

t.test('an unknown target is told with those that there are', async (t) => {
  await t.rejects(loadTarget('make'), badTarget('"make"', /cmake/))
  await t.rejects(loadTarget('constructor'), badTarget('"constructor"', /cmake/))
})

t.test("a target of the caller's own is taken, unless it is none of this interface", async (t) => {
  const own = target()
  t.equal(await loadTarget(own), own)
  const diagnostics = [{ code: 'BAD_PLUGIN', found: /version 2 of the interface/ }]
  await t.rejects(loadTarget(target({ apiVersion: 2 })), { name: 'DiagnosticsError', diagnostics })
})

t.test('a plugin is a path to a file or a folder', async (t) => {
  const folder = await foreignFolder(t, { 'flat/index.mjs': pluginModule('flat'), 'other.mjs': pluginModule('other') })
  const plugins = [join(folder, 'flat'), join(folder, 'other.mjs')]
  t.match(await loadTarget('flat', plugins), { name: 'flat' })
  t.match(await loadTarget('other', plugins), { name: 'other' })
  t.match(await loadTarget('cmake', plugins), { name: 'cmake' })
  await t.rejects(loadTarget('none', plugins), badTarget('"none"', /cmake.*flat, other/))
  const { targets } = await availableTargets(plugins)
  t.same(
    targets.slice(-2).map(({ name }) => name),
    ['flat', 'other'],
  )
})

t.test('a plugin that is not there, or takes the name of another target, is an error', async (t) => {
  const diagnostics = (found: RegExp) => ({ name: 'DiagnosticsError', diagnostics: [{ code: 'BAD_PLUGIN', found }] })
  await t.rejects(loadTarget('cmake', ['./nowhere']), diagnostics(/no such file, folder or package/))
  await t.rejects(loadTarget('cmake', ['eonc-plugin-nowhere']), diagnostics(/no such file, folder or package/))
  const folder = await foreignFolder(t, { 'a.mjs': pluginModule('cmake') })
  await t.rejects(loadTarget('cmake', [join(folder, 'a.mjs')]), diagnostics(/another target has the same name/))
  const found = await availableTargets([join(folder, 'a.mjs'), './nowhere'])
  t.match(found.diagnostics, [{ code: 'BAD_PLUGIN' }, { code: 'BAD_PLUGIN' }])
  t.same(
    found.targets.map(({ name }) => name),
    await targetNames(),
  )
})
