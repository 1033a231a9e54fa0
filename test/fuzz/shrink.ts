/** Makes a model that fails smaller, as long as it fails in the same way. */
import { elementBytes } from '../../src/ir/tensor.js'
import type { ModelSpec, OperatorSpec, TensorSpec } from '../support/model-writer.js'
import { type BatchOptions, runBatch, type Verdict } from './harness.js'
import type { RandomGraph } from './random-graph.js'

/** Rounds of one shrinking, and models that are tried in each: all of them in one program. */
const MAX_ROUNDS = 15
const MAX_CANDIDATES = 60

/** The model without operators, inputs and tensors that its outputs do not need. */
export function pruned(model: ModelSpec): ModelSpec {
  const needed = new Set(model.outputs)
  const operators = model.operators
    .toReversed()
    .filter(({ inputs, outputs }) => {
      if (!outputs.some((index) => needed.has(index))) return false
      for (const index of inputs) needed.add(index)
      return true
    })
    .reverse()
  const kept = model.tensors.flatMap((_, index) => (needed.has(index) ? [index] : []))
  const renumber = (list: readonly number[]): number[] => list.map((index) => kept.indexOf(index))
  return {
    tensors: kept.map((index) => model.tensors[index] as TensorSpec),
    operators: operators.map((operator) => ({
      ...operator,
      inputs: renumber(operator.inputs),
      outputs: renumber(operator.outputs),
    })),
    inputs: renumber(model.inputs.filter((index) => needed.has(index))),
    outputs: renumber(model.outputs),
  }
}

/** Only some of the outputs, or what an operator on the way computes as the only one. */
function withFewerOutputs(model: ModelSpec): readonly ModelSpec[] {
  const last = model.operators.at(-1)?.outputs[0]
  const inner = model.operators.flatMap(({ outputs }) => outputs).filter((index) => index !== last)
  const one = [...inner, ...(model.outputs.length > 1 ? model.outputs : [])].map((index) => [index])
  const without = model.outputs.length > 2 ? model.outputs.map((index) => model.outputs.filter((i) => i !== index)) : []
  return [...one, ...without].map((outputs) => ({ ...model, outputs }))
}

/** Without one operator: what it computed is an input of the model instead. Late operators first. */
function withInputInstead(model: ModelSpec): readonly ModelSpec[] {
  if (model.operators.length < 2) return []
  return model.operators.toReversed().map((operator) => ({
    ...model,
    operators: model.operators.filter((other) => other !== operator),
    inputs: [...model.inputs, ...operator.outputs],
  }))
}

/** Without a bias, or without an activation. */
function withSimplerOperators(model: ModelSpec): readonly ModelSpec[] {
  const replaced = (old: OperatorSpec, operator: OperatorSpec): ModelSpec => ({
    ...model,
    operators: model.operators.map((other) => (other === old ? operator : other)),
  })
  return model.operators.flatMap((operator) => {
    const { kind, inputs, options } = operator
    const hasBias = /CONV|CONNECTED/.test(String(kind)) && inputs.length === 3
    const activated = options !== undefined && 'activation' in options && options.activation !== 'NONE'
    return [
      ...(hasBias ? [replaced(operator, { ...operator, inputs: inputs.slice(0, 2) })] : []),
      ...(activated
        ? [replaced(operator, { ...operator, options: { ...options, activation: 'NONE' } } as OperatorSpec)]
        : []),
    ]
  })
}

/** Operators of which all inputs are data that may get smaller. */
const DATA_KINDS = new Set<string | number>(['ADD', 'CONCATENATION', 'DEQUANTIZE', 'MUL', 'QUANTIZE', 'SUB'])

/** The first `extent` slices of a constant along a dimension. */
function sliced(tensor: TensorSpec, dimension: number, extent: number): TensorSpec {
  const { data, shape, type } = tensor
  const smaller = { ...tensor, shape: shape.with(dimension, extent) }
  if (data === undefined) return smaller
  const inner = shape.slice(dimension + 1).reduce((product, each) => product * each, 1)
  const bytes = ArrayBuffer.isView(data) ? (elementBytes(type) ?? 1) : 1
  const [block, kept] = [(shape[dimension] ?? 1) * inner * bytes, extent * inner * bytes]
  if (!ArrayBuffer.isView(data)) return { ...smaller, data: data.filter((_, i) => i % block < kept) }
  const view = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  return { ...smaller, data: view.filter((_, i) => i % block < kept) }
}

/** All tensors that have some extent in some dimension with half of it there; most such models contradict themselves. */
function withHalfExtents(model: ModelSpec): readonly ModelSpec[] {
  const operands = new Set(model.operators.flatMap(({ kind, inputs }) => (DATA_KINDS.has(kind) ? inputs : [])))
  const data = model.tensors.map(({ data }, index) => data === undefined || operands.has(index))
  const pairs = new Map<string, readonly [number, number]>()
  model.tensors.forEach(({ shape }, index) =>
    shape.forEach((extent, dimension) => {
      if (extent > 1 && data[index]) pairs.set(`${dimension} ${extent}`, [dimension, extent])
    }),
  )
  return [...pairs.values()].map(([dimension, extent]) => ({
    ...model,
    tensors: model.tensors.map((tensor, index) =>
      data[index] && tensor.shape[dimension] === extent ? sliced(tensor, dimension, Math.floor(extent / 2)) : tensor,
    ),
  }))
}

function candidates(model: ModelSpec): readonly ModelSpec[] {
  return [
    ...withFewerOutputs(model),
    ...withInputInstead(model),
    ...withSimplerOperators(model),
    ...withHalfExtents(model),
  ]
    .map(pruned)
    .slice(0, MAX_CANDIDATES)
}

/** The smallest model found that fails in the same stage as `graph` does, with its verdict. */
export async function shrink(
  graph: RandomGraph,
  verdict: Extract<Verdict, { kind: 'failed' }>,
  options: BatchOptions,
): Promise<{ readonly graph: RandomGraph; readonly verdict: Extract<Verdict, { kind: 'failed' }> }> {
  let smallest = { graph, verdict }
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const tried = candidates(smallest.graph.model).map((model, index) => ({ ...graph, name: `s${index}`, model }))
    const verdicts = await runBatch(tried, { ...options, folder: `${options.folder}/shrink` })
    const next = verdicts.findIndex((each) => each.kind === 'failed' && each.stage === verdict.stage)
    const [found, why] = [tried[next], verdicts[next]]
    if (found === undefined || why?.kind !== 'failed') break
    smallest = { graph: found, verdict: why }
  }
  return smallest
}
