import { createHash } from 'node:crypto'
import { constantBytes, generateCode, type GeneratedFiles, kernelFunction } from './codegen/index.js'
import {
  type Diagnostic,
  DiagnosticsError,
  elementBytes,
  elementCount,
  type Graph,
  InternalError,
  tensorAt,
  type TensorIndex,
} from './ir/index.js'
import { callsOf, lowerProgram, type Program } from './lower/index.js'
import { checkPlan, type MemoryPlan, planLeastMemory } from './memory/index.js'
import { builtinOperators, checkGraph, checkKernels, instanceOf, type OperatorSet, parseGraph } from './ops/index.js'
import { runPasses } from './passes/index.js'
import type { ModelFacts, SourceFile, SourceSet, TensorFacts } from './plugin.js'
import { type Schedule, schedulerOf } from './schedule/index.js'
import { type Cpu, type Goal, selectKernels } from './select/index.js'
import { readModel, type SourceModel } from './tflite/index.js'
import { version } from './version.js'

/** What shapes the plan of a model. */
export interface PlanOptions {
  readonly cpu: Cpu
  readonly optimize: Goal
  /** Leave the conversion from and to float at the boundary of the model to the application. */
  readonly stripFloatIo: boolean
}

/** What shapes the generated sources. */
export interface SourceOptions extends PlanOptions {
  /** Prefix of all symbols and file names: a C identifier in lower case. */
  readonly name: string
}

/** A model up to its memory plan: everything that can stand against compiling it has been looked at. */
export interface PlannedModel {
  readonly model: SourceModel
  /** The graph as it is in the file, options parsed. */
  readonly source: Graph
  /** The graph after all passes. */
  readonly graph: Graph
  readonly schedule: Schedule
  readonly plan: MemoryPlan
}

/** The first half of the pipeline. Throws a DiagnosticsError with everything that is not supported. */
export function planModel(
  bytes: Uint8Array,
  options: PlanOptions,
  operators: OperatorSet = builtinOperators,
): PlannedModel {
  const model = readModel(bytes)
  const source = parsedGraph(model, operators)
  const graph = runPasses(source, { operators, stripFloatIo: options.stripFloatIo })
  throwIfAny(checkKernels(graph, operators))
  const selected = selectKernels(graph, operators, options.cpu, options.optimize)
  const { schedule, plan } = planLeastMemory(graph, schedulerOf(graph, selected, operators))
  throwIfAny(plan.bytes > MAX_ARENA_BYTES ? [tooLarge(plan.bytes)] : [])
  const [clobber] = checkPlan(graph, schedule, operators, plan)
  if (clobber !== undefined) throw new InternalError(`the memory plan loses a tensor: ${JSON.stringify(clobber)}`)
  return { model, source, graph, schedule, plan }
}

/** The whole pipeline: model file in, C++ sources and facts out. Throws a DiagnosticsError. */
export function compileSources(
  bytes: Uint8Array,
  options: SourceOptions,
  operators: OperatorSet = builtinOperators,
): { readonly sources: SourceSet; readonly notices: readonly Diagnostic[] } {
  const { model, source, graph, schedule, plan } = planModel(bytes, options, operators)
  const program = lowerProgram(graph, schedule, plan, operators, options.name)
  const origin = { compiler: version, modelHash: createHash('sha256').update(bytes).digest('hex') }
  const code = generateCode(program, origin)
  const facts = modelFacts(program, source, graph, operators, {
    ...origin,
    description: model.description,
    needsMath: code.needsMath,
  })
  return { sources: { files: sourceFiles(options.name, code), facts }, notices: model.notices }
}

function throwIfAny(errors: readonly Diagnostic[]): void {
  if (errors.length > 0) throw new DiagnosticsError(errors)
}

/** The graph of the first subgraph, its operators known and within their rules. */
function parsedGraph(model: SourceModel, operators: OperatorSet): Graph {
  const [source] = model.graphs
  if (source === undefined) throw new InternalError('a model without a graph passed the reader')
  const { graph, diagnostics } = parseGraph(source, operators)
  const operatorIndex = ({ where }: Diagnostic): number => where?.operator?.index ?? -1
  throwIfAny([...diagnostics, ...checkGraph(graph, operators)].sort((a, b) => operatorIndex(a) - operatorIndex(b)))
  return graph
}

/** Arenas beyond this are no microcontroller's. */
const MAX_ARENA_BYTES = 2 ** 26

const tooLarge = (bytes: number): Diagnostic => ({
  severity: 'error',
  code: 'TOO_LARGE',
  rule: `The tensors of a model fit ${MAX_ARENA_BYTES / 2 ** 20} MiB`,
  found: `${bytes} bytes`,
  help: 'Use a smaller input or a smaller network: no microcontroller has this much RAM.',
})

const sourceFiles = (name: string, code: GeneratedFiles): readonly SourceFile[] => [
  { path: `${name}.h`, contents: code.header, role: 'public-header' },
  { path: `${name}.cpp`, contents: code.source, role: 'source' },
  { path: `${name}_kernels.h`, contents: code.kernels, role: 'private-header' },
  { path: `${name}_weights.h`, contents: code.weights, role: 'private-header' },
]

function tensorFacts(graph: Graph, index: TensorIndex): TensorFacts {
  const { name, type, shape, quantization } = tensorAt(graph, index)
  const elements = elementCount(shape)
  const facts = { name, type, shape, elements, bytes: elements * (elementBytes(type) ?? 1) }
  return quantization === undefined ? facts : { ...facts, quantization }
}

function modelFacts(
  program: Program,
  source: Graph,
  graph: Graph,
  operators: OperatorSet,
  origin: Pick<ModelFacts, 'compiler' | 'modelHash' | 'description' | 'needsMath'>,
): ModelFacts {
  const macs = source.operators.map(
    (operator) => operators.get(operator.kind)?.macs?.(instanceOf(source, operator)) ?? 0,
  )
  return {
    ...origin,
    name: program.name,
    inputs: graph.inputs.map((index) => tensorFacts(graph, index)),
    outputs: graph.outputs.map((index) => tensorFacts(graph, index)),
    contextBytes: program.arenaBytes,
    constantBytes: constantBytes(program),
    macs: macs.reduce((a, b) => a + b, 0),
    operators: callsOf(program).map((call) => ({
      name: call.name,
      ...call.operator,
      kernel: kernelFunction(call),
    })),
  }
}
