import {
  type Graph,
  inputTensors,
  outputTensors,
  type Quantization,
  type SourceGraph,
  type Tensor,
} from './ir/index.js'
import { builtinOperators, checkGraph, instanceOf, parseGraph } from './ops/index.js'
import { runPasses } from './passes/index.js'
import { type RemovedChannels, removedChannels } from './report/index.js'
import { readModel } from './tflite/index.js'

/** A tensor as `inspect` shows it. */
export interface TensorSummary {
  readonly index: number
  readonly name: string
  readonly type: string
  readonly shape: readonly number[]
  readonly quantization?: Quantization
  /** Bytes of constant data; 0 for a tensor that is computed. */
  readonly constantBytes: number
}

/** An operator as `inspect` shows it. */
export interface OperatorSummary {
  readonly index: number
  readonly kind: string
  readonly version: number
  /** Name of the first output. */
  readonly name: string
  readonly inputs: readonly number[]
  readonly outputs: readonly number[]
  /** Parsed options; absent when the operator is not supported. */
  readonly options?: unknown
  readonly supported: boolean
  /** Multiply-accumulates of one inference; 0 when unknown. */
  readonly macs: number
  /** Bytes of constant inputs. */
  readonly weightBytes: number
}

/** What a model file holds. */
export interface Inspection {
  readonly description: string
  readonly fileBytes: number
  readonly subgraphs: number
  readonly inputs: readonly number[]
  readonly outputs: readonly number[]
  readonly tensors: readonly TensorSummary[]
  readonly operators: readonly OperatorSummary[]
  readonly macs: number
  readonly weightBytes: number
  /** What is left out of the compiled model, as it does nothing; absent when the model cannot be compiled. */
  readonly removed?: RemovedChannels
}

const dataBytes = (tensors: readonly (Tensor | undefined)[]): number =>
  tensors.reduce((sum, tensor) => sum + (tensor?.data?.length ?? 0), 0)

function summarizeTensor({ index, name, type, shape, quantization, data }: Tensor): TensorSummary {
  const summary = { index, name, type, shape, constantBytes: data?.length ?? 0 }
  return quantization === undefined ? summary : { ...summary, quantization }
}

function summarizeOperators(source: SourceGraph, parsed: Graph): readonly OperatorSummary[] {
  const byIndex = new Map(parsed.operators.map((operator) => [operator.index, operator]))
  const refused = new Set(checkGraph(parsed, builtinOperators).map(({ where }) => where?.operator?.index))
  return source.operators.map(({ index, kind, version, inputs, outputs }) => {
    const operator = byIndex.get(index)
    const supported = operator !== undefined && !refused.has(index)
    const common = {
      index,
      kind,
      version,
      name: source.tensors[outputs[0] ?? -1]?.name ?? '',
      inputs,
      outputs,
      supported,
      weightBytes: dataBytes(inputs.map((input) => source.tensors[input])),
    }
    if (operator === undefined) return { ...common, macs: 0 }
    // a rule that is broken may be one that counting relies on
    const macs = supported ? (builtinOperators.get(kind)?.macs?.(instanceOf(parsed, operator)) ?? 0) : 0
    return { ...common, macs, options: operator.options }
  })
}

function removedFrom(graph: Graph): RemovedChannels {
  const passed = runPasses(graph, { operators: builtinOperators, stripFloatIo: false })
  return removedChannels(graph, passed, builtinOperators)
}

/** What a model file holds: operators, tensors, sizes. Throws a DiagnosticsError when the file cannot be read. */
export function inspectModel(bytes: Uint8Array): Inspection {
  const model = readModel(bytes)
  const source = model.graphs[0] ?? { name: '', tensors: [], operators: [], inputs: [], outputs: [] }
  const { graph, diagnostics } = parseGraph(source, builtinOperators)
  const operators = summarizeOperators(source, graph)
  const supported = diagnostics.length === 0 && checkGraph(graph, builtinOperators).length === 0
  const used = new Set(source.operators.flatMap((o) => [...inputTensors(source, o), ...outputTensors(source, o)]))
  return {
    description: model.description,
    fileBytes: bytes.length,
    subgraphs: model.graphs.length,
    inputs: source.inputs,
    outputs: source.outputs,
    tensors: source.tensors.map(summarizeTensor),
    operators,
    macs: operators.reduce((sum, { macs }) => sum + macs, 0),
    weightBytes: dataBytes([...used]),
    ...(supported && { removed: removedFrom(graph) }),
  }
}
