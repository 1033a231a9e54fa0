import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ModelSources } from '../../src/compile.js'
import { INPUT_MODES } from '../../src/compile.js'
import { writeSources } from './sources.js'
import { projectRoot, run, runOrThrow } from './toolchain.js'

/** An ATmega2560: bytes of its RAM, of all constants within its reach, and of an array in C++. */
export const MEGA = { processor: 'atmega2560', ram: 8192, constants: 65536, array: 32767 } as const

/** What the programs here need. */
export const AVR_TOOLS = ['avr-g++', 'avr-size', 'simavr'] as const

const FLAGS = [`-mmcu=${MEGA.processor}`, '-Os', '-std=c++11', '-fno-exceptions', '-ffunction-sections']
const WARNINGS = ['-Wall', '-Wextra', '-Werror']

/** A model on an AVR processor. */
export interface AvrRun {
  /** Bytes of each output of each vector. */
  readonly outputs: readonly (readonly Uint8Array[])[]
  /** Bytes of RAM that the model's own sources take before anything runs: constants, as the caller holds the context. */
  readonly staticRam: number
}

/** What a simulated processor prints before it goes to sleep for ever; it prints in colour, with dots for ends of lines. */
export async function runInSimavr(elf: string, processor: 'atmega328p' | 'atmega2560'): Promise<string> {
  const { stdout, stderr } = await run('simavr', ['-m', processor, '-f', '16000000', elf], { timeoutMs: 120_000 })
  return (stdout + stderr).replace(/\x1b\[\d*m/g, '').replace(/\.+$/gm, '')
}

/** Builds the sources of a model named `net` in a folder, and runs them on vectors. Throws with what the compiler says. */
export async function runOnAvr(
  { files, facts }: ModelSources,
  vectors: readonly (readonly Uint8Array[])[],
  folder: string,
): Promise<AvrRun> {
  await writeSources(folder, files)
  const sizes = (tensors: readonly { readonly bytes: number }[]): string => tensors.map(({ bytes }) => bytes).join(', ')
  const element = facts.inputs[facts.units?.input ?? 0]?.type === 'float32' ? 'float' : 'int8_t'
  const config = [
    `#define MODE ${INPUT_MODES.indexOf(facts.inputMode)}`,
    `#define VECTORS ${vectors.length}`,
    `#define NET_ELEMENT ${element}`,
    `#define INPUT_BYTES ${sizes(facts.inputs)}`,
    `#define OUTPUT_BYTES ${sizes(facts.outputs)}`,
    `static const uint8_t vectors[] PROGMEM = {${Buffer.concat(vectors.flat()).join(',')}};`,
    '',
  ]
  await writeFile(join(folder, 'vectors.h'), config.join('\n'))
  const compile = async (source: string, object: string): Promise<string> => {
    await runOrThrow('avr-g++', [...FLAGS, ...WARNINGS, '-I', folder, '-c', source, '-o', join(folder, object)])
    return join(folder, object)
  }
  const model: string[] = []
  for (const { path } of files.filter((file) => file.path.endsWith('.cpp')))
    model.push(await compile(join(folder, path), `${path}.o`))
  const main = await compile(join(projectRoot, 'test/firmware/avr.cpp'), 'main.o')
  const elf = join(folder, 'net.elf')
  await runOrThrow('avr-g++', [...FLAGS, '-Wl,--gc-sections', ...model, main, '-lm', '-o', elf])
  const { stdout } = await runOrThrow('avr-size', model)
  const staticRam = [...stdout.matchAll(/^\s*\d+\s+(\d+)\s+(\d+)/gm)].reduce(
    (sum, [, a, b]) => sum + Number(a) + Number(b),
    0,
  )
  const printed = await runInSimavr(elf, MEGA.processor)
  const bytes = Buffer.from([...printed.matchAll(/^[0-9a-f]+$/gm)].join(''), 'hex')
  let at = 0
  const outputs = vectors.map(() => facts.outputs.map(({ bytes: count }) => bytes.subarray(at, (at += count))))
  if (at !== bytes.length) throw new Error(`${bytes.length} bytes of outputs instead of ${at}:\n${printed}`)
  return { outputs, staticRam }
}
