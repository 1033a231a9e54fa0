/** Targets of others, as a user gets them: in a folder, or installed by npm from a packed tarball. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { runOrThrow } from '../support/toolchain.js'
import { foreignFolder, pluginModule } from '../targets/samples.js'
import { environment, eonc, tinyModel } from './command.js'

const offline = {
  env: { ...environment, npm_config_offline: 'true', npm_config_audit: 'false', npm_config_update_notifier: 'false' },
}

t.test('a plugin in a folder of its own compiles a model, with its options', async (t) => {
  const cwd = await foreignFolder(t, { 'my target/index.mjs': pluginModule('flat') })
  await writeFile(join(cwd, 'tiny.tflite'), tinyModel)
  const plugin = ['--plugin', './my target']
  const compile = (...args: readonly string[]) =>
    eonc(['compile', 'tiny.tflite', '--target', 'flat', ...plugin, ...args], { cwd })

  const help = await compile('--help')
  t.match(help.stdout, /Options of flat:\n {2}--folder <string> +folder of the sources \(default: "\."\)/)
  t.match(help.stdout, /--no-comments +leave comments out\n/)
  t.match(help.stdout, /--level <choice> +how much \(choices: "low", "high"\)/)

  const made = await compile(
    '--out',
    'out',
    '--folder',
    'src',
    '--page',
    '--no-comments',
    '--copies=2',
    '--tag',
    'a',
    '--tag',
    'b',
  )
  t.equal(made.status, 0, made.stderr)
  t.match(await readFile(join(cwd, 'out/src/tiny.cpp'), 'utf8'), /tiny_invoke/)
  const given = JSON.parse(await readFile(join(cwd, 'out/options.json'), 'utf8')) as unknown
  t.same(given, { page: true, comments: false, copies: 2, tag: ['a', 'b'] })

  const wrong: readonly (readonly [args: readonly string[], stderr: RegExp])[] = [
    [['--copies', '0'], /error BAD_OPTION: [^]*copies: /],
    [['--copies', 'two'], /'--copies <number>' argument 'two' is invalid/],
    [['--level', 'middle'], /'--level <choice>' argument 'middle' is invalid. It is one of low, high/],
    [['--pages'], /unknown option '--pages'/],
  ]
  for (const [args, stderr] of wrong) t.match(await compile('--out', 'none', ...args), { status: 2, stderr })

  const { stdout } = await eonc(['targets', '--json', ...plugin], { cwd })
  const targets = JSON.parse(stdout) as readonly { readonly name: string }[]
  t.match(
    targets.find(({ name }) => name === 'flat'),
    { description: 'the sources in a folder', options: { 0: { flag: '--folder', type: 'string', default: '.' } } },
  )
  t.match(
    (await eonc(['targets', ...plugin], { cwd })).stdout,
    /^flat {2}the sources in a folder\n(.*\n)* {2}--level +low\|high/m,
  )
})

t.test('a plugin that npm has installed from a tarball is found by itself', async (t) => {
  const manifest = JSON.stringify({ name: 'eonc-plugin-packed', version: '1.0.0', type: 'module', main: 'plugin.js' })
  const cwd = await foreignFolder(t, {
    'package/package.json': manifest,
    'package/plugin.js': pluginModule('packed'),
    'project/package.json': '{"private":true}',
    'project/firmware/src/empty': '',
  })
  await runOrThrow('npm', ['pack', '--pack-destination', cwd], { cwd: join(cwd, 'package'), ...offline })
  const project = join(cwd, 'project')
  await runOrThrow('npm', ['install', join(cwd, 'eonc-plugin-packed-1.0.0.tgz')], { cwd: project, ...offline })
  await writeFile(join(project, 'tiny.tflite'), tinyModel)
  const compile = ['compile', join(project, 'tiny.tflite'), '--out', 'out', '--target', 'packed']
  t.match(await eonc(compile, { cwd: project }), { status: 0, stderr: '' })
  t.match(await eonc(compile, { cwd: join(project, 'firmware') }), { status: 0, stderr: '' }, 'in a folder below')
  t.match(await eonc([...compile, '--plugin', 'eonc-plugin-packed'], { cwd: project }), { status: 0, stderr: '' })
  t.match(await eonc(['targets'], { cwd: project }), { status: 0, stderr: '', stdout: /^packed {2}/m })
  t.match(await eonc(compile, { cwd }), { status: 2, stderr: /BAD_TARGET/ }, 'outside of the project it is not there')

  const broken = join(project, 'node_modules/eonc-plugin-broken')
  await mkdir(broken)
  await writeFile(join(broken, 'package.json'), '{"main":"gone.js"}')
  t.match(await eonc(compile, { cwd: project }), { status: 0 }, 'a broken one stands in nobody else’s way')
  const listed = await eonc(['targets'], { cwd: project })
  t.match(listed, {
    status: 1,
    stdout: /^packed/m,
    stderr: /BAD_PLUGIN: The plugin "eonc-plugin-broken" gives a target/,
  })
})

t.test('a broken plugin ends in a clear error, and nothing is written', async (t) => {
  const cwd = await foreignFolder(t, {
    'throws.mjs': "throw new Error('no licence')",
    'version.mjs': "export const target = { apiVersion: 7, name: 'a', description: 'b', emit() {} }",
    'no-emit.mjs': "export const target = { apiVersion: 1, name: 'a', description: 'b' }",
    'schema.mjs': "export const target = { apiVersion: 1, name: 'a', description: 'b', options: {}, emit() {} }",
    'outside.mjs': `export const target = { apiVersion: 1, name: 'a', description: 'b', emit: () => [{ path: '../x', contents: '' }] }`,
    'clash.mjs': `export const target = ({ z }) => ({ apiVersion: 1, name: 'a', description: 'b', emit() {},
      options: z.object({ cpu: z.string().optional().describe('ours') }) })`,
  })
  await writeFile(join(cwd, 'tiny.tflite'), tinyModel)
  const errors: Readonly<Record<string, RegExp>> = {
    throws: /BAD_PLUGIN[^]*cannot be loaded: no licence/,
    version: /BAD_PLUGIN[^]*for version 7 of the interface, not 1/,
    'no-emit': /BAD_PLUGIN[^]*emit: it is no function/,
    schema: /BAD_PLUGIN[^]*its options are no zod object schema/,
    outside: /TARGET_FAILED[^]*"\.\.\/x" leaves the output folder/,
    clash: /its option --cpu is one of eonc/,
  }
  for (const [name, stderr] of Object.entries(errors)) {
    const args = ['compile', 'tiny.tflite', '--target', 'a', '--plugin', `./${name}.mjs`, '--out', 'out']
    t.match(await eonc(args, { cwd }), { status: 1, stderr }, name)
  }
  await t.rejects(readFile(join(cwd, 'out/eonc.json')), { code: 'ENOENT' })
})
