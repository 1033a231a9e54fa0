import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type Diagnostic, DiagnosticsError } from '../ir/index.js'
import type { ModelFacts, SourceFile } from '../plugin.js'
import { CORTEX_M_FLAGS, type CortexM, FLAGS, LIBRARY, runTool } from '../stack/index.js'
import { absentModelFlags, FIRMWARE, HARNESS_FLAGS, harnessConfig, layoutFlags } from './harness.js'
import { MACHINES } from './machines.js'

/** What to build, and for what. */
export interface FirmwareRequest {
  readonly sources: readonly SourceFile[]
  readonly facts: ModelFacts
  readonly cpu: CortexM
  /** Flags of the user for the model's files, behind those that all figures are for. */
  readonly flags: readonly string[]
  /** A new folder. */
  readonly folder: string
  /** How many operators the model has hooks for. */
  readonly operators: number
}

/** ELF files of one model. */
export interface Firmwares {
  /** The model as it is. */
  readonly plain: string
  /** With hooks around its operators. */
  readonly profiled: string
  /** Without the model: what is left when its size is taken off. */
  readonly empty: string
}

const GCC = 'arm-none-eabi-gcc'
const HARNESS = ['bench.c', 'model.c', 'semihosting.c', 'startup.c', 'arm.c']

/** Builds the firmware of a model, with and without hooks, and without it. Throws a DiagnosticsError. */
export async function buildFirmwares(request: FirmwareRequest): Promise<Firmwares> {
  const { sources, facts, folder, operators } = request
  await mkdir(folder, { recursive: true })
  for (const { path, contents } of sources) await writeFile(join(folder, path), contents)
  const config = [...harnessConfig(facts), `#define HARNESS_OPERATORS ${operators}`, '']
  await writeFile(join(folder, 'harness_config.h'), config.join('\n'))
  const hooks = ['-DEONC_PROFILE']
  const harness = await compileHarness(request, 'harness', [])
  const elf = (name: string): string => join(folder, `${name}.elf`)
  await link(request, [...harness, ...(await compileModel(request, 'plain', []))], elf('plain'))
  await link(request, harness, elf('empty'), absentModelFlags(facts.name))
  const hooked = [
    ...(await compileHarness(request, 'hooked', hooks)),
    ...(await compileModel(request, 'profiled', hooks)),
  ]
  await link(request, hooked, elf('profiled'))
  return { plain: elf('plain'), profiled: elf('profiled'), empty: elf('empty') }
}

const common = (cpu: CortexM): readonly string[] => [...CORTEX_M_FLAGS[cpu], LIBRARY]

async function compile(folder: string, path: string, flags: readonly string[], suffix: string): Promise<string> {
  const object = join(folder, `${basename(path)}-${suffix}.o`)
  await runTool(GCC, [...flags, '-c', path, '-o', object])
  return object
}

async function compileHarness({ cpu, folder }: FirmwareRequest, suffix: string, flags: readonly string[]) {
  const sections = ['-ffunction-sections', '-fdata-sections']
  const all = [...common(cpu), ...sections, ...HARNESS_FLAGS, `-I${FIRMWARE}`, `-I${folder}`, ...flags]
  const objects: string[] = []
  for (const file of HARNESS) objects.push(await compile(folder, join(FIRMWARE, file), all, suffix))
  return objects
}

async function compileModel(
  { sources, cpu, flags: own, folder }: FirmwareRequest,
  suffix: string,
  flags: readonly string[],
): Promise<readonly string[]> {
  const objects: string[] = []
  for (const { path } of sources.filter((file) => /\.(cpp|S)$/.test(file.path))) {
    objects.push(await compile(folder, join(folder, path), [...common(cpu), ...FLAGS, ...own, ...flags], suffix))
  }
  return objects
}

async function link(
  { cpu, flags: own }: FirmwareRequest,
  objects: readonly string[],
  elf: string,
  flags: readonly string[] = [],
): Promise<void> {
  try {
    await runTool(GCC, [
      ...common(cpu),
      ...FLAGS,
      ...own,
      ...objects,
      ...layoutFlags(MACHINES[cpu]),
      ...flags,
      '-o',
      elf,
    ])
  } catch (error) {
    throw error instanceof DiagnosticsError ? new DiagnosticsError(error.diagnostics.map(tooLarge(cpu))) : error
  }
}

/** A linker that finds no room says so; which machine has how much is no secret of ours. */
const tooLarge =
  (cpu: CortexM) =>
  (diagnostic: Diagnostic): Diagnostic => {
    const [overflow] =
      /region `\w+' overflowed by \d+ bytes|less than 1 KiB is left for the stack/.exec(diagnostic.found ?? '') ?? []
    if (overflow === undefined) return diagnostic
    const { machine, flash, ram } = MACHINES[cpu]
    return {
      severity: 'error',
      code: 'TOO_LARGE',
      rule: `The machine ${machine} that QEMU has for ${cpu} holds the model: ${flash.bytes / 1024} KiB of ROM, ${ram.bytes / 1024} KiB of RAM`,
      found: overflow,
      help: 'Measure with another --cpu, whose machine holds more.',
    }
  }
