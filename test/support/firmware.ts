import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { basename, extname, join, resolve } from 'node:path'
import { absentModelFlags, FIRMWARE, HARNESS_FLAGS, harnessConfig, layoutFlags } from '../../src/measure/harness.js'
import { instructionsOf } from '../../src/measure/machines.js'
import type { InputMode } from '../../src/compile.js'
import type { ElementType } from '../../src/ir/index.js'
import type { Core } from './cores.js'
import { runQemu } from './qemu.js'
import { projectRoot, runOrThrow, strictWarnings } from './toolchain.js'

/** One input or output of a model. */
export interface FirmwareTensor {
  readonly bytes: number
  readonly type: ElementType
}

/** What a model takes and gives. */
export interface FirmwareIo {
  readonly inputs: readonly FirmwareTensor[]
  readonly outputs: readonly FirmwareTensor[]
  /** How the inputs come: `resident` unless told. */
  readonly inputMode?: InputMode
  /** The input that comes in units: its index, and the units. */
  readonly units?: { readonly input: number; readonly count: number; readonly elements: number }
}

/** One inference: the bytes of each input and the bytes expected of each output. */
export interface Vector {
  readonly inputs: readonly Uint8Array[]
  readonly outputs: readonly Uint8Array[]
}

export interface FirmwareOptions {
  readonly core: Core
  /** Folder with `<name>.h` and the model's C++, C and assembler files (not those of its subfolders). */
  readonly sources: string
  readonly name: string
  readonly io: FirmwareIo
  /** Run one after the other without a reset between; a single one is run twice. */
  readonly vectors: readonly Vector[]
  /** The build gets a folder in here, named by model, core, optimization, input mode and `empty`. */
  readonly workDir: string
  /** For the model's files, behind the usual ones. */
  readonly extraFlags?: readonly string[]
  /** For all files, the harness's too: macros, and folders of headers that the model's include. */
  readonly definitions?: readonly string[]
  /** Archives that the model calls. */
  readonly libraries?: readonly string[]
  /** Build the model's files with clang, for an Arm core; all else is built and linked with gcc. */
  readonly clang?: boolean
  readonly optimization?: string
  /** The same firmware without the model, only to be measured. */
  readonly empty?: boolean
}

export interface Firmware {
  /** Absolute path; the vectors lie beside it. */
  readonly elf: string
}

export interface FirmwareRun {
  /** Every vector gave what it should, and nothing was written outside the context. */
  readonly ok: boolean
  /** What the firmware printed. */
  readonly lines: readonly string[]
  /** Instructions of the second invoke, exact to a few; only with `count`. */
  readonly instructions?: number
  /** The same in ticks of the firmware's clock, from tick to tick (`instructionsPerTick` of the core). */
  readonly ticks?: number
  /** Most bytes of stack of the invokes but the second. */
  readonly stack?: number
}

const harness = join(projectRoot, 'test', 'firmware')
const vectorsFile = 'vectors.bin'
/** Of the largest magnitude of the expected tensor. */
const floatTolerance = 1e-5

/**
 * Builds the firmware that runs a model's vectors on a core, as the figures in our tables are built: at `optimization`
 * (-Os), sections collected by the linker, newlib-nano or picolibc, the model under all our warnings.
 * @throws Error with the compiler's or linker's words, a model too large for the core's memory included.
 */
export async function buildFirmware(options: FirmwareOptions): Promise<Firmware> {
  const { core, name, io, optimization = '-Os', empty = false, definitions = [], libraries = [] } = options
  const mode = io.inputMode === undefined || io.inputMode === 'resident' ? [] : [io.inputMode]
  const stem = [name, core.id, optimization.slice(1), ...mode, ...(empty ? ['empty'] : [])].join('-')
  const folder = resolve(options.workDir, stem)
  const sources = resolve(options.sources)
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'harness_config.h'), configHeader(options))
  await writeFile(join(folder, vectorsFile), packVectors(options))

  const common = commonFlags(core)
  const callGraph = options.clang === true ? [] : ['-fcallgraph-info=su']
  const modelFlags = [optimization, ...strictWarnings, ...callGraph, ...(options.extraFlags ?? [])]
  const machine = core.tools === 'arm-none-eabi' ? join(FIRMWARE, 'arm.c') : join(harness, 'riscv.c')
  const shared = ['model.c', 'semihosting.c', 'startup.c'].map((file) => join(FIRMWARE, file))
  const files = [
    ...[join(harness, 'main.c'), join(harness, 'stack.c'), ...shared, machine].map((path) => ({
      path,
      flags: [...HARNESS_FLAGS, ...definitions, `-I${FIRMWARE}`, `-I${folder}`, `-I${sources}`],
    })),
    ...(empty ? [] : await modelFiles(sources)).map((path) => ({
      path,
      flags: [...modelFlags, ...definitions, ...(languageFlags[extname(path)] ?? []), `-I${sources}`],
      ...(options.clang === true && { clang: true }),
    })),
  ]
  const compiler = `${core.tools}-gcc`
  const clang = ['--target=arm-none-eabi', ...core.flags, ...sectionFlags, '-isystem', '/usr/lib/arm-none-eabi/include']
  const objects: string[] = []
  for (const [index, file] of files.entries()) {
    const object = join(folder, `${index}-${basename(file.path)}.o`)
    const [program, usual] = 'clang' in file ? ['clang', clang] : [compiler, common]
    await runOrThrow(program, [...usual, ...file.flags, '-c', file.path, '-o', object])
    objects.push(object)
  }
  const elf = join(folder, 'firmware.elf')
  await runOrThrow(compiler, [
    ...common,
    ...objects,
    ...libraries,
    ...layoutFlags(core),
    ...(empty ? absentModelFlags(name) : []),
    '-o',
    elf,
  ])
  return { elf }
}

/** The flags of a model's C++ that shape what is built: those of warnings and of folders are left out. */
export function cppFlags(core: Core, optimization: string): readonly string[] {
  return [...commonFlags(core), optimization, ...(languageFlags['.cpp'] ?? [])]
}

/** Runs a firmware on its core. With `count`, instructions are counted, the same number every time. */
export async function runFirmware(
  elf: string,
  core: Core,
  { count, timeoutMs }: { readonly count: boolean; readonly timeoutMs?: number },
): Promise<FirmwareRun> {
  const { status, stdout, stderr } = await runQemu(elf, core, {
    argument: vectorsFile,
    count,
    ...(timeoutMs !== undefined && { timeoutMs }),
  })
  const text = stdout + stderr
  const lines = text.split('\n').filter((line) => line !== '')
  const [, ticks, polls] = /^ticks (\d+) polls (-?\d+)$/m.exec(text) ?? []
  const [, stack] = /^stack (\d+)$/m.exec(text) ?? []
  return {
    ok: status === 0 && lines.at(-1) === 'result ok',
    lines,
    ...(stack !== undefined && { stack: Number(stack) }),
    ...(count &&
      ticks !== undefined && {
        ticks: Number(ticks),
        instructions: Math.round(instructionsOf(core, Number(ticks), Number(polls))),
      }),
  }
}

const languageFlags: Readonly<Record<string, readonly string[]>> = {
  '.cpp': ['-std=c++11', '-fno-exceptions', '-fno-rtti'],
  '.c': ['-std=c11'],
  '.S': [],
}

async function modelFiles(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder)
  return names
    .filter((name) => extname(name) in languageFlags)
    .sort()
    .map((name) => join(folder, name))
}

function commonFlags(core: Core): readonly string[] {
  return [...core.flags, ...sectionFlags, ...libraryFlags(core)]
}

const sectionFlags: readonly string[] = ['-ffunction-sections', '-fdata-sections', '-g']

function libraryFlags(core: Core): readonly string[] {
  return [core.tools === 'arm-none-eabi' ? '--specs=nano.specs' : '--specs=picolibc.specs']
}

function configHeader({ name, io }: FirmwareOptions): string {
  const outputs = io.outputs.map(({ bytes, type }) => {
    const { size, kind } = elementOf(type)
    return `{${bytes / size}, ${size}, ${kind}}`
  })
  const { inputs, inputMode = 'resident', units } = io
  return [
    ...harnessConfig({ name, inputs, inputMode, ...(units && { units }) }),
    `#define HARNESS_OUTPUTS {${outputs.join(', ')}}`,
    '',
  ].join('\n')
}

function elementOf(type: ElementType): { readonly size: number; readonly kind: string } {
  switch (type) {
    case 'int8':
      return { size: 1, kind: 'SIGNED' }
    case 'uint8':
    case 'bool':
      return { size: 1, kind: 'UNSIGNED' }
    case 'int16':
      return { size: 2, kind: 'SIGNED' }
    case 'int32':
      return { size: 4, kind: 'SIGNED' }
    case 'float32':
      return { size: 4, kind: 'FLOAT' }
    default:
      throw new Error(`the test firmware compares no outputs of type ${type}`)
  }
}

/** The file that main.c reads. */
function packVectors({ name, io, vectors }: FirmwareOptions): Uint8Array {
  const runs = vectors.length === 1 ? [...vectors, ...vectors] : vectors
  const parts: Uint8Array[] = [new Uint8Array(Uint32Array.of(runs.length).buffer)]
  for (const { inputs, outputs } of runs) {
    checkSizes(`inputs of ${name}`, inputs, io.inputs)
    checkSizes(`outputs of ${name}`, outputs, io.outputs)
    parts.push(
      ...inputs,
      ...outputs.map((output, i) => (io.outputs[i]?.type === 'float32' ? withRanges(output) : output)),
    )
  }
  return Buffer.concat(parts)
}

/** Each float32 followed by the lowest and the highest that equal it, as ordered integers. */
function withRanges(expected: Uint8Array): Uint8Array {
  const values = new Float32Array(new Uint8Array(expected).buffer)
  const largest = values.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0)
  const tolerance = floatTolerance * largest
  const records = Array.from(values, (value) =>
    Number.isNaN(value)
      ? [floatBits(value), 0x7f800001, 0x7fffffff]
      : [floatBits(value), orderedBits(value - tolerance, -0), orderedBits(value + tolerance, 0)],
  )
  return new Uint8Array(Int32Array.from(records.flat()).buffer)
}

function floatBits(value: number): number {
  return new Int32Array(Float32Array.of(value).buffer)[0] ?? 0
}

/** An integer for a float32, in the order of the floats. A zero becomes `zero`, so that a range holds both signs. */
function orderedBits(value: number, zero: number): number {
  const bits = floatBits(Math.fround(value) === 0 ? zero : value)
  return bits < 0 ? bits ^ 0x7fffffff : bits
}

function checkSizes(what: string, given: readonly Uint8Array[], tensors: readonly FirmwareTensor[]): void {
  const sizes = given.map(({ length }) => length).join(', ')
  const wanted = tensors.map(({ bytes }) => bytes).join(', ')
  if (sizes !== wanted) throw new Error(`${what}: a vector has ${sizes} bytes, the model ${wanted}`)
}
