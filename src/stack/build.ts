import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DiagnosticsError } from '../ir/index.js'
import { CORTEX_M_FLAGS, type CortexM } from './cortex-m.js'
import { runTool } from './tools.js'

/** The flags that all figures of eonc are for; those of the user come behind them. */
export const FLAGS = ['-Os', '-std=c++11', '-fno-exceptions', '-fno-rtti', '-ffunction-sections', '-fdata-sections']
export const LIBRARY = '--specs=nano.specs'

/** A file that is to be compiled, or included by one that is. */
interface Source {
  readonly path: string
  readonly contents: string
}

/** A model built for one processor: what the analysis reads. */
export interface Built {
  /** What `objdump -d -t` prints of the linked program. */
  readonly disassembly: string
  /** What the compiler wrote of frames and calls, for each file. */
  readonly callGraphs: readonly string[]
}

/** What to build, and for what. */
export interface BuildRequest {
  readonly sources: readonly Source[]
  /** Functions that are kept, with all that they call. */
  readonly functions: readonly string[]
  readonly cpu: CortexM
  /** Flags of the user. */
  readonly flags: readonly string[]
  readonly folder: string
}

/** The compiler by name, version and flags. Throws a DiagnosticsError when there is none. */
export async function compilerName(flags: readonly string[]): Promise<string> {
  const version = (await runTool('arm-none-eabi-gcc', ['-dumpfullversion'])).trim()
  return [`arm-none-eabi-gcc ${version}`, '-Os', ...flags, '(newlib-nano)'].join(' ')
}

/** Compiles and links functions of a model with nothing else but the library functions that they call. */
export async function buildForStack({ sources, functions, cpu, flags, folder }: BuildRequest): Promise<Built> {
  await mkdir(folder, { recursive: true })
  for (const { path, contents } of sources) await writeFile(join(folder, path), contents)
  const common = [...CORTEX_M_FLAGS[cpu], LIBRARY, ...FLAGS, ...flags]
  const compiled = sources.filter(({ path }) => /\.(cpp|S)$/.test(path)).map(({ path }) => join(folder, path))
  const objects = compiled.map((path) => path.replace(/\.(cpp|S)$/, '.o'))
  for (const [index, path] of compiled.entries())
    await runTool('arm-none-eabi-gcc', [...common, '-fcallgraph-info=su', '-c', path, '-o', objects[index] ?? ''])
  const program = join(folder, 'program.elf')
  const entries = [`-Wl,-e,${functions[0] ?? ''}`, ...functions.map((name) => `-Wl,-u,${name}`)]
  const linked = ['-nostartfiles', '-Wl,--gc-sections', ...entries, '-lm', '-o', program]
  await runTool('arm-none-eabi-gcc', [...common, ...objects, ...linked])
  const disassembly = await runTool('arm-none-eabi-objdump', ['-d', '-t', '--no-show-raw-insn', program])
  // assembler has none: its frames are those of its instructions
  const graphs = compiled.filter((path) => path.endsWith('.cpp')).map((path) => path.replace(/\.cpp$/, '.ci'))
  const callGraphs = graphs.map((path) => readFile(path, 'utf8'))
  return { disassembly, callGraphs: await Promise.all(callGraphs).catch(noCallGraph) }
}

/** With `-flto`, compiling a file is put off until all are linked. */
function noCallGraph(): never {
  throw new DiagnosticsError([
    {
      severity: 'error',
      code: 'TOOL_FAILED',
      rule: 'The compiler tells the frame of each function',
      found: 'no call graph (.ci file)',
      help: 'Leave flags such as -flto out, and use GCC 10 or newer.',
    },
  ])
}
