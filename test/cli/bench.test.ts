import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { z } from 'zod'
import { ownModels } from '../support/models.js'
import { writeModel } from '../support/model-writer.js'
import { Network } from '../support/network.js'
import { findTool, skipWithout } from '../support/toolchain.js'
import { eonc, folderOfModels } from './command.js'

const cwd = await folderOfModels('cli-bench')
const skip = skipWithout('arm-none-eabi-gcc', 'qemu-system-arm')
const count = z.int().min(0)
const FIGURES = z.strictObject({
  compiler: z.string().regex(/^arm-none-eabi-gcc \d+\.\d+\.\d+ -Os( \S+)* \(newlib-nano\)$/),
  emulator: z.string().regex(/^qemu-system-arm \d+\.\d+/),
  cpu: z.string(),
  machine: z.string(),
  kernels: z.string(),
  instructions: count.positive(),
  layers: z.array(
    z.strictObject({
      ...{ index: count, kind: z.string(), name: z.string(), kernels: z.array(z.string()).min(1) },
      ...{ pieces: count.positive(), macs: count, instructions: count.positive() },
    }),
  ),
  otherInstructions: z.int(),
  sizes: z.strictObject({ context: count, otherRam: count, code: count, constants: count, rom: count }),
})

await writeFile(
  join(cwd, 'keyword.tflite'),
  await readFile(ownModels().find(({ name }) => name === 'keyword_cnn2d_int8')?.path ?? ''),
)

async function figuresOf(...args: readonly string[]): Promise<z.infer<typeof FIGURES>> {
  const { status, stdout, stderr } = await eonc(['bench', '--json', ...args], { cwd })
  t.equal(stderr, '', args.join(' '))
  t.equal(status, 0, args.join(' '))
  return FIGURES.parse(JSON.parse(stdout))
}

/** Sum of a column over the layers. */
const sum = ({ layers }: z.infer<typeof FIGURES>, column: 'macs' | 'instructions'): number =>
  layers.reduce((total, layer) => total + layer[column], 0)

t.test('layers are measured one by one, and make the whole', { skip }, async (t) => {
  const [m4, m0] = [
    await figuresOf('keyword.tflite', '--cpu', 'cortex-m4f'),
    await figuresOf('keyword.tflite', '--cpu', 'cortex-m0plus'),
  ]
  for (const figures of [m4, m0]) {
    t.equal(figures.layers.length, 10)
    t.same(
      figures.layers.map(({ pieces }) => pieces),
      [25, 25, 25, 13, 13, 13, 13, 13, 1, 1],
      'rows of cascades',
    )
    t.equal(sum(figures, 'macs'), 858_784)
    t.equal(sum(figures, 'instructions') + figures.otherInstructions, figures.instructions)
    t.ok(figures.otherInstructions > 0 && figures.otherInstructions < 0.01 * figures.instructions, 'turns take little')
  }
  t.equal(m4.kernels, 'dsp')
  t.ok(m4.layers[0]?.kernels.join() === 'eonc_conv_2d_s8_dsp')
  t.ok(m4.instructions < m0.instructions)
  t.same(await figuresOf('keyword.tflite', '--cpu', 'cortex-m4f'), m4, 'the same each time')
})

t.test('options choose what is measured', { skip }, async (t) => {
  const usual = await figuresOf('keyword.tflite')
  t.equal(usual.cpu, 'cortex-m4f')
  const streamed = await figuresOf('keyword.tflite', '--input', 'stream')
  t.ok(streamed.sizes.context < usual.sizes.context, 'a stream needs less RAM')
  const ram = await figuresOf('keyword.tflite', '--optimize', 'ram', '--ram', 'pixel')
  t.ok(ram.sizes.context < usual.sizes.context && ram.instructions > usual.instructions)
  t.ok((ram.layers[1]?.pieces ?? 0) > 100, 'pixels')
  const slow = await figuresOf('tiny.tflite', '--flags', '-O0')
  const quick = await figuresOf('tiny.tflite')
  t.ok(slow.sizes.code > quick.sizes.code && slow.instructions > quick.instructions)
  t.equal(quick.layers[0]?.macs, 12)
})

/** Figures, which vary with the tools, and the blanks of columns, which vary with them. */
const masked = (text: string): string =>
  text
    .replace(/\b\d[\d,.]*\b/g, '#')
    .replace(/ {2,}/g, '  ')
    .replace(/ +$/gm, '')
    .replace(/^ +/gm, '')

t.test('a table says what each layer takes', { skip }, async (t) => {
  const { status, stdout } = await eonc(['bench', 'tiny.tflite', '--cpu', 'cortex-m33'], { cwd })
  t.equal(status, 0)
  t.equal(
    masked(stdout),
    `tiny.tflite  cortex-m33, kernel set dsp, input resident
arm-none-eabi-gcc # -Os (newlib-nano), qemu-system-arm # -machine mps2-an505

operator  output  kernel  pieces  MACs  instructions  per MAC  share
#  FULLY_CONNECTED  scores  eonc_fully_connected_s8_dsp  #  #  #  #  # %
between them  #  # %
all  #  #  #  # %

Instructions are those of one inference. They are no cycles: those depend on memory, pipeline and branches.
RAM # bytes, stack apart
ROM # bytes: # of code, # of constants
`,
  )
})

t.test('names of a model do not command the terminal', { skip }, async (t) => {
  const { stdout } = await eonc(['bench', 'named.tflite'], { cwd })
  t.match(stdout, 'y?31m?')
  t.notMatch(stdout, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/)
})

t.test('what a machine does not hold, or what cannot be compiled, is said', { skip }, async (t) => {
  const net = new Network()
  await writeFile(
    join(cwd, 'large.tflite'),
    writeModel(net.model([net.conv(net.input([1, 200, 200, 3]), { outputs: 4, kernel: 3 })])),
  )
  const TMPDIR = join(cwd, 'temporary')
  await mkdir(TMPDIR)
  const large = await eonc(['bench', 'large.tflite', '--cpu', 'cortex-m0'], { cwd, env: { TMPDIR } })
  t.equal(large.status, 1)
  t.match(
    large.stderr,
    /^error TOO_LARGE: The machine microbit .* cortex-m0 .*\n {2}found: region `RAM' overflowed by \d+ bytes\n/,
  )
  const flags = await eonc(['bench', 'tiny.tflite', '--flags', '-mcpu=none'], { cwd, env: { TMPDIR } })
  t.equal(flags.status, 1)
  t.match(flags.stderr, /^error TOOL_FAILED: arm-none-eabi-gcc .*\n {2}found: .*-mcpu target: none/)
  const refused = await eonc(['bench', 'hybrid.tflite'], { cwd, env: { TMPDIR } })
  t.equal(refused.status, 1)
  t.match(refused.stderr, /^error UNSUPPORTED_TYPE/)
  t.same(await readdir(TMPDIR), [], 'and nothing is left behind')
  const host = await eonc(['bench', 'tiny.tflite', '--cpu', 'host'], { cwd })
  t.equal(host.status, 2)
  t.match(host.stderr, /Allowed choices are cortex-m0, /)
})

t.test('without compiler or emulator, it is said what to install', async (t) => {
  const none = await eonc(['bench', 'tiny.tflite'], { cwd, env: { PATH: cwd } })
  t.equal(none.status, 1)
  t.equal(none.stdout, '')
  t.match(none.stderr, /^error MISSING_TOOL: .*\n {2}found: no arm-none-eabi-gcc on PATH\n.* gcc-arm-none-eabi/)
})

t.test('without the emulator as well', { skip }, async (t) => {
  const PATH = join(cwd, 'tools')
  await mkdir(PATH)
  const gcc = findTool('arm-none-eabi-gcc') ?? ''
  await writeFile(join(PATH, 'arm-none-eabi-gcc'), `#!/bin/sh\nexec ${gcc} "$@"\n`, { mode: 0o755 })
  const { status, stderr } = await eonc(['bench', 'tiny.tflite'], { cwd, env: { PATH: `${PATH}:/nowhere` } })
  t.equal(status, 1)
  t.match(stderr, /^error MISSING_TOOL: .*\n {2}found: no qemu-system-arm on PATH\n.* qemu-system-arm on Debian/)
})
