import { join } from 'node:path'
import t, { type Test } from 'tap'
import { PLUGIN_API_VERSION } from '../../src/plugin.js'
import { checkedTarget, loadPlugin } from '../../src/targets/load-plugin.js'
import { foreignFolder, pluginModule, target } from './samples.js'

const plain = `{ apiVersion: 1, name: 'plain', description: 'none', emit: async () => [] }`

/** Every form that a plugin may have, each a folder or file by its path below the files. */
const FORMS: readonly (readonly [form: string, path: string, files: Readonly<Record<string, string>>])[] = [
  ['a module that exports a function', 'a.mjs', { 'a.mjs': pluginModule('plain') }],
  ['a module that exports an object', 'a.mjs', { 'a.mjs': `export const target = ${plain}` }],
  ['a default export', 'a.mjs', { 'a.mjs': `export default ${plain}` }],
  ['a CommonJS module', 'a.cjs', { 'a.cjs': `module.exports = { target: ${plain} }` }],
  ['a CommonJS module that is the target', 'a.cjs', { 'a.cjs': `module.exports = ${plain}` }],
  ['a folder with index.mjs', 'p', { 'p/index.mjs': `export const target = ${plain}` }],
  [
    'a folder whose package.json names main',
    'p',
    { 'p/package.json': '{"type":"module","main":"lib/x.js"}', 'p/lib/x.js': `export const target = ${plain}` },
  ],
  [
    'a folder whose package.json exports conditions',
    'p',
    {
      'p/package.json': '{"exports":{".":{"types":"./x.d.ts","import":{"default":"./x.mjs"}},"./y":"./y.mjs"}}',
      'p/x.mjs': `export const target = ${plain}`,
    },
  ],
  ['an asynchronous function', 'a.mjs', { 'a.mjs': `export const target = async () => (${plain})` }],
]

for (const [form, path, files] of FORMS) {
  t.test(`a plugin is loaded: ${form}`, async (t) => {
    const folder = await foreignFolder(t, files)
    t.match(await loadPlugin(join(folder, path)), { apiVersion: PLUGIN_API_VERSION, name: 'plain' })
  })
}

async function refused(t: Test, files: Readonly<Record<string, string>>, found: RegExp): Promise<void> {
  const folder = await foreignFolder(t, files)
  const [first = ''] = Object.keys(files)
  const diagnostics = [{ severity: 'error', code: 'BAD_PLUGIN', found }]
  await t.rejects(loadPlugin(join(folder, first.split('/')[0] ?? '')), { name: 'DiagnosticsError', diagnostics })
}

t.test('what is broken is told apart', async (t) => {
  const exporting = (text: string) => ({ 'a.mjs': `export const target = ${text}` })
  await refused(t, { 'a.mjs': "throw new Error('no licence')" }, /cannot be loaded: no licence/)
  await refused(t, { 'a.mjs': "import 'not-installed'" }, /cannot be loaded: Cannot find package 'not-installed'/)
  await refused(t, { 'a.mjs': 'export const target = {' }, /cannot be loaded: /)
  await refused(t, exporting("() => { throw new Error('later') }"), /cannot be loaded: later/)
  await refused(t, { 'a.mjs': 'export const goal = 1' }, /exports no object named `target`/)
  await refused(t, exporting('null'), /exports no object named `target`/)
  await refused(t, exporting('{}'), /for version undefined of the interface, not 1/)
  await refused(t, exporting('{ apiVersion: 2 }'), /for version 2 of the interface, not 1/)
  await refused(
    t,
    exporting("{ apiVersion: 1, name: 'A b', description: 'x' }"),
    /name: .*lower-case.*emit: .*no function/,
  )
  await refused(t, exporting(`{ ...${plain}, description: '' }`), /description: it is empty/)
  await refused(t, exporting(`{ ...${plain}, tools: [{ name: 'clang' }] }`), /tools\.0\.commands/)
  await refused(t, exporting(`{ ...${plain}, run: 3 }`), /run: it is no function/)
  await refused(t, exporting(`{ ...${plain}, options: { html: 'boolean' } }`), /options are no zod object schema/)
  await refused(t, { 'p/readme.md': '' }, /no package\.json that names a module, and none of index\.js/)
  await refused(t, { 'p/package.json': '{' }, /cannot be loaded: .*JSON/)
})

t.test('a target that is one is given back as it is', (t) => {
  const own = target()
  t.equal(checkedTarget(own, 'own'), own)
  t.end()
})
