import { InternalError, NO_TENSOR, type Graph } from '../ir/index.js'

/** Checks what every pass must leave true: operators read only what is fed, constant or computed before them, once. */
export function verifyGraph(graph: Graph, after: string): void {
  const known = new Set(graph.inputs)
  for (const tensor of graph.tensors) if (tensor.data !== undefined) known.add(tensor.index)
  for (const operator of graph.operators) {
    for (const index of operator.inputs) {
      if (index !== NO_TENSOR && !known.has(index)) {
        throw new InternalError(`after ${after}, ${operator.kind} ${operator.index} reads tensor ${index} too early`)
      }
    }
    for (const index of operator.outputs) {
      if (known.has(index)) throw new InternalError(`after ${after}, tensor ${index} is computed twice`)
      known.add(index)
    }
  }
  for (const index of graph.outputs) {
    if (!known.has(index)) throw new InternalError(`after ${after}, output tensor ${index} is never computed`)
  }
}
