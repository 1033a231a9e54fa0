import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { projectRoot, run, skipWithout } from '../support/toolchain.js'
import { COMMAND, environment, eonc, folderOfModels } from './command.js'

const cwd = await folderOfModels('cli-streams')
const ESCAPE = '\u001b'
/** An environment in which colours depend on the terminal alone. */
const neutral = { ...environment, NO_COLOR: undefined, FORCE_COLOR: undefined, CI: undefined, TERM: 'xterm' }

/** Runs `eonc` on a terminal, which has one stream for all. */
async function onTerminal(args: string, env: Readonly<Record<string, string | undefined>> = {}): Promise<string> {
  const command = [...COMMAND, args].join(' ')
  const { stdout } = await run('script', ['--quiet', '--command', command, '/dev/null'], {
    cwd,
    env: { ...neutral, ...env },
  })
  return stdout.replaceAll('\r\n', '\n')
}

/** Runs a line of shell in which `eonc` is the command. */
function inShell(line: string): ReturnType<typeof run> {
  const command = COMMAND.map((word) => `'${word}'`).join(' ')
  return run('bash', ['-c', `eonc() { ${command} "$@"; }; ${line}`], { cwd, env: environment })
}

t.test('JSON is alone on the standard output, notices and findings or not', async (t) => {
  const inspection = await eonc(['inspect', 'tiny.tflite', '--json'], { cwd })
  t.match(JSON.parse(inspection.stdout), { operators: [{ kind: 'FULLY_CONNECTED' }] })
  t.equal(inspection.stderr, '')
  t.equal(inspection.status, 0)
  const findings = await eonc(['check', '--json', 'truncated.tflite'], { cwd })
  t.match(JSON.parse(findings.stdout), [{ severity: 'error', code: 'BAD_FILE' }])
  t.equal(findings.stderr, '')
  t.equal(findings.status, 1)
  const failure = await eonc(['inspect', '--json', 'truncated.tflite'], { cwd })
  t.equal(failure.stdout, '')
  t.match(failure.stderr, /BAD_FILE/)
  t.equal(failure.status, 1)
})

t.test('findings against compiling go to the standard error alone', async (t) => {
  const found = await eonc(['compile', 'hybrid.tflite', '--target', 'cmake', '--out', 'out'], { cwd })
  t.equal(found.stdout, '')
  t.match(found.stderr, /This is a hybrid model/)
})

t.test('there are no colours but on a terminal', { skip: skipWithout('script') }, async (t) => {
  const forced = { env: { ...neutral, FORCE_COLOR: '1' }, cwd }
  for (const args of [['check', 'hybrid.tflite'], ['inspect', 'tiny.tflite'], ['inspect', 'missing'], ['--help']]) {
    const { stdout, stderr } = await eonc(args, forced)
    t.notMatch(stdout + stderr, ESCAPE, args.join(' '))
  }
  const check = await onTerminal('check hybrid.tflite')
  t.ok(check.startsWith(`${ESCAPE}[31merror UNSUPPORTED_TYPE${ESCAPE}[39m: Weights`), check)
  t.match(check, `${ESCAPE}[2m  found:${ESCAPE}[22m input float32`)
  t.match(await onTerminal('inspect tiny.tflite'), `${ESCAPE}[1mtiny.tflite${ESCAPE}[22m`)
  t.match(await onTerminal('inspect missing'), `${ESCAPE}[31merror${ESCAPE}[39m: missing`)
  t.notMatch(await onTerminal('check hybrid.tflite', { NO_COLOR: '1' }), ESCAPE)
  t.notMatch(await onTerminal('inspect tiny.tflite', { TERM: 'dumb' }), ESCAPE)
})

t.test('names of a model cannot command a terminal', { skip: skipWithout('script') }, async (t) => {
  const commands = ['check', 'inspect', 'compile --target cmake --out out'].map(
    (command) => `${command} strange.tflite`,
  )
  for (const command of [...commands, 'plan named.tflite', 'plan named.tflite --max-ram 1', 'inspect named.tflite']) {
    const text = await onTerminal(command)
    t.notMatch(text.replace(/\u001b\[[0-9]+m/g, ''), /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/, command)
    t.notMatch(text, `${ESCAPE}[2J`, command)
  }
})

t.test('a pipe that is closed early is no error', async (t) => {
  const early = await inShell('eonc inspect tiny.tflite --json | head -n 1; echo "${PIPESTATUS[0]}"')
  t.equal(early.stdout, '{\n0\n')
  t.equal(early.stderr, '')
  const atOnce = await inShell('eonc inspect tiny.tflite | true')
  t.equal(atOnce.stderr, '')
})

t.test('a standard output that cannot be written is an error', async (t) => {
  const { status, stderr } = await inShell('eonc inspect tiny.tflite > /dev/full')
  t.equal(status, 1)
  t.match(stderr, /^error: the standard output cannot be written: ENOSPC/)
  t.notMatch(stderr, /defect|at .*\.js/)
})

t.test('a model may come through a pipe', async (t) => {
  const { stdout, stderr } = await inShell('eonc inspect <(cat tiny.tflite) | tail -n 1')
  t.match(stdout, /scores$/m)
  t.equal(stderr, '')
})

t.test('a defect asks for a report, once', async (t) => {
  const script = join(cwd, 'defect.mjs')
  const terminal = join(projectRoot, 'dist/src/cli/terminal.js')
  const api = join(projectRoot, 'dist/src/index.js')
  await writeFile(
    script,
    `import { fail } from '${terminal}'
     import { InternalError } from '${api}'
     fail(process.argv[2] === 'internal' ? new InternalError('no kernel') : new TypeError('no function'))`,
  )
  const internal = await run(process.execPath, [script, 'internal'])
  t.equal(internal.stderr.match(/please report it/g)?.length, 1)
  t.equal(internal.status, 1)
  const other = await run(process.execPath, [script, 'other'])
  t.match(other.stderr, /^error: no function\nThis is a defect of eonc: please report it with the model\.\n$/)
})

t.test('help is as wide as 80 columns where there is no terminal', async (t) => {
  const { stdout } = await eonc(['compile', '--help'], { env: { COLUMNS: '40' } })
  t.ok(stdout.split('\n').every((line) => line.length <= 80))
  t.ok(stdout.split('\n').some((line) => line.length > 70))
})
