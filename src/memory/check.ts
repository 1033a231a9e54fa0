/**
 * Replays a schedule on a shadow arena that knows, for each byte, which byte of which tensor was written there last,
 * and finds every read of something that has been overwritten. It shares no code with the planner: it looks at the
 * order of the steps, at offsets and rings, and at the operators' data flow alone.
 */
import { elementBytes, elementCount, type Graph, NO_TENSOR, tensorAt, type TensorIndex } from '../ir/index.js'
import { type Access, type Instance, instanceOf, type OperatorSet, type WindowAxis } from '../ops/index.js'
import type { OperatorFlow, Schedule } from '../schedule/index.js'
import { replayLanes, type Span } from './check-lanes.js'

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

/** Where everything lies: what of a memory plan the checker looks at. */
export interface Layout {
  readonly offsets: ReadonlyMap<TensorIndex, number>
  readonly rings: ReadonlyMap<TensorIndex, number>
  readonly accumulators: ReadonlyMap<number, number>
  readonly scratch: ReadonlyMap<number, number>
  readonly bytes: number
}

class ShadowArena {
  private readonly owner: Int32Array
  private readonly position: Int32Array

  constructor(
    private readonly layout: Layout,
    private readonly identity: (index: TensorIndex) => TensorIndex,
  ) {
    this.owner = new Int32Array(layout.bytes).fill(NO_TENSOR)
    this.position = new Int32Array(layout.bytes)
  }

  /** Where a tensor begins, and after how many bytes it begins anew: a ring at its end, and all others never. */
  private placeOf(tensor: TensorIndex): { readonly offset: number; readonly ring: number } {
    return { offset: this.layout.offsets.get(tensor) ?? NaN, ring: this.layout.rings.get(tensor) ?? Infinity }
  }

  write(tensor: TensorIndex, { from, to }: Span): void {
    const { offset, ring } = this.placeOf(tensor)
    const owner = this.identity(tensor)
    for (let byte = from; byte < to; byte += 1) {
      const place = offset + (byte < ring ? byte : byte % ring)
      if (!(place < this.owner.length)) throw new RangeError(`tensor ${tensor} leaves the arena`)
      this.owner[place] = owner
      this.position[place] = byte
    }
  }

  /** The first byte of the span that holds something else. */
  lost(tensor: TensorIndex, { from, to }: Span): number | undefined {
    const { offset, ring } = this.placeOf(tensor)
    const expected = this.identity(tensor)
    for (let byte = from; byte < to; byte += 1) {
      const place = offset + (byte < ring ? byte : byte % ring)
      if (this.owner[place] !== expected || this.position[place] !== byte) return byte
    }
    return undefined
  }

  holds(tensor: TensorIndex, byte: number): TensorIndex | undefined {
    const { offset, ring } = this.placeOf(tensor)
    const owner = this.owner[offset + (byte % ring)]
    return owner === undefined || owner === NO_TENSOR ? undefined : owner
  }
}

/** Positions that output position `p` reads along one axis, clipped to the input. */
function reach(axis: WindowAxis, p: number, extent: number): Span {
  const first = p * axis.stride - axis.before
  const from = Math.min(extent, Math.max(0, first))
  return { from, to: Math.max(from, Math.min(extent, first + (axis.size - 1) * axis.dilation + 1)) }
}

/** The positions themselves. */
function taps({ size, stride, dilation, before }: WindowAxis, p: number, extent: number): readonly number[] {
  const positions = Array.from({ length: size }, (_, tap) => p * stride - before + tap * dilation)
  return positions.filter((position) => position >= 0 && position < extent)
}

/** Output elements that are computed as one unit when an operator runs by itself. */
function unitElements(accesses: readonly Access[], output: readonly number[]): number {
  const [access] = accesses
  if (access?.kind === 'vectors') return access.output
  if (access?.kind === 'window') return output.slice(2).reduce((a, b) => a * b, 1)
  return accesses.some(({ kind }) => kind === 'elementwise') ? 1 : output.reduce((a, b) => a * b, 1)
}

/**
 * Elements of an input that the output elements of `unit` need: one span, or one for each tap of the windows of pixels.
 * Rows are read whole, unless they are made as pixels.
 */
function needed(
  access: Access,
  unit: Span,
  input: readonly number[],
  output: readonly number[],
  asPixels: boolean,
): readonly Span[] {
  if (access.kind === 'elementwise') return [unit]
  if (access.kind === 'vectors') {
    const from = Math.floor(unit.from / access.output) * access.input
    return [{ from, to: Math.ceil(unit.to / access.output) * access.input }]
  }
  if (access.kind === 'whole') return [neededBySlice(unit, input, output)]
  const { rows, columns } = access
  const [batch = 1, outputRows = 1, outputColumns = 1, outputDepth = 1] = output
  const [, height = 1, width = 1, depth = 1] = input
  const rowElements = elementCount(output) / (batch * outputRows)
  const y = Math.floor(unit.from / rowElements)
  const image = Math.floor(y / outputRows)
  if (unit.to - unit.from === rowElements && !asPixels) {
    const span = reach(rows, y % outputRows, height)
    return [{ from: (image * height + span.from) * width * depth, to: (image * height + span.to) * width * depth }]
  }
  const x = Math.floor(unit.from / outputDepth) % outputColumns
  const pixels = Array.from({ length: (unit.to - unit.from) / outputDepth }, (_, i) => x + i)
  return taps(rows, y % outputRows, height).flatMap((line) =>
    pixels.flatMap((pixel) =>
      taps(columns, pixel, width).map((column) => {
        const from = ((image * height + line) * width + column) * depth
        return { from, to: from + depth }
      }),
    ),
  )
}

/** What outputs need of an input that has as many rows, or pixels, as the output: the same ones. Else, all of it. */
function neededBySlice(unit: Span, input: readonly number[], output: readonly number[]): Span {
  const inputs = elementCount(input)
  const outputs = elementCount(output)
  const cut = (shape: readonly number[], dimensions: number): string => shape.slice(0, 1 + dimensions).join()
  const dimensions = [2, 1].find((count) => count < output.length - 1 && cut(input, count) === cut(output, count))
  if (input.length !== output.length || output[0] !== 1 || dimensions === undefined) return { from: 0, to: inputs }
  const slices = elementCount(output.slice(1, 1 + dimensions))
  return {
    from: (Math.floor((unit.from * slices) / outputs) * inputs) / slices,
    to: (Math.ceil((unit.to * slices) / outputs) * inputs) / slices,
  }
}

/** Everything that a layout lets be overwritten before it is read. Empty when it is sound. */
export function checkPlan(
  graph: Graph,
  schedule: Schedule,
  operators: OperatorSet,
  layout: Layout,
): readonly Clobber[] {
  const clobbers: Clobber[] = []
  // other shapes of a tensor are the tensor; what is no tensor is told apart from them by negative numbers
  const roots = new Map<TensorIndex, TensorIndex>()
  for (const { kind, inputs, outputs } of graph.operators) {
    const [from = NO_TENSOR, to = NO_TENSOR] = [inputs[0], outputs[0]]
    if (operators.get(kind)?.aliases === true) roots.set(to, roots.get(from) ?? from)
  }
  const accumulatorsOf = (operator: number): TensorIndex => NO_TENSOR - 2 * (operator + 1)
  const scratchOf = (operator: number): TensorIndex => accumulatorsOf(operator) - 1
  const offsets = new Map(layout.offsets)
  for (const [operator, offset] of layout.accumulators) offsets.set(accumulatorsOf(operator), offset)
  for (const [operator, offset] of layout.scratch) offsets.set(scratchOf(operator), offset)
  const sizeOf = (index: TensorIndex): number => elementBytes(tensorAt(graph, index).type) ?? NaN
  const rings = new Map(layout.rings)
  for (const { lanes, selected, output } of schedule.stages.flatMap(({ flows }) => flows)) {
    // what an operator that runs lane by lane has beside its tensors is a queue
    if (lanes !== undefined) rings.set(scratchOf(selected.operator.index), lanes.delay * sizeOf(output.root))
  }
  const arena = new ShadowArena({ ...layout, offsets, rings }, (index) => roots.get(index) ?? index)
  const whole = (index: TensorIndex): Span => ({
    from: 0,
    to: elementCount(tensorAt(graph, index).shape) * sizeOf(index),
  })

  const read = (stage: number, operator: string, tensor: TensorIndex, span: Span): void => {
    const byte = arena.lost(tensor, span)
    if (byte !== undefined) clobbers.push({ stage, operator, tensor, byte, holds: arena.holds(tensor, byte) })
  }

  const runUnit = (stage: number, instance: Instance, flow: OperatorFlow, unit: Span): void => {
    const { index, kind, inputs, outputs } = instance.operator
    const accesses = operators.get(kind)?.dataFlow(instance).inputs ?? []
    const scratch = { from: 0, to: flow.scratchBytes }
    // scratch is in use while inputs are read and outputs written
    if (scratch.to > 0) arena.write(scratchOf(index), scratch)
    const [output = NO_TENSOR] = outputs
    const { shape } = tensorAt(graph, output)
    inputs.forEach((tensor, i) => {
      if (!layout.offsets.has(tensor)) return
      const size = sizeOf(tensor)
      const spans = needed(
        accesses[i] ?? { kind: 'whole' },
        unit,
        tensorAt(graph, tensor).shape,
        shape,
        flow.units?.segment !== undefined,
      )
      for (const { from, to } of spans) read(stage, kind, tensor, { from: from * size, to: to * size })
    })
    arena.write(output, { from: unit.from * sizeOf(output), to: unit.to * sizeOf(output) })
    if (scratch.to > 0) read(stage, `scratch of ${kind}`, scratchOf(index), scratch)
  }

  /** A kernel with an order of its own: it may read anything after it has written anything. */
  const runUnordered = (
    stage: number,
    { operator: { index, kind, inputs, outputs } }: Instance,
    bytes: number,
  ): void => {
    const held = inputs.filter((tensor) => layout.offsets.has(tensor))
    const scratch = { from: 0, to: bytes }
    if (bytes > 0) arena.write(scratchOf(index), scratch)
    for (const tensor of held) read(stage, kind, tensor, whole(tensor))
    for (const output of outputs) arena.write(output, whole(output))
    for (const tensor of held) read(stage, kind, tensor, whole(tensor))
    if (bytes > 0) read(stage, `scratch of ${kind}`, scratchOf(index), scratch)
  }

  const runPiece = (
    stage: number,
    instance: Instance,
    { steps, accumulatorBytes }: OperatorFlow,
    step: number,
  ): void => {
    const { index, kind, inputs, outputs } = instance.operator
    const [input = NO_TENSOR] = inputs
    const { to: bytes } = whole(input)
    read(stage, kind, input, { from: (step * bytes) / steps, to: ((step + 1) * bytes) / steps })
    const accumulators = { from: 0, to: accumulatorBytes }
    if (step > 0) read(stage, kind, accumulatorsOf(index), accumulators)
    arena.write(accumulatorsOf(index), accumulators)
    if (step === steps - 1) arena.write(outputs[0] ?? NO_TENSOR, whole(outputs[0] ?? NO_TENSOR))
  }

  const runLanes = (stage: number, instance: Instance, delay: number): void => {
    const { index, kind, inputs, outputs } = instance.operator
    const [input = NO_TENSOR] = inputs
    const [output = NO_TENSOR] = outputs
    const { inputs: [access] = [], lanewise } = operators.get(kind)?.dataFlow(instance) ?? {}
    if (access?.kind !== 'window') throw new RangeError(`${kind} has no window that runs lane by lane`)
    const [from, to] = [tensorAt(graph, input).shape, tensorAt(graph, output).shape]
    const apart = lanewise === true && from.at(-1) === to.at(-1)
    const { rows, columns } = access
    const lanes = { rows, columns, input: from, output: to, elementBytes: sizeOf(output), apart, delay }
    const tensors = { input, output, queue: scratchOf(index) }
    replayLanes(lanes, {
      read: (what, span) => {
        if (clobbers.length === 0) read(stage, what === 'queue' ? `queue of ${kind}` : kind, tensors[what], span)
      },
      write: (what, span) => arena.write(tensors[what], span),
    })
  }

  for (const index of graph.inputs) arena.write(index, whole(index))
  schedule.stages.forEach(({ flows, simulation }, stage) => {
    for (const { flow: position, step } of simulation.steps) {
      const flow = flows[position]
      if (flow === undefined || clobbers.length > 0) return
      const instance = instanceOf(graph, flow.selected.operator)
      const accesses = operators.get(instance.operator.kind)?.dataFlow(instance).inputs ?? []
      const { shape } = tensorAt(graph, instance.operator.outputs[0] ?? NO_TENSOR)
      const total = elementCount(shape)
      if (flow.accumulatorBytes > 0) runPiece(stage, instance, flow, step)
      else if (flows.length > 1) {
        const { segment } = flow.units ?? {}
        const size = segment === undefined ? total / flow.steps : segment * (shape.at(-1) ?? 1)
        runUnit(stage, instance, flow, { from: step * size, to: Math.min(total, (step + 1) * size) })
      } else if (step === 0) {
        // by itself an operator runs in one call, in units of its own, and knows nothing of rings
        const { kind, inputs, outputs } = instance.operator
        for (const tensor of [...inputs, ...outputs]) {
          const byte = layout.rings.get(tensor)
          if (byte !== undefined)
            clobbers.push({ stage, operator: kind, tensor, byte, holds: arena.holds(tensor, byte) })
        }
        if (flow.lanes !== undefined) {
          runLanes(stage, instance, flow.lanes.delay)
          continue
        }
        if (flow.selected.kernels.some(({ unordered }) => unordered === true)) {
          runUnordered(stage, instance, flow.scratchBytes)
          continue
        }
        const size = unitElements(accesses, shape)
        for (let from = 0; from < total && clobbers.length === 0; from += size) {
          runUnit(stage, instance, flow, { from, to: Math.min(total, from + size) })
        }
      }
    }
  })
  for (const { root } of schedule.kept) {
    if (clobbers.length === 0) read(schedule.stages.length, 'output', root, whole(root))
  }
  return clobbers
}
