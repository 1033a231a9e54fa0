import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { eonc } from '../../../test/cli/command.js'
import { cores } from '../../../test/support/cores.js'
export { runInSimavr } from '../../../test/support/avr.js'
import { emptyFolder } from '../../../test/support/folders.js'
import { runQemu } from '../../../test/support/qemu.js'
import { projectRoot, runOrThrow } from '../../../test/support/toolchain.js'

/** The sketches that use compiled models, each as a user would write it. */
export const consumers = join(projectRoot, 'plugins/arduino/test/consumer')

/** The programs that `buildSketch` and the runs need. */
export const TOOLS = ['arduino-builder', 'arm-none-eabi-g++', 'qemu-system-arm', 'avr-g++', 'simavr', 'unzip'] as const

/** Boards, by the names that Arduino has for them. */
export const CORTEX_M4 = 'eonc:cortexm:m4f'
export const UNO = 'arduino:avr:uno'
export const MEGA = 'arduino:avr:mega:cpu=atmega2560'

/** Compiles a model file by the command, as `name` to `folder`. */
export async function emitLibrary(
  path: string,
  name: string,
  folder: string,
  options: readonly string[] = [],
): Promise<void> {
  const args = ['compile', path, '--name', name, '--target', 'arduino', '--out', folder, ...options]
  const { status, stderr } = await eonc(args)
  if (status !== 0) throw new Error(stderr)
}

/** Unpacks the archive of an emitted library into a folder of libraries: all that Arduino IDE does to import it. */
export async function importZip(library: string, name: string, libraries: string): Promise<void> {
  await mkdir(libraries, { recursive: true })
  await runOrThrow('unzip', ['-q', '-o', join(library, `eonc_${name}.zip`), '-d', libraries])
}

/** A copy of a sketch of `consumers`, with more files by their names; gives the path of its .ino. */
export async function copySketch(
  name: string,
  folder: string,
  files: Readonly<Record<string, string>> = {},
): Promise<string> {
  const sketch = join(folder, name)
  await cp(join(consumers, name), sketch, { recursive: true })
  for (const [file, text] of Object.entries(files)) await writeFile(join(sketch, file), text)
  return join(sketch, `${name}.ino`)
}

/** A new sketch; gives the path of its .ino. */
export async function writeSketch(name: string, folder: string, text: string): Promise<string> {
  const sketch = join(folder, name)
  await mkdir(sketch, { recursive: true })
  await writeFile(join(sketch, `${name}.ino`), text)
  return join(sketch, `${name}.ino`)
}

/** Lines at the end of a loop that end the simulation of an AVR board: asleep with interrupts off. */
export const SLEEP_ON_AVR = `
#ifdef __AVR__
  Serial.flush();
  delay(2);
  cli();
  SMCR = 1;
  __asm__ volatile("sleep");
#endif
`

/** Adds a library that has nothing but a header, which must not be included. */
export async function addLibrary(libraries: string, name: string, header: string): Promise<void> {
  await mkdir(join(libraries, name, 'src'), { recursive: true })
  const fields = ['author=o', 'maintainer=o', 'sentence=o', 'paragraph=o', 'category=Other', 'url=o', 'architectures=*']
  const properties = [`name=${name}`, 'version=1.0.0', ...fields, ''].join('\n')
  await writeFile(join(libraries, name, 'library.properties'), properties)
  await writeFile(join(libraries, name, 'src', header), '#error "this is the header of another library"\n')
}

export interface Sketch {
  /** Path of the .ino file. */
  readonly sketch: string
  /** Folder of the installed libraries. */
  readonly libraries: string
  readonly board: string
  /** Folder for what is built, within `build/test`. */
  readonly build: string
  /** Flags for C++, beside those of the board. */
  readonly flags?: readonly string[]
}

export interface BuiltSketch {
  readonly elf: string
  /** All that was printed. */
  readonly log: string
}

/** Where Debian puts Arduino's builder, and the boards that it knows: those of Debian, and QEMU's. */
const HARDWARE = [
  '/usr/share/arduino-builder',
  '/usr/share/arduino/hardware',
  join(projectRoot, 'arduino/test-core'),
].flatMap((folder) => ['-hardware', folder])

/** Builds a sketch with all warnings, as Arduino IDE does. Throws with what was printed when that fails. */
export async function buildSketch({ sketch, libraries, board, build, flags = [] }: Sketch): Promise<BuiltSketch> {
  const folder = await emptyFolder(build)
  // of a board's own core, which is the same for all its sketches without flags of their own; not shared with tests that run at the same time
  const cache = join(projectRoot, 'build/test', `${build.split('/')[0] ?? ''}-cores`)
  await mkdir(cache, { recursive: true })
  // Arduino's AVR core is newer than Debian's compiler
  const own = board.startsWith('arduino:') ? ['-DDECIMAL_DIG=__DECIMAL_DIG__'] : []
  const key = board.startsWith('arduino:') ? 'compiler.cpp.extra_flags' : 'build.extra_flags'
  const { stdout, stderr } = await runOrThrow('arduino-builder', [
    '-compile',
    ...HARDWARE,
    ...['-tools', '/usr/bin', '-libraries', libraries, '-fqbn', board, '-warnings', 'all'],
    ...['-build-path', folder, ...(flags.length === 0 ? ['-build-cache', cache] : [])],
    `-prefs=${key}=${[...own, ...flags].join(' ')}`,
    sketch,
  ])
  return { elf: join(folder, `${basename(sketch)}.elf`), log: stdout + stderr }
}

/** What a sketch for the Cortex-M4F prints; it ends after its loop has run once. */
export async function runOnCortexM4(elf: string): Promise<string> {
  const { status, stdout, stderr } = await runQemu(elf, cores['cortex-m4f'], { argument: 'sketch', count: false })
  if (status !== 0) throw new Error(`status ${status}\n${stdout}${stderr}`)
  return (stdout + stderr).replaceAll('\r', '')
}

/** The warnings in what the builder printed, those of Arduino's own core aside. */
export function warnings(log: string): readonly string[] {
  return log.split('\n').filter((line) => /warning|error/i.test(line) && !line.includes('/cores/arduino/'))
}

/** The text of an emitted file. */
export const read = (folder: string, path: string): Promise<string> => readFile(join(folder, path), 'utf8')
