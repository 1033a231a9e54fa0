/**
 * Replays a schedule on a shadow arena that knows, for each byte, which byte of which tensor was written there last,
 * and finds every read of something that has been overwritten. It shares no code with the planner: it looks at
 * offsets and at the operators' data flow alone.
 */
import {
  elementBytes,
  elementCount,
  NO_TENSOR,
  tensorAt,
  type Graph,
  type Operator,
  type TensorIndex,
} from '../ir/index.js'
import { instanceOf, type Access, type OperatorSet, type WindowAxis } from '../ops/index.js'
import type { Stage } from '../schedule/index.js'

/** A byte that an operator needs, but that holds something else. */
export interface Clobber {
  readonly stage: number
  readonly operator: string
  readonly tensor: TensorIndex
  /** First byte of the tensor that was lost. */
  readonly byte: number
  /** The tensor found in its place, or undefined when nothing was ever written there. */
  readonly holds: TensorIndex | undefined
}

interface Span {
  readonly from: number
  readonly to: number
}

class ShadowArena {
  private readonly owner: Int32Array
  private readonly position: Int32Array

  constructor(
    bytes: number,
    private readonly offsets: ReadonlyMap<TensorIndex, number>,
    private readonly identity: (index: TensorIndex) => TensorIndex,
  ) {
    this.owner = new Int32Array(bytes).fill(NO_TENSOR)
    this.position = new Int32Array(bytes)
  }

  write(tensor: TensorIndex, { from, to }: Span): void {
    const offset = this.offsets.get(tensor) ?? NaN
    for (let byte = from; byte < to; byte += 1) {
      if (!(offset + byte < this.owner.length)) throw new RangeError(`tensor ${tensor} leaves the arena`)
      this.owner[offset + byte] = this.identity(tensor)
      this.position[offset + byte] = byte
    }
  }

  /** The first byte of the span that holds something else. */
  lost(tensor: TensorIndex, { from, to }: Span): number | undefined {
    const offset = this.offsets.get(tensor) ?? NaN
    const expected = this.identity(tensor)
    for (let byte = from; byte < to; byte += 1) {
      if (this.owner[offset + byte] !== expected || this.position[offset + byte] !== byte) return byte
    }
    return undefined
  }

  holds(tensor: TensorIndex, byte: number): TensorIndex | undefined {
    const owner = this.owner[(this.offsets.get(tensor) ?? NaN) + byte]
    return owner === undefined || owner === NO_TENSOR ? undefined : owner
  }
}

/** Positions that output position `p` reads along one axis, clipped to the input. */
function reach(axis: WindowAxis, p: number, extent: number): Span {
  const first = p * axis.stride - axis.before
  return { from: Math.max(0, first), to: Math.min(extent, first + (axis.size - 1) * axis.dilation + 1) }
}

/** Output elements that are computed as one unit, given how the inputs are read. */
function unitElements(accesses: readonly Access[], output: readonly number[]): number {
  const [access] = accesses
  if (access?.kind === 'vectors') return access.output
  if (access?.kind === 'window') return output.slice(2).reduce((a, b) => a * b, 1)
  return accesses.some(({ kind }) => kind === 'elementwise') ? 1 : output.reduce((a, b) => a * b, 1)
}

/** Elements of an input that the output elements of `unit` need. */
function needed(
  access: Access,
  unit: Span,
  unitIndex: number,
  input: readonly number[],
  output: readonly number[],
): Span {
  if (access.kind === 'elementwise') return unit
  if (access.kind === 'vectors') {
    const first = Math.floor(unit.from / access.output)
    return { from: first * access.input, to: Math.ceil(unit.to / access.output) * access.input }
  }
  if (access.kind === 'whole') return { from: 0, to: elementCount(input) }
  const [, height = 1, width = 1, depth = 1] = input
  const outputRows = output[1] ?? 1
  const image = Math.floor(unitIndex / outputRows)
  const rows = reach(access.rows, unitIndex % outputRows, height)
  const row = width * depth
  return { from: (image * height + rows.from) * row, to: (image * height + Math.max(rows.from, rows.to)) * row }
}

/** Everything that `offsets` lets be overwritten before it is read. Empty when the plan is sound. */
export function checkPlan(
  graph: Graph,
  stages: readonly Stage[],
  operators: OperatorSet,
  offsets: ReadonlyMap<TensorIndex, number>,
  bytes: number,
): readonly Clobber[] {
  const roots = new Map<TensorIndex, TensorIndex>()
  const identity = (index: TensorIndex): TensorIndex => roots.get(index) ?? index
  const arena = new ShadowArena(bytes, offsets, identity)
  const clobbers: Clobber[] = []
  const sizeOf = (index: TensorIndex): number => elementBytes(tensorAt(graph, index).type) ?? NaN
  const whole = (index: TensorIndex): Span => ({
    from: 0,
    to: elementCount(tensorAt(graph, index).shape) * sizeOf(index),
  })

  const read = (stage: number, operator: string, tensor: TensorIndex, span: Span): void => {
    const byte = arena.lost(tensor, span)
    if (byte !== undefined) clobbers.push({ stage, operator, tensor, byte, holds: arena.holds(tensor, byte) })
  }

  const run = (stage: number, operator: Operator): void => {
    const definition = operators.get(operator.kind)
    const [output = NO_TENSOR] = operator.outputs
    if (definition?.aliases === true) {
      roots.set(output, identity(operator.inputs[0] ?? NO_TENSOR))
      return
    }
    const accesses = definition?.dataFlow(instanceOf(graph, operator)).inputs ?? []
    const reads = operator.inputs.flatMap((tensor, i) =>
      offsets.has(tensor) ? [{ tensor, access: accesses[i] ?? ({ kind: 'whole' } as const) }] : [],
    )
    const shape = tensorAt(graph, output).shape
    const step = unitElements(
      reads.map(({ access }) => access),
      shape,
    )
    const total = elementCount(shape)
    for (let from = 0, index = 0; from < total; from += step, index += 1) {
      const unit = { from, to: Math.min(total, from + step) }
      for (const { tensor, access } of reads) {
        const span = needed(access, unit, index, tensorAt(graph, tensor).shape, shape)
        const size = sizeOf(tensor)
        read(stage, operator.kind, tensor, { from: span.from * size, to: span.to * size })
      }
      arena.write(output, { from: unit.from * sizeOf(output), to: unit.to * sizeOf(output) })
      if (clobbers.length > 0) return
    }
  }

  for (const index of graph.inputs) arena.write(index, whole(index))
  stages.forEach((stage, time) => {
    for (const { operator } of stage.operators) if (clobbers.length === 0) run(time, operator)
  })
  for (const index of graph.outputs) {
    if (offsets.has(index) && clobbers.length === 0) read(stages.length, 'output', index, whole(index))
  }
  return clobbers
}
