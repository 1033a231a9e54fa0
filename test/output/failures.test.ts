/** Whatever ends a run, the output is the old one or the new one, and the next run leaves nothing else behind. */
import { spawn } from 'node:child_process'
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { hashOf, manifestFile, parseManifest } from '../../src/manifest.js'
import { writeOutput } from '../../src/output/index.js'
import type { OutputFile } from '../../src/plugin.js'
import { COMMAND, environment, eonc, tinyModel } from '../cli/command.js'
import { emptyFolder } from '../support/folders.js'
import { run, runOrThrow } from '../support/toolchain.js'
import { sources } from '../targets/samples.js'

const base = await emptyFolder('output-failures')
/** A process that is none any more. */
const DEAD = 2 ** 22 + 1

const output = (text: string, ...paths: readonly string[]): readonly OutputFile[] => {
  const files = paths.map((path) => ({ path, contents: `${text} ${path}` }))
  return [...files, manifestFile(sources, files, { name: text, options: {} }, [{}])]
}
const OLD = output('old', 'a', 'dir/b', 'gone')
const NEW = output('new', 'a', 'dir/b', 'more/c')

/** Whether a folder holds exactly these files. */
async function holds(t: Test, folder: string, files: readonly OutputFile[], message: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const found = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const expected = files.map(({ path }) => join(folder, path))
  t.same(found.sort(), expected.sort(), message)
  for (const { path, contents } of files) t.equal(await readFile(join(folder, path), 'utf8'), contents, path)
}

/** A folder with the old output, and the new one staged in the work folder of a run that was killed. */
async function killed(name: string, owner = `${DEAD} ${hostname()}`): Promise<string> {
  const folder = join(base, name)
  await writeOutput(folder, OLD)
  for (const { path, contents } of NEW) {
    const staged = join(folder, '.eonc/new', path)
    await mkdir(join(staged, '..'), { recursive: true })
    await writeFile(staged, contents)
  }
  await writeFile(join(folder, '.eonc/owner'), owner)
  return folder
}

const commit = (folder: string): Promise<void> =>
  writeFile(join(folder, '.eonc/commit.json'), JSON.stringify({ write: NEW.map(({ path }) => path), remove: ['gone'] }))

t.test('what was killed before all was staged is dropped by the next run', async (t) => {
  const folder = await killed('before')
  await writeFile(join(folder, `.eonc-${DEAD}-00ff`), '')
  await writeOutput(folder, OLD)
  await holds(t, folder, OLD, 'the old output, and nothing else')
})

t.test('what was killed after that is completed by the next run, at whatever step', async (t) => {
  for (const step of [0, 1, 2, 3]) {
    const folder = await killed(`after-${step}`)
    await commit(folder)
    for (const { path } of NEW.slice(0, step)) {
      await mkdir(join(folder, path, '..'), { recursive: true })
      await rename(join(folder, '.eonc/new', path), join(folder, path))
    }
    if (step > 1) await rm(join(folder, 'gone'))
    await writeOutput(folder, NEW)
    await holds(t, folder, NEW, `killed after ${step} files`)
  }
})

t.test('a run that was killed while it completed another one is completed too', async (t) => {
  const folder = await killed('twice')
  await commit(folder)
  await rename(join(folder, '.eonc'), join(folder, 'left'))
  await mkdir(join(folder, '.eonc'))
  await writeFile(join(folder, '.eonc/owner'), `${DEAD} ${hostname()}`)
  await rename(join(folder, 'left'), join(folder, '.eonc/left'))
  await writeOutput(folder, NEW)
  await holds(t, folder, NEW, 'the new output')
})

t.test('while another run goes on, an output is left alone', async (t) => {
  for (const owner of [`${process.ppid} ${hostname()}`, `${DEAD} another.machine`]) {
    const folder = await killed(`owned-${owner.slice(-3)}`, owner)
    await t.rejects(writeOutput(folder, NEW), {
      name: 'OutputError',
      message: /is being written by another eonc \(process/,
    })
    await rm(join(folder, '.eonc'), { recursive: true })
    await holds(t, folder, OLD, 'the old output')
  }
})

t.test('of runs at once one writes, and the others say why they do not', async (t) => {
  const folder = join(base, 'at-once')
  const versions = Array.from({ length: 8 }, (_, index) => output(`version ${index}`, 'a', 'b', `own-${index}`))
  const results = await Promise.allSettled(versions.map((files) => writeOutput(folder, files)))
  const failures = results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []))
  t.ok(failures.length < versions.length, `${failures.length} of ${versions.length} were refused`)
  for (const failure of failures) t.match(failure, /another eonc \(process|cannot be written/)
  const name = parseManifest(await readFile(join(folder, 'eonc.json'), 'utf8'))?.target.name ?? ''
  await holds(t, folder, versions.find((files) => String(files.at(-1)?.contents).includes(`"${name}"`)) ?? [], name)
})

t.test('on a full disk the old output stays whole', { skip: process.getuid?.() !== 0 && 'not root' }, async (t) => {
  const disk = join(base, 'disk')
  await mkdir(disk)
  await runOrThrow('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk])
  t.teardown(() => run('umount', [disk]))
  const folder = join(disk, 'out')
  await writeOutput(folder, OLD)
  const large = [
    { path: 'a', contents: 'new' },
    { path: 'large', contents: 'x'.repeat(100_000) },
  ]
  const files = [...large, manifestFile(sources, large, { name: 'large', options: {} }, [{}])]
  await t.rejects(writeOutput(folder, files), { name: 'OutputError', message: /cannot be written: the disk is full/ })
  await holds(t, folder, OLD, 'the old output')
  await t.rejects(writeOutput(join(disk, 'none'), files), /the disk is full/)
  t.same(await readdir(disk), ['out'], 'a new folder is not left behind')
  await writeOutput(folder, NEW)
  await holds(t, folder, NEW, 'the disk has room again')
  await runOrThrow('mount', ['-o', 'remount,ro', disk])
  await t.rejects(writeOutput(folder, OLD), /cannot be written: the disk is read-only/)
  await holds(t, folder, NEW, 'on a disk that is read-only too')
})

t.test('in a folder that may not be written the old output stays whole', async (t) => {
  const cwd = join(base, 'read-only')
  const folder = join(cwd, 'out')
  await writeOutput(folder, OLD)
  await chmod(folder, 0o555)
  t.teardown(() => chmod(folder, 0o755))
  // root may write everywhere: someone else runs the command
  const user = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : []
  const [program, ...args] = [...user, process.execPath, '--input-type=module']
  const script = `
    const { writeOutput } = await import(${JSON.stringify(new URL('../../dist/src/output/index.js', import.meta.url).href)})
    await writeOutput(${JSON.stringify(folder)}, ${JSON.stringify(NEW)})`
  const { status, stderr } = await run(program, args, { cwd: '/', input: script, env: environment })
  t.not(status, 0)
  t.match(stderr, /OutputError: .*out cannot be written: permission is denied/)
  await holds(t, folder, OLD, 'the old output')
})

/** Starts the command and kills it after a while. */
async function killAfter(ms: number, args: readonly string[], cwd: string): Promise<void> {
  const [node = '', ...command] = COMMAND
  const child = spawn(node, [...command, ...args], { cwd, stdio: 'ignore', env: { ...process.env, ...environment } })
  const ended = new Promise((done) => child.on('close', done))
  const timer = setTimeout(() => child.kill('SIGKILL'), ms)
  await ended
  clearTimeout(timer)
}

t.test('a command that is killed leaves one output or the other, and the next one works', async (t) => {
  const cwd = join(base, 'kill')
  await mkdir(cwd)
  await writeFile(join(cwd, 'tiny.tflite'), tinyModel)
  const compile = (input: string) => ['compile', 'tiny.tflite', '--target', 'cmake', '--out', 'out', '--input', input]
  const start = Date.now()
  await eonc(compile('preserve'), { cwd })
  const whole = Date.now() - start
  for (let round = 0; round < 8; ++round) {
    await killAfter(whole * (0.6 + 0.05 * round), compile(round % 2 === 0 ? 'stream' : 'preserve'), cwd)
    const { status, stderr } = await eonc(compile('preserve'), { cwd })
    t.equal(status, 0, stderr)
    const manifest = parseManifest(await readFile(join(cwd, 'out/eonc.json'), 'utf8'))
    for (const { path, sha256 } of manifest?.files ?? []) {
      t.equal(hashOf(await readFile(join(cwd, 'out', path))), sha256, path)
    }
    t.same(
      (await readdir(join(cwd, 'out'))).filter((name) => name.startsWith('.')),
      [],
    )
  }
})
