import { elementBytes, type Graph, inputTensors, outputTensors, type Tensor, tensorBytes } from '../ir/index.js'
import type { Access, Granularity, OperatorSet, Units, WindowAxis } from '../ops/index.js'
import { instanceOf, isSliced } from '../ops/index.js'
import type { SelectedOperator } from '../select/index.js'
import type { Lanes } from './lanes.js'
import type { Storage, StorageMap } from './storage.js'

/** Which bytes of one input the steps of an operator need. Both arrays have an entry for each step and never fall. */
export interface InputFlow {
  readonly storage: Storage
  /** First byte that this step or a later one needs. */
  readonly from: Int32Array
  /** One past the last byte that this step or an earlier one needs. */
  readonly to: Int32Array
  /** Bytes that have to lie side by side: a step reads whole pieces of this size. */
  readonly pieceBytes: number
}

/**
 * An operator as steps in order, each of which makes one piece of the output: a row, that is a slice along the outermost
 * spatial dimension, or a pixel, what lies at one position. Operators that cannot be cut have one step.
 */
export interface OperatorFlow {
  readonly selected: SelectedOperator
  readonly steps: number
  /** What the pieces are; undefined when the output is made all at once. */
  readonly units?: Units
  readonly inputs: readonly InputFlow[]
  readonly output: Storage
  /** Bytes of the output that each step writes: a piece, or all of it at the last one. */
  readonly pieceBytes: number
  /** Bytes that the operator needs beside its tensors, during each of its steps and no longer. */
  readonly scratchBytes: number
  /** Bytes of accumulators that live from the first step to the last; the steps are then pieces of the input. */
  readonly accumulatorBytes: number
  /** The accumulators, if the input came piece by piece; undefined when that is not possible. */
  readonly canAccumulate?: {
    readonly bytes: number
    /** Pieces are multiples of so many bytes: pixels, or elements. */
    readonly pieceBytes: number
  }
  /** The output takes the place of the input, channel by channel; undefined when it does not. */
  readonly lanes?: Lanes
}

/** Bytes of the output that are there after a step. */
export function writtenAfter({ steps, pieceBytes, output, accumulatorBytes }: OperatorFlow, step: number): number {
  if (accumulatorBytes === 0) return (step + 1) * pieceBytes
  return step === steps - 1 ? output.bytes : 0
}

/** Whether a kernel of the operator reads and writes in an order of its own. */
export const isUnordered = ({ selected }: OperatorFlow): boolean =>
  selected.kernels.some(({ unordered }) => unordered === true)

/** The operator all at once: it is done with no input before it has made all of its output. */
export function atOnce(flow: OperatorFlow): OperatorFlow {
  const { units: _, ...rest } = flow
  const inputs = flow.inputs.map(({ storage }) => ({
    storage,
    from: Int32Array.of(0),
    to: Int32Array.of(storage.bytes),
    pieceBytes: storage.bytes,
  }))
  return { ...rest, steps: 1, inputs, pieceBytes: flow.output.bytes, scratchBytes: scratchBytes(flow.selected) }
}

/**
 * The operator with its input, which `producer` makes piece by piece, taken into accumulators some pieces at a time: one,
 * unless it is of another shape and takes several of them to be whole pixels. Undefined where it cannot, or need not.
 */
export function accumulating(flow: OperatorFlow, producer: OperatorFlow): OperatorFlow | undefined {
  const { canAccumulate, inputs } = flow
  const { bytes } = producer.output
  if (canAccumulate === undefined || inputs.length !== 1 || canAccumulate.bytes >= bytes) return undefined
  let { pieceBytes } = producer
  while (pieceBytes % canAccumulate.pieceBytes !== 0 && pieceBytes < bytes) pieceBytes += producer.pieceBytes
  const steps = bytes / pieceBytes
  if (producer.steps === 1 || !Number.isInteger(steps) || steps === 1) return undefined
  const pieces = inputs.map(({ storage }) => ({
    storage,
    ...inOrder(steps, (step) => [step * pieceBytes, (step + 1) * pieceBytes]),
    pieceBytes,
  }))
  const accumulators = { accumulatorBytes: canAccumulate.bytes, scratchBytes: 0 }
  return { ...flow, steps, inputs: pieces, pieceBytes: flow.output.bytes, ...accumulators }
}

/** Positions along one axis that output position `p` reads, inside an input of `extent` positions. */
function windowReach(axis: WindowAxis, p: number, extent: number): readonly [number, number] {
  const first = p * axis.stride - axis.before
  const from = Math.min(extent, Math.max(0, first))
  return [from, Math.max(from, Math.min(extent, first + (axis.size - 1) * axis.dilation + 1))]
}

/** Bytes of an input that one of `steps` steps needs. */
type Needs = (step: number) => readonly [number, number]

type WindowAccess = Extract<Access, { readonly kind: 'window' }>

/** What each row of an output needs of an input that a window slides over: whole rows. */
function rowNeeds({ rows }: WindowAccess, input: Tensor): Needs {
  const [, height = 1] = input.shape
  const rowBytes = tensorBytes(input) / height
  return (step) => {
    const [first, last] = windowReach(rows, step, height)
    return [first * rowBytes, last * rowBytes]
  }
}

/** What each pixel of an output needs: from the first to the last pixel of its window, the rows between them whole. */
function pixelNeeds({ rows, columns }: WindowAccess, input: Tensor, output: Tensor): Needs {
  const [, height = 1, width = 1] = input.shape
  const [, , outputWidth = 1] = output.shape
  const bytes = tensorBytes(input)
  const pixelBytes = bytes / (height * width)
  return (step) => {
    const [top, bottom] = windowReach(rows, Math.floor(step / outputWidth), height)
    const [left, right] = windowReach(columns, step % outputWidth, width)
    // a window that lies in the padding needs nothing
    if (top === bottom || left === right) return [bytes, 0]
    return [(top * width + left) * pixelBytes, ((bottom - 1) * width + right) * pixelBytes]
  }
}

/** What each step needs, so that what is needed first is also done with first. */
function inOrder(steps: number, needs: Needs): { readonly from: Int32Array; readonly to: Int32Array } {
  const from = new Int32Array(steps)
  const to = new Int32Array(steps)
  for (let step = 0; step < steps; step += 1) [from[step], to[step]] = needs(step) as [number, number]
  for (let step = steps - 2; step >= 0; step -= 1) from[step] = Math.min(from[step] ?? 0, from[step + 1] ?? 0)
  for (let step = 1; step < steps; step += 1) to[step] = Math.max(to[step] ?? 0, to[step - 1] ?? 0)
  return { from, to }
}

/** Tensors of more pieces are cut into rows, those of more rows not at all: to plan each would take too long. */
const MAX_PIECES = { pixel: 32767, row: 8192 } as const

/** The pieces in which an operator makes its output; undefined for all at once. */
function unitsOf(units: (granularity: Granularity) => Units | undefined, granularity: Granularity): Units | undefined {
  const found = units(granularity)
  if (found === undefined || found.count <= MAX_PIECES[granularity]) return found
  return granularity === 'pixel' ? unitsOf(units, 'row') : undefined
}

/** What an operator needs of one input: of which bytes, and how many of them side by side. */
function inputFlow(
  storage: Storage,
  tensor: Tensor,
  output: Tensor,
  access: Access | undefined,
  units: Units | undefined,
): InputFlow {
  const { bytes } = storage
  const flow = (steps: number, needs: Needs, pieceBytes: number): InputFlow => ({
    storage,
    ...inOrder(steps, needs),
    pieceBytes,
  })
  if (units?.form === 'window' && access?.kind === 'window') {
    const [, height = 1, width = 1] = tensor.shape
    return units.dimensions === 1
      ? flow(units.count, rowNeeds(access, tensor), bytes / height)
      : flow(units.count, pixelNeeds(access, tensor, output), bytes / (height * width))
  }
  if (units?.form === 'elements' && isSliced(tensor, output, units)) {
    const pieceBytes = bytes / units.count
    return flow(units.count, (step) => [step * pieceBytes, (step + 1) * pieceBytes], pieceBytes)
  }
  return flow(units?.count ?? 1, () => [0, bytes], bytes)
}

/** What the kernels need beside tensors; those that make a pixel need nothing. */
function scratchBytes({ kernels }: SelectedOperator, units?: Units): number {
  if (units?.form === 'window' && units.dimensions > 1) return 0
  return kernels.reduce((most, kernel) => Math.max(most, kernel.scratchBytes), 0)
}

/** The steps of an operator that has kernels, cut as finely as `granularity` says and the operator allows. */
export function flowOf(
  graph: Graph,
  selected: SelectedOperator,
  operators: OperatorSet,
  storages: StorageMap,
  granularity: Granularity,
): OperatorFlow | undefined {
  const { operator } = selected
  const definition = operators.get(operator.kind)
  const [output] = outputTensors(graph, operator)
  const storage = storages.get(operator.outputs[0] ?? -1)
  if (definition === undefined || definition.aliases === true || output === undefined || storage === undefined)
    return undefined
  const instance = instanceOf(graph, operator)
  const { inputs: accesses } = definition.dataFlow(instance)
  const units = unitsOf((grain) => definition.units?.(instance, grain), granularity)
  const steps = units?.count ?? 1
  const inputs = inputTensors(graph, operator).flatMap((tensor, i): InputFlow[] => {
    const inputStorage = tensor && storages.get(tensor.index)
    if (tensor === undefined || inputStorage === undefined) return []
    return [inputFlow(inputStorage, tensor, output, accesses[i], units)]
  })
  const accumulatorBytes = definition.accumulatorBytes?.(instance)
  const [fed] = instance.inputs
  const isVector = accesses[0]?.kind === 'vectors'
  const canAccumulate = fed &&
    accumulatorBytes !== undefined && {
      bytes: accumulatorBytes,
      pieceBytes: (elementBytes(fed.type) ?? 1) * (isVector ? 1 : (fed.shape.at(-1) ?? 1)),
    }
  return {
    selected,
    steps,
    ...(units && { units }),
    inputs,
    output: storage,
    pieceBytes: storage.bytes / steps,
    scratchBytes: scratchBytes(selected, units),
    accumulatorBytes: 0,
    ...(canAccumulate && { canAccumulate }),
  }
}
