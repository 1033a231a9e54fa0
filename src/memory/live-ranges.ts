import { elementBytes, tensorAt, tensorBytes, type Graph, type TensorIndex } from '../ir/index.js'
import { instanceOf, type OperatorSet } from '../ops/index.js'
import type { Stage } from '../schedule/index.js'

/** Memory that one tensor, or several one after the other, live in. */
export interface Buffer {
  /** Tensors that share it, in the order in which they come to life. All start at its first byte. */
  readonly tensors: readonly TensorIndex[]
  readonly bytes: number
  /** In bytes. */
  readonly alignment: number
  /** First and last stage during which it holds something; -1 for what is fed before the first. */
  readonly begin: number
  readonly end: number
}

interface OpenBuffer {
  tensors: TensorIndex[]
  bytes: number
  alignment: number
  begin: number
  end: number
}

/** The last stage that reads each tensor; outputs of the graph are read after the last one. */
function lastReads(graph: Graph, stages: readonly Stage[]): ReadonlyMap<TensorIndex, number> {
  const last = new Map<TensorIndex, number>()
  stages.forEach(({ operators }, time) => {
    for (const { operator } of operators) for (const index of operator.inputs) last.set(index, time)
  })
  for (const index of graph.outputs) last.set(index, stages.length)
  return last
}

/** Tensors that are the same memory by what they are: each alias with the tensor whose shape it changes. */
function aliasRoots(graph: Graph, operators: OperatorSet): ReadonlyMap<TensorIndex, TensorIndex> {
  const roots = new Map<TensorIndex, TensorIndex>()
  for (const { kind, inputs, outputs } of graph.operators) {
    const [from, to] = [inputs[0], outputs[0]]
    if (operators.get(kind)?.aliases !== true || from === undefined || to === undefined) continue
    roots.set(to, roots.get(from) ?? from)
  }
  return roots
}

/**
 * The buffers that a schedule needs. A tensor that only gives another a new shape shares its buffer; so does the
 * output of an operator that can run in place, when its input dies there.
 */
export function liveRanges(graph: Graph, stages: readonly Stage[], operators: OperatorSet): readonly Buffer[] {
  const last = lastReads(graph, stages)
  const roots = aliasRoots(graph, operators)
  const bufferOf = new Map<TensorIndex, OpenBuffer>()
  const buffers: OpenBuffer[] = []
  const open = (index: TensorIndex, time: number): void => {
    const tensor = tensorAt(graph, index)
    // what nobody reads is still written, so it lives at least then
    const end = Math.max(time, last.get(index) ?? time)
    const buffer = {
      tensors: [index],
      bytes: tensorBytes(tensor),
      alignment: Math.max(4, elementBytes(tensor.type) ?? 4),
      begin: time,
      end,
    }
    buffers.push(buffer)
    bufferOf.set(index, buffer)
  }
  const join = (index: TensorIndex, buffer: OpenBuffer, time: number): void => {
    buffer.tensors.push(index)
    buffer.end = Math.max(buffer.end, time, last.get(index) ?? time)
    bufferOf.set(index, buffer)
  }
  for (const index of graph.inputs) if (!bufferOf.has(index)) open(index, -1)
  // an alias keeps its buffer alive from the start, so that nothing between takes it over in place
  for (const [alias, root] of roots) {
    const buffer = bufferOf.get(root)
    if (buffer !== undefined) join(alias, buffer, -1)
  }
  stages.forEach((stage, time) => {
    for (const { operator } of stage.operators) {
      for (const output of operator.outputs) {
        if (bufferOf.has(output) || tensorAt(graph, output).data !== undefined) continue
        const bytes = tensorBytes(tensorAt(graph, output))
        const { inPlace } = operators.get(operator.kind)?.dataFlow(instanceOf(graph, operator)) ?? { inPlace: [] }
        const host = inPlace
          .map((i) => bufferOf.get(operator.inputs[i] ?? -1))
          .find((buffer) => buffer?.end === time && buffer.bytes >= bytes)
        if (host !== undefined) join(output, host, time)
        else open(output, time)
        for (const [alias, root] of roots) {
          const buffer = bufferOf.get(output)
          if (root === output && buffer !== undefined) join(alias, buffer, time)
        }
      }
    }
  })
  return buffers
}
