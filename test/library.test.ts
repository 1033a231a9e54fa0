/** Several models in one library: their kernels are in the firmware once. */
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { eonc } from './cli/command.js'
import { emptyFolder } from './support/folders.js'
import { projectRoot, runOrThrow, skipWithout } from './support/toolchain.js'
import { ownModel } from './support/vectors-header.js'

const skip = skipWithout('arm-none-eabi-g++')
const folder = await emptyFolder('library')
const BOARD = join(projectRoot, 'examples/cortex-m4')
const MODELS = { kw: 'keyword_cnn2d_int8', eye: 'vision_int8' } as const
const PROCESSORS = { 'Cortex-M4': '-mcpu=cortex-m4', 'Cortex-M3': '-mcpu=cortex-m3' } as const

/** Compiles models to a library; gives its sources. */
async function emit(name: string, models: readonly string[], options: readonly string[] = []): Promise<string> {
  const out = join(folder, name)
  const args = ['compile', ...models, '--name', name, '--target', 'cmake', '--out', out, ...options]
  const { status, stderr } = await eonc(args)
  if (status !== 0) throw new Error(stderr)
  return join(out, 'src')
}

/** A program that runs both models, linked of these libraries; `arena` is what they share. */
async function link(sources: readonly string[], flag: string, arena = ''): Promise<string> {
  const names = Object.keys(MODELS)
  const shared = arena === '' ? '' : ', &arena'
  const text = [
    ...names.map((name) => `#include "${name}.h"`),
    arena === '' ? '' : `static ${arena} arena;`,
    ...names.map((name) => `static ${name}_context ${name}_memory;`),
    'int main(void) {',
    ...names.map((name) => `  if (${name}_invoke(&${name}_memory${shared}) != ${name}_ok) return 1;`),
    '  return 0;\n}\n',
  ].join('\n')
  const build = await emptyFolder(`library/build${flag}-${sources.length}-${arena}`)
  await mkdir(build, { recursive: true })
  await writeFile(join(build, 'main.c'), text)
  const files = await Promise.all(
    sources.map(async (path) =>
      (await readdir(path)).filter((file) => /\.(cpp|S)$/.test(file)).map((file) => join(path, file)),
    ),
  )
  const flags = ['-mthumb', flag, '-Os', '-ffunction-sections', '-fdata-sections', '-fno-exceptions', '-fno-rtti']
  const includes = sources.map((path) => `-I${path}`)
  const elf = join(build, 'firmware.elf')
  const linker = [
    '--specs=nano.specs',
    '--specs=rdimon.specs',
    '-nostartfiles',
    '-Wl,--gc-sections',
    `-T${BOARD}/link.ld`,
  ]
  const objects = ['main', 'startup'].map((name) => join(build, `${name}.o`))
  for (const [index, path] of [join(build, 'main.c'), join(BOARD, 'startup.c')].entries()) {
    await runOrThrow('arm-none-eabi-gcc', [...flags, ...includes, '-c', path, '-o', objects[index] ?? ''])
  }
  await runOrThrow('arm-none-eabi-g++', [...flags, ...includes, ...linker, ...objects, ...files.flat(), '-o', elf])
  return elf
}

/** How often each function of the kernels is in a program; what the compiler splits off a function is not counted. */
async function kernelCounts(elf: string): Promise<ReadonlyMap<string, number>> {
  const { stdout } = await runOrThrow('arm-none-eabi-nm', ['--demangle', '--defined-only', elf])
  const names = [...stdout.matchAll(/ [tTwW] ((?:eonc_\d+_\d+_\d+)(?:::|_)[^\n[]+)$/gm)].map(([, name = '']) => name)
  return new Map(names.map((name) => [name, names.filter((other) => other === name).length]))
}

const paths = Object.entries(MODELS).map(([name, file]) => `${name}=${ownModel(file).path}`)

for (const [processor, flag] of Object.entries(PROCESSORS)) {
  t.test(`kernels of several models are in the firmware once: ${processor}`, { skip }, async (t) => {
    const together = await kernelCounts(await link([await emit('duo', paths)], flag))
    const arena = await kernelCounts(await link([await emit('turns', paths, ['--share-arena'])], flag, 'turns_arena'))
    const single = Object.entries(MODELS).map(([name, file]) => emit(name, [ownModel(file).path]))
    const apart = await kernelCounts(await link(await Promise.all(single), flag))
    for (const counts of [together, arena]) {
      t.ok(counts.size > 5, `${counts.size} functions`)
      for (const [name, count] of counts) t.equal(count, 1, name)
    }
    t.ok(
      [...apart.values()].some((count) => count === 2),
      'libraries compiled apart have each their own',
    )
    const isCore = (name: string): boolean => /^eonc_\d+_\d+_\d+_/.test(name)
    for (const [name, count] of apart) if (isCore(name)) t.equal(count, 1, `${name}, in assembler, is shared by all`)
  })
}
