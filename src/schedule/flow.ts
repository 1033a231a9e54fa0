import { elementBytes, type Graph, inputTensors, outputTensors, type Tensor } from '../ir/index.js'
import type { Access, Granularity, OperatorSet, Units } from '../ops/index.js'
import { instanceOf, isSliced } from '../ops/index.js'
import { scratchOf, type SelectedOperator } from '../select/index.js'
import type { Lanes } from './lanes.js'
import { inOrder, linesBytes, type Needs, pixelNeeds, pixelsTogether, rowNeeds } from './needs.js'
import { commonDivisor } from './multiples.js'
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
  /** Bytes of the output that each step writes: a piece, of which the last one may be shorter, or all of it at the last one. */
  readonly pieceBytes: number
  /** Bytes that the operator needs beside its tensors, during each of its steps and no longer. */
  readonly scratchBytes: number
  /** How many of them are for what a ring may hold in two pieces: none where the input is held whole. */
  readonly linesBytes: number
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
  if (accumulatorBytes === 0) return Math.min((step + 1) * pieceBytes, output.bytes)
  return step === steps - 1 ? output.bytes : 0
}

/** Whether a kernel of the operator reads and writes in an order of its own. */
export const isUnordered = ({ selected }: OperatorFlow): boolean =>
  selected.kernels.some(({ unordered }) => unordered === true)

/** A piece of the output as a reader counts them: a row, a pixel, or all; and how many there are. */
export function countedPieces({ units, pieceBytes, output }: OperatorFlow): {
  readonly unit: 'row' | 'pixel'
  readonly bytes: number
  readonly count: number
} {
  const bytes = pieceBytes / (units?.segment ?? 1)
  return { unit: units?.dimensions === 2 ? 'pixel' : 'row', bytes, count: output.bytes / bytes }
}

/** The operator with an input that is held whole. */
export const onWhole = (flow: OperatorFlow): OperatorFlow =>
  flow.linesBytes === 0 ? flow : { ...flow, scratchBytes: flow.scratchBytes - flow.linesBytes, linesBytes: 0 }

/** The operator all at once: it is done with no input before it has made all of its output. */
export function atOnce(flow: OperatorFlow): OperatorFlow {
  const { units: _, ...rest } = flow
  const inputs = flow.inputs.map(({ storage }) => ({
    storage,
    from: Int32Array.of(0),
    to: Int32Array.of(storage.bytes),
    pieceBytes: storage.bytes,
  }))
  return {
    ...rest,
    steps: 1,
    inputs,
    pieceBytes: flow.output.bytes,
    scratchBytes: scratchBytes(flow.selected),
    linesBytes: 0,
  }
}

/**
 * The operator with its input, which `producer` makes piece by piece, taken into accumulators some pieces at a time: one,
 * unless it is of another shape and takes several of them to be whole pixels. Undefined where it cannot, or need not.
 */
export function accumulating(flow: OperatorFlow, producer: OperatorFlow): OperatorFlow | undefined {
  const { canAccumulate, inputs } = flow
  const { bytes } = producer.output
  if (canAccumulate === undefined || inputs.length !== 1 || canAccumulate.bytes >= bytes) return undefined
  const whole = commonDivisor(producer.pieceBytes, bytes)
  let pieceBytes = whole
  while (pieceBytes % canAccumulate.pieceBytes !== 0 && pieceBytes < bytes) pieceBytes += whole
  const steps = bytes / pieceBytes
  if (producer.steps === 1 || !Number.isInteger(steps) || steps === 1) return undefined
  const pieces = inputs.map(({ storage }) => ({
    storage,
    ...inOrder(steps, (step) => [step * pieceBytes, (step + 1) * pieceBytes]),
    pieceBytes,
  }))
  const accumulators = { accumulatorBytes: canAccumulate.bytes, scratchBytes: 0, linesBytes: 0 }
  return { ...flow, steps, inputs: pieces, pieceBytes: flow.output.bytes, ...accumulators }
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
    if (units.dimensions === 1) return flow(units.count, rowNeeds(access, tensor), bytes / height)
    const pieceBytes = (bytes / (height * width)) * pixelsTogether(access, tensor, units)
    return flow(units.count, pixelNeeds(access, tensor, output, units), pieceBytes)
  }
  if (units?.form === 'elements' && isSliced(tensor, output, units)) {
    const pieceBytes = bytes / units.count
    return flow(units.count, (step) => [step * pieceBytes, (step + 1) * pieceBytes], pieceBytes)
  }
  return flow(units?.count ?? 1, () => [0, bytes], bytes)
}

/**
 * The pieces as the kernels make them: those of a sequence, in rows, are segments where there are any, or all of it when
 * it is no longer than one.
 */
function inSegments(
  units: Units,
  { segments }: SelectedOperator,
  output: Tensor,
  granularity: Granularity,
): Units | undefined {
  if (segments === undefined || units.dimensions === 1 || granularity === 'pixel') return units
  const count = Math.ceil((output.shape[2] ?? 1) / segments.pixels)
  return count > 1 ? { ...units, segment: segments.pixels, count } : undefined
}

/** What the kernels need beside tensors; those that make a single pixel need nothing. */
function scratchBytes({ kernels, segments }: SelectedOperator, units?: Units): number {
  if (units?.form !== 'window' || units.dimensions === 1) return scratchOf(kernels)
  return units.segment === undefined || segments === undefined ? 0 : scratchOf([segments.kernel])
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
  const pieces = unitsOf((grain) => definition.units?.(instance, grain), granularity)
  const units = pieces && inSegments(pieces, selected, output, granularity)
  const steps = units?.count ?? 1
  const inputs = inputTensors(graph, operator).flatMap((tensor, i): InputFlow[] => {
    const inputStorage = tensor && storages.get(tensor.index)
    if (tensor === undefined || inputStorage === undefined) return []
    return [inputFlow(inputStorage, tensor, output, accesses[i], units)]
  })
  const accumulatorBytes = definition.accumulatorBytes?.(instance)
  const [fed] = instance.inputs
  const [access] = accesses
  const isVector = access?.kind === 'vectors'
  const lines = units && fed && access?.kind === 'window' ? linesBytes(access, fed, units) : 0
  const pieceCount = units?.segment === undefined ? steps : (output.shape[2] ?? 1)
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
    pieceBytes: (storage.bytes / pieceCount) * (units?.segment ?? 1),
    scratchBytes: scratchBytes(selected, units) + lines,
    linesBytes: lines,
    accumulatorBytes: 0,
    ...(canAccumulate && { canAccumulate }),
  }
}
