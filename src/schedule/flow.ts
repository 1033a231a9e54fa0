import { type Graph, inputTensors, outputTensors, type Tensor, tensorBytes } from '../ir/index.js'
import { instanceOf, isSliced, type OperatorSet, rowCount, type WindowAxis } from '../ops/index.js'
import type { SelectedOperator } from '../select/index.js'
import type { Storage, StorageMap } from './storage.js'

/** Which bytes of one input the steps of an operator need. Both arrays have an entry for each step and never fall. */
export interface InputFlow {
  readonly storage: Storage
  /** First byte that this step or a later one needs. */
  readonly from: Int32Array
  /** One past the last byte that this step or an earlier one needs. */
  readonly to: Int32Array
}

/**
 * An operator as steps in order, each of which makes one row of the output: a slice along the second dimension of a
 * tensor of three dimensions or more, and of batch 1. Other operators have one step.
 */
export interface OperatorFlow {
  readonly selected: SelectedOperator
  readonly steps: number
  readonly inputs: readonly InputFlow[]
  readonly output: Storage
  /** Bytes of the output that each step writes: a row, or all of it at the last one. */
  readonly rowBytes: number
  /** Bytes of accumulators that live from the first step to the last; the steps are then pieces of the input. */
  readonly accumulatorBytes: number
  /** Bytes that the accumulators would be, if the input came piece by piece; undefined when that is not possible. */
  readonly canAccumulate?: number
}

/** Bytes of the output that are there after a step. */
export function writtenAfter({ steps, rowBytes, output, accumulatorBytes }: OperatorFlow, step: number): number {
  if (accumulatorBytes === 0) return (step + 1) * rowBytes
  return step === steps - 1 ? output.bytes : 0
}

/** The operator with its input, which `producer` makes row by row, taken into accumulators a row at a time. */
export function accumulating(flow: OperatorFlow, producer: OperatorFlow): OperatorFlow {
  const { steps, rowBytes } = producer
  const inputs = flow.inputs.map(({ storage }) => ({
    storage,
    ...inOrder(steps, (step) => [step * rowBytes, (step + 1) * rowBytes]),
  }))
  return { ...flow, steps, inputs, rowBytes: flow.output.bytes, accumulatorBytes: flow.canAccumulate ?? 0 }
}

/** Rows along one axis that output position `p` reads, inside an input of `extent` rows. */
function windowRows(axis: WindowAxis, p: number, extent: number): readonly [number, number] {
  const first = p * axis.stride - axis.before
  const from = Math.min(extent, Math.max(0, first))
  return [from, Math.max(from, Math.min(extent, first + (axis.size - 1) * axis.dilation + 1))]
}

/** Bytes of an input that one of `steps` steps needs. */
type Needs = (step: number) => readonly [number, number]

/** What each step needs of an input that it slides a window over. */
function windowNeeds(axis: WindowAxis, input: Tensor): Needs {
  const height = input.shape[1] ?? 1
  const row = tensorBytes(input) / height
  return (step) => {
    const [first, last] = windowRows(axis, step, height)
    return [first * row, last * row]
  }
}

/** What each step needs, so that what is needed first is also done with first. */
function inOrder(steps: number, needs: Needs): { readonly from: Int32Array; readonly to: Int32Array } {
  const spans = Array.from({ length: steps }, (_, step) => needs(step))
  const from = Int32Array.from(spans, ([first]) => first)
  const to = Int32Array.from(spans, ([, last]) => last)
  for (let step = steps - 2; step >= 0; step -= 1) from[step] = Math.min(from[step] ?? 0, from[step + 1] ?? 0)
  for (let step = 1; step < steps; step += 1) to[step] = Math.max(to[step] ?? 0, to[step - 1] ?? 0)
  return { from, to }
}

/** Tensors of more rows are computed whole: to plan each row of them would take too long. */
const MAX_ROWS = 8192

/** The steps of an operator that has kernels. */
export function flowOf(
  graph: Graph,
  selected: SelectedOperator,
  operators: OperatorSet,
  storages: StorageMap,
): OperatorFlow | undefined {
  const { operator } = selected
  const definition = operators.get(operator.kind)
  const [output] = outputTensors(graph, operator)
  const storage = storages.get(operator.outputs[0] ?? -1)
  if (definition === undefined || definition.aliases === true || output === undefined || storage === undefined)
    return undefined
  const instance = instanceOf(graph, operator)
  const { inputs: accesses } = definition.dataFlow(instance)
  const rows = definition.rows?.(instance)
  const count = definition.steps?.(instance) ?? rowCount(output)
  const steps = rows === undefined || count > MAX_ROWS ? 1 : count
  const inputs = inputTensors(graph, operator).flatMap((tensor, i): InputFlow[] => {
    const inputStorage = tensor && storages.get(tensor.index)
    if (tensor === undefined || inputStorage === undefined) return []
    const access = accesses[i]
    const { bytes } = inputStorage
    const all: Needs = () => [0, bytes]
    const slice: Needs = (step) => [(step * bytes) / steps, ((step + 1) * bytes) / steps]
    const followed = rows === 'elements' && isSliced(tensor, output) ? slice : all
    const needs = rows === 'window' && access?.kind === 'window' ? windowNeeds(access.rows, tensor) : followed
    return [{ storage: inputStorage, ...inOrder(steps, needs) }]
  })
  const canAccumulate = definition.accumulatorBytes?.(instance)
  return {
    selected,
    steps,
    inputs,
    output: storage,
    rowBytes: storage.bytes / steps,
    accumulatorBytes: 0,
    ...(canAccumulate === undefined ? {} : { canAccumulate }),
  }
}
