import t, { type Test } from 'tap'
import { z } from 'zod'
import { InternalError } from '../../src/ir/index.js'
import { type OutputFile, TargetError } from '../../src/plugin.js'
import { emitProject as emit } from '../../src/targets/emit.js'
import { sources, target } from './samples.js'

const file = (path: string): OutputFile => ({ path, contents: path })
const silent = (): undefined => undefined

/** The files of a project. */
const emitProject = async (...args: Parameters<typeof emit>) => (await emit(...args)).files

async function rejects(t: Test, own: Parameters<typeof target>[0], diagnostics: object): Promise<void> {
  await t.rejects(emitProject(target(own), sources, {}, silent), {
    name: 'DiagnosticsError',
    diagnostics: [diagnostics],
  })
}

t.test('the files of a target get a licence and a README, unless it has its own', async (t) => {
  const files = await emitProject(target(), sources, {}, silent)
  t.same(
    files.map(({ path, role }) => [path, role]),
    [
      ['net.h', 'public-header'],
      ['net.cpp', 'source'],
      ['LICENSE', undefined],
      ['README.md', undefined],
    ],
  )
  t.match(files[2]?.contents, /^MIT No Attribution\n/)
  t.match(files[3]?.contents, /^# net\n[^]*\| RAM \| 12 bytes[^]*\| ROM \| 345 bytes[^]*`eonc_conv_2d_s8`/)
  const own = await emitProject(target({ emit: async () => [file('readme.md'), file('LICENSE')] }), sources, {}, silent)
  t.same(own, [file('readme.md'), file('LICENSE')])
})

t.test('a target gets its options with defaults, its tools, and a way to say what is going on', async (t) => {
  const said: string[] = []
  const own = target({
    options: z.object({ level: z.int().default(3).describe('a level') }),
    tools: [
      { name: 'shell', commands: ['no-such-program', 'sh'], why: 'to test', help: '' },
      { name: 'rare', commands: ['no-such-program'], why: 'to test', help: '', optional: true },
    ],
    emit: async (_, options, { tools, findTool, log }) => {
      log('working')
      return [{ path: 'a', contents: JSON.stringify({ options, tools, none: findTool('no-such-program') ?? null }) }]
    },
  })
  const [first] = await emitProject(own, sources, {}, (message) => said.push(message))
  const { options, tools, none } = JSON.parse(String(first?.contents)) as Readonly<Record<string, object>>
  t.same(options, { level: 3 })
  t.match(tools, { shell: /^\/.*\/sh$/ })
  t.equal(none, null)
  t.same(said, ['working'])
})

t.test('a missing tool is told with what it is for and how to get it, all of them at once', async (t) => {
  const tool = (name: string) => ({
    name,
    commands: [`no-${name}`, `nor-${name}`],
    why: 'to build',
    help: `Get ${name}.`,
  })
  const own = target({ tools: [tool('clang'), tool('ld')] })
  await t.rejects(emitProject(own, sources, {}, silent), {
    name: 'DiagnosticsError',
    diagnostics: [
      {
        code: 'MISSING_TOOL',
        rule: 'The target own needs clang to build',
        found: 'no-clang, nor-clang: not on PATH',
        help: 'Get clang.',
      },
      { code: 'MISSING_TOOL', help: 'Get ld.' },
    ],
  })
})

t.test('a target that fails is named; what a user can solve comes with the way out', async (t) => {
  const code = 'TARGET_FAILED'
  const failing = (error: Error) => ({ emit: () => Promise.reject(error) })
  await rejects(t, failing(new TargetError('no room', 'Make room.')), { code, found: 'no room', help: 'Make room.' })
  await rejects(t, failing(new TypeError('x is null')), { code, found: 'x is null', help: /defect of the target/ })
  const throwing = () => {
    throw new Error('at once')
  }
  await rejects(t, { emit: throwing }, { code, found: 'at once' })
  await t.rejects(emitProject(target(failing(new InternalError('ours'))), sources, {}, silent), {
    name: 'InternalError',
  })
})

t.test('what is no list of files, or has paths that are none, is refused', async (t) => {
  const code = 'TARGET_FAILED'
  const giving = (files: unknown) => ({ emit: () => Promise.resolve(files as readonly OutputFile[]) })
  await rejects(t, giving(undefined), { code, found: /no list of files/ })
  await rejects(t, giving([{ path: 'a' }]), { code, found: /no list of files.*contents/ })
  await rejects(t, giving([{ path: 'a', contents: 'a', role: 'main' }]), { code, found: /no list of files.*role/ })
  for (const path of ['../a', 'a/../../b', '/a', 'C:/a', '..']) {
    await rejects(t, giving([file(path)]), { code, found: /leaves the output folder/ })
  }
  for (const path of ['', '.', 'a\\b', 'a\nb', 'a/'])
    await rejects(t, giving([file(path)]), { code, found: /no path of a file/ })
  for (const path of ['eonc.json', 'EONC.JSON', '.eonc-files', '.eonc/x']) {
    await rejects(t, giving([file(path)]), { code, found: /is the name of a file of eonc/ })
  }
  await rejects(t, giving([file('a/b'), file('A/B')]), { code, found: /"A\/B" is given twice/ })
  await rejects(t, giving([file('a'), file('a/b')]), { code, found: /"a" is a file and a folder/ })
  const [kept] = await emitProject(target(giving([file('./a/./b')])), sources, {}, silent)
  t.equal(kept?.path, 'a/b')
})
