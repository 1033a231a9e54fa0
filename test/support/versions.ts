/** Another version of the compiler, and programs that hold what both have made. */
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { environment } from '../cli/command.js'
import { emptyFolder } from './folders.js'
import { projectRoot, run, runOrThrow, type RunResult } from './toolchain.js'

export const OTHER_VERSION = '9.9.9'

/** How the kernels of the other version differ, so that outputs tell whose kernels a network ran. */
const CHANGES: Readonly<Record<string, readonly [from: RegExp, to: string]>> = {
  'common/integer.h': [/remainder > threshold \? 1 : 0/, 'remainder > threshold ? 2 : 1'],
  'softmax/portable.h': [/value - \(value >> 8\) - 128/, '(value - (value >> 8) - 128) ^ 1'],
  'common/dsp.S': [/^( *ssat (\\\w+), #8, .*)$/gm, '$1\n  eor $2, $2, #1'],
}

/** Makes the compiler as another version, whose kernels round otherwise, in a folder of its own; gives its command. */
export async function otherVersion(name: string): Promise<(args: readonly string[]) => Promise<RunResult>> {
  const folder = await emptyFolder(`${name}-${OTHER_VERSION}`)
  await mkdir(join(folder, 'dist'))
  for (const part of ['src', 'plugins']) {
    await cp(join(projectRoot, 'dist', part), join(folder, 'dist', part), { recursive: true })
  }
  await symlink(join(projectRoot, 'node_modules'), join(folder, 'node_modules'))
  const manifest = JSON.parse(await readFile(join(projectRoot, 'package.json'), 'utf8')) as object
  await writeFile(join(folder, 'package.json'), JSON.stringify({ ...manifest, version: OTHER_VERSION }))
  for (const [file, [from, to]] of Object.entries(CHANGES)) {
    const path = join(folder, 'dist/src/kernels', file)
    const text = await readFile(path, 'utf8')
    const changed = text.replace(from, to)
    if (changed === text) throw new Error(`${file} is not as this test knows it`)
    await writeFile(path, changed)
  }
  return (args) => run(process.execPath, [join(folder, 'dist/src/cli/main.js'), ...args], { env: environment })
}

/** The function that counts of how many vectors a network gives the outputs. */
const countingFunction = (name: string, model: string): string => `
static int equal_${name}() {
  static ${name}_context context;
  int equal = 0;
  for (int i = 0; i < ${model.toUpperCase()}_VECTORS; ++i) {
    for (int j = 0; j < ${model.toUpperCase()}_INPUT_0_ELEMENTS; ++j) {
      ${name}_input(&context, 0)[j] = read_rom(&${model}_inputs[i][j]);
    }
    if (${name}_invoke(&context) != ${name}_ok) return -1;
    int wrong = 0;
    for (int j = 0; j < ${model.toUpperCase()}_OUTPUT_0_ELEMENTS; ++j) {
      wrong += ${name}_output(&context, 0)[j] != read_rom(&${model}_outputs[i][j]);
    }
    equal += wrong == 0;
  }
  return equal;
}
`

/**
 * Functions in C++ that run the vectors of `model`, in `<model>_vectors.h`, on each of these networks, all of the same
 * model file: `equal_<network>` gives how many have the right outputs. `header` gives the header of a network.
 */
export function countingText(
  names: readonly string[],
  model: string,
  header = (name: string): string => `"${name}.h"`,
): string {
  return [
    ...names.map((name) => `#include ${header(name)}`),
    '#ifdef __AVR__',
    '#include <avr/pgmspace.h>',
    '#define VECTOR_ROM PROGMEM',
    'static int8_t read_rom(const int8_t *address) { return static_cast<int8_t>(pgm_read_byte(address)); }',
    '#else',
    'static int8_t read_rom(const int8_t *address) { return *address; }',
    '#endif',
    `#include "${model}_vectors.h"`,
    ...names.map((name) => countingFunction(name, model)),
  ].join('\n')
}

/** What is wrong with the kernels in assembler of a program for Arm: each version has its own, each of them once. */
export async function assemblerProblems(elf: string, versions: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await runOrThrow('arm-none-eabi-nm', ['--defined-only', elf])
  return versions.flatMap((version) => {
    const pattern = RegExp(` [tTwW] (eonc_${version.replaceAll('.', '_')}_\\w*_dsp_\\w+)$`, 'gm')
    const names = [...stdout.matchAll(pattern)].map(([, name = '']) => name)
    const twice = names.filter((name, index) => names.indexOf(name) !== index)
    return names.length === 0 ? [`none of ${version}`] : twice.map((name) => `${name} is there twice`)
  })
}
