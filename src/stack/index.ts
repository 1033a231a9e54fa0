/**
 * The most stack that a model's functions take: its code is built with the GNU tools for Arm; frames are those of the
 * compiler (`-fstack-usage`) and, for library functions, of the linked code, added up over its call graph.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Frame, readFrames } from './call-graph-info.js'
import { buildForStack, type Built, type BuildRequest, compilerName } from './build.js'
import { CORTEX_M, type CortexM } from './cortex-m.js'
import { type Depth, stackDepths } from './depth.js'
import { readDisassembly } from './disassembly.js'

export { CORTEX_M, CORTEX_M_FLAGS, type CortexM } from './cortex-m.js'
export { compilerName, FLAGS, LIBRARY } from './build.js'
export type { Depth } from './depth.js'
export { runTool } from './tools.js'

/** The stack of one function on one processor. */
export interface FunctionStack extends Depth {
  readonly function: string
  readonly cpu: CortexM
}

/** The most stack that functions of a linked program take. */
export function stackOf({ disassembly, callGraphs }: Built, functions: readonly string[]): ReadonlyMap<string, Depth> {
  const frames = new Map<string, Frame>()
  for (const [name, frame] of callGraphs.flatMap((text) => [...readFrames(text)])) {
    const other = frames.get(name)
    if (other === undefined || other.bytes < frame.bytes) frames.set(name, frame)
  }
  return stackDepths(readDisassembly(disassembly), frames, functions)
}

/** Builds sources for processors, all unless told, and finds the stack of functions. `onProgress` is told how many processors are done. Throws a DiagnosticsError. */
export async function measureStack(
  request: Pick<BuildRequest, 'sources' | 'functions' | 'flags'>,
  cpus: readonly CortexM[] = CORTEX_M,
  onProgress?: (done: number, of: number) => void,
): Promise<{ readonly compiler: string; readonly functions: readonly FunctionStack[] }> {
  const compiler = await compilerName(request.flags)
  const folder = await mkdtemp(join(tmpdir(), 'eonc-stack-'))
  try {
    const functions: FunctionStack[] = []
    for (const [index, cpu] of cpus.entries()) {
      onProgress?.(index, cpus.length)
      const built = await buildForStack({ ...request, cpu, folder: join(folder, cpu) })
      for (const [name, depth] of stackOf(built, request.functions)) functions.push({ cpu, function: name, ...depth })
    }
    return { compiler, functions }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
