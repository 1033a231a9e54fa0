import { generateCode, kernelFunction } from '../../src/codegen/index.js'
import { elementBytes, elementCount } from '../../src/ir/index.js'
import { callsOf, lowerProgram, type ProgramTensor } from '../../src/lower/index.js'
import { planLeastMemory } from '../../src/memory/index.js'
import { builtinOperators } from '../../src/ops/index.js'
import { runPasses } from '../../src/passes/index.js'
import { schedulerOf } from '../../src/schedule/index.js'
import { type KernelTarget, selectKernels } from '../../src/select/index.js'
import type { FirmwareIo, FirmwareTensor } from './firmware.js'
import { graphOf } from './graphs.js'

/** A model as C++, its operators one after the other: planning many that have nothing to do with each other takes long. */
export interface LayerSources {
  readonly files: readonly { readonly path: string; readonly contents: string }[]
  readonly io: FirmwareIo
  /** Kernel functions in order. */
  readonly kernels: readonly string[]
}

const ioTensor = ({ type, shape }: ProgramTensor): FirmwareTensor => ({
  type,
  bytes: elementCount(shape) * (elementBytes(type) ?? 1),
})

/** The sources of a model for one kernel set, without cascades. */
export function layerByLayer(file: Uint8Array, name: string, target: KernelTarget): LayerSources {
  const graph = runPasses(graphOf(file), { operators: builtinOperators, stripFloatIo: false })
  const selected = selectKernels(graph, builtinOperators, target)
  const options = { longest: 1, lanes: false }
  const { schedule, plan } = planLeastMemory(graph, schedulerOf(graph, selected, builtinOperators, options))
  const program = lowerProgram(graph, schedule, plan, builtinOperators, { name, target, inputs: graph.inputs })
  const { header, kernels, assembly, variants } = generateCode([program], { compiler: '0.0.0', modelHash: '0' })
  const [{ source, weights } = { source: '', weights: '' }] = variants
  return {
    files: [
      { path: `${name}.h`, contents: header },
      { path: `${name}.cpp`, contents: source },
      { path: `${name}_kernels.h`, contents: kernels },
      { path: `${name}_weights.h`, contents: weights ?? '' },
      ...(assembly === undefined ? [] : [{ path: `${name}_kernels.S`, contents: assembly }]),
    ],
    io: { inputs: program.inputs.map(ioTensor), outputs: program.outputs.map(ioTensor) },
    kernels: callsOf(program).map(kernelFunction),
  }
}
