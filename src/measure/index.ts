/**
 * What a model needs on a processor, measured: its code is built with the GNU tools for Arm, and run by QEMU, which counts
 * instructions. An instruction count is no cycle count, but it is the same on every machine.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InternalError } from '../ir/index.js'
import type { ModelFacts, SourceFile } from '../plugin.js'
import { compilerName, type CortexM, runTool } from '../stack/index.js'
import { inputVectors } from '../verify/vectors.js'
import { buildFirmwares, type Firmwares } from './build.js'
import { MACHINES } from './machines.js'
import { runFirmware } from './run.js'
import { type LinkedSizes, type ModelSizes, modelSizes, readSizes } from './sizes.js'

/** What one operator takes in an inference. */
export interface LayerFigures {
  /** Of the operator in the model file. */
  readonly index: number
  readonly kind: string
  /** Name of its output. */
  readonly name: string
  /** The kernel functions that compute it. */
  readonly kernels: readonly string[]
  /** Pieces that it is computed in: 1 where it runs by itself. */
  readonly pieces: number
  /** Multiply-accumulates; 0 of what has no weights. */
  readonly macs: number
  readonly instructions: number
}

/** What a model needs on one processor. */
export interface BenchFigures {
  /** Compiler, version and flags. */
  readonly compiler: string
  /** Emulator and version. */
  readonly emulator: string
  readonly cpu: CortexM
  /** The emulator's machine. */
  readonly machine: string
  /** The kernel set that the preprocessor chooses. */
  readonly kernels: string
  /** Instructions of an inference, without any hooks. */
  readonly instructions: number
  readonly layers: readonly LayerFigures[]
  /** Instructions that are no operator's: who is next in a cascade, and what input arrives piece by piece. */
  readonly otherInstructions: number
  /** Bytes from the linked program; the stack is apart. */
  readonly sizes: ModelSizes
}

/** A compiled model, and what is known of its operators. */
export interface BenchRequest {
  readonly sources: readonly SourceFile[]
  readonly facts: ModelFacts
  /** Operators that kernels are called for, in order, by index: name of the output, and multiply-accumulates. */
  readonly operators: ReadonlyMap<number, { readonly name: string; readonly macs: number }>
  readonly cpu: CortexM
  readonly flags: readonly string[]
}

/** Measures a model. `onProgress` is told what has been done. Throws a DiagnosticsError. */
export async function measureModel(
  request: BenchRequest,
  onProgress?: (done: number, of: number) => void,
): Promise<BenchFigures> {
  const { sources, facts, cpu, flags } = request
  const compiler = await compilerName(flags)
  const emulator = /version ([\d.]+)/.exec(await runTool('qemu-system-arm', ['--version']))?.[1] ?? ''
  const [set] = facts.kernelSets
  if (set === undefined || facts.kernelSets.length > 1) throw new InternalError(`not one kernel set for ${cpu}`)
  const calls = layersOf(set.operators)
  const folder = await mkdtemp(join(tmpdir(), 'eonc-bench-'))
  try {
    onProgress?.(0, 3)
    const build = { sources, facts, cpu, flags, operators: calls.length }
    const firmwares = await buildFirmwares({ ...build, folder: join(folder, 'build') })
    const [inputs = []] = inputVectors(facts.inputs)
    await writeFile(join(folder, 'build', 'inputs.bin'), Buffer.concat(inputs))
    onProgress?.(1, 3)
    const plain = await runFirmware(firmwares.plain, cpu, 'inputs.bin')
    onProgress?.(2, 3)
    const { operators } = await runFirmware(firmwares.profiled, cpu, 'inputs.bin')
    const layers = calls.map((call, i): LayerFigures => {
      const times = operators[i]
      if (times === undefined) throw new InternalError('the firmware reports too few operators')
      const known = request.operators.get(call.index) ?? { name: '', macs: 0 }
      return { ...call, ...known, ...times }
    })
    return {
      ...{ compiler, emulator: `qemu-system-arm ${emulator}` },
      ...{ cpu, machine: MACHINES[cpu].machine, kernels: set.name },
      instructions: plain.inference,
      layers,
      otherInstructions: layers.reduce((rest, layer) => rest - layer.instructions, plain.inference),
      sizes: await sizesOf(firmwares),
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The operators that kernels are called for, as the generated table lists them. */
function layersOf(calls: ModelFacts['operators']): readonly Pick<LayerFigures, 'index' | 'kind' | 'kernels'>[] {
  return calls
    .filter(({ index }, i) => calls[i - 1]?.index !== index)
    .map(({ index, kind }) => {
      const kernels = calls.filter((call) => call.index === index).map(({ kernel }) => kernel)
      return { index, kind, kernels: [...new Set(kernels)] }
    })
}

async function sizesOf({ plain, empty }: Firmwares): Promise<ModelSizes> {
  const read = async (elf: string): Promise<LinkedSizes> =>
    readSizes(
      await runTool('arm-none-eabi-size', ['-A', '-d', elf]),
      await runTool('arm-none-eabi-nm', ['-S', '--defined-only', elf]),
    )
  return modelSizes(await read(plain), await read(empty))
}
