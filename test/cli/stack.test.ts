import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { z } from 'zod'
import { skipWithout } from '../support/toolchain.js'
import { eonc, folderOfModels } from './command.js'

const cwd = await folderOfModels('cli-stack')
const skip = skipWithout('arm-none-eabi-gcc', 'arm-none-eabi-objdump')
const count = z.int().min(0)
const PLACES = z.array(z.strictObject({ function: z.string(), bytes: count }))
const STACK = z.strictObject({
  compiler: z.string().regex(/^arm-none-eabi-gcc \d+\.\d+\.\d+ -Os( \S+)* \(newlib-nano\)$/),
  functions: z.array(
    z.strictObject({
      cpu: z.string().regex(/^cortex-m/),
      function: z.string(),
      bytes: count,
      path: PLACES.min(1),
      callbacks: PLACES,
      unbounded: z.array(z.string()).max(0),
    }),
  ),
})

async function stackOfTiny(...args: readonly string[]): Promise<z.infer<typeof STACK>> {
  const { status, stdout, stderr } = await eonc(['stack', 'tiny.tflite', '--json', ...args], { cwd })
  t.equal(status, 0)
  t.equal(stderr, '')
  return STACK.parse(JSON.parse(stdout))
}

t.test('each public function has its stack on each processor', { skip }, async (t) => {
  const { functions } = await stackOfTiny()
  t.equal(functions.length, 7 * 4)
  const invoke = functions.filter(({ function: name }) => name === 'tiny_invoke')
  // dense kernels for Cortex-M0+ unpack a piece of the input there
  const most = (cpu: string): number => (cpu.startsWith('cortex-m0') ? 600 : 300)
  t.ok(invoke.every(({ cpu, bytes, path }) => bytes > 50 && bytes < most(cpu) && path.length > 1))
  const names = (await stackOfTiny('--input', 'stream', '--cpu', 'cortex-m4f')).functions.map((each) => each.function)
  t.same(names, ['tiny_push', 'tiny_reset', 'tiny_input', 'tiny_output'])
})

t.test('flags change what is measured', { skip }, async (t) => {
  const [size, none] = [
    await stackOfTiny('--cpu', 'cortex-m7'),
    await stackOfTiny('--cpu', 'cortex-m7', '--flags', '-O0'),
  ]
  t.ok((none.functions[0]?.bytes ?? 0) > (size.functions[0]?.bytes ?? Infinity))
})

t.test('the function that fetches inputs is not counted, and that is said', { skip }, async (t) => {
  const args = ['stack', 'tiny.tflite', '--cpu', 'cortex-m0plus', '--input', 'callback']
  const { stdout, status } = await eonc(args, { cwd })
  t.equal(status, 0)
  t.match(stdout, /^cortex-m0plus +tiny_invoke +\d+ +tiny_invoke \d+( \+ eonc_\w+ \d+)+$/m)
  t.match(stdout, /^Your own get_data is not counted\. .*: \d+ on cortex-m0plus\.$/m)
})

t.test('nothing is left behind, and nothing is measured of what cannot be compiled', { skip }, async (t) => {
  const TMPDIR = join(cwd, 'temporary')
  await mkdir(TMPDIR)
  const failing = ['--flags', '-mcpu=none']
  for (const args of [['tiny.tflite'], ['tiny.tflite', ...failing], ['hybrid.tflite']]) {
    await eonc(['stack', ...args, '--cpu', 'cortex-m3'], { cwd, env: { TMPDIR } })
    t.same(await readdir(TMPDIR), [], args.join(' '))
  }
  const failed = await eonc(['stack', 'tiny.tflite', ...failing], { cwd })
  t.equal(failed.status, 1)
  t.match(
    failed.stderr,
    /^error TOOL_FAILED: arm-none-eabi-gcc builds the model's code\n {2}found: .*-mcpu target: none/,
  )
  const refused = await eonc(['stack', 'hybrid.tflite'], { cwd })
  t.equal(refused.status, 1)
  t.match(refused.stderr, /^error UNSUPPORTED_TYPE/)
})

t.test('without a compiler, it is said what to install', async (t) => {
  const { status, stdout, stderr } = await eonc(['stack', 'tiny.tflite'], { cwd, env: { PATH: cwd } })
  t.equal(status, 1)
  t.equal(stdout, '')
  t.match(
    stderr,
    /^error MISSING_TOOL: .*\n {2}found: no arm-none-eabi-gcc on PATH\n {2}Install them: .*gcc-arm-none-eabi/,
  )
})
