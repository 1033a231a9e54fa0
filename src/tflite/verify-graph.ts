import type { Location } from '../ir/diagnostic.js'
import { NO_TENSOR, type TensorIndex } from '../ir/graph.js'
import type { Tensor } from '../ir/tensor.js'
import { error, type Findings } from './findings.js'
import { operatorLocation, type ReadOperator } from './read-operators.js'
import { FIXED_SHAPES, type ReadTensor } from './read-tensor.js'

/** A subgraph as it was read, before its indices and order have been verified. */
export interface ReadGraph {
  readonly subgraph: number
  readonly tensors: readonly ReadTensor[]
  readonly operators: readonly ReadOperator[]
  readonly inputs: readonly TensorIndex[]
  readonly outputs: readonly TensorIndex[]
}

/**
 * Adds a finding for each thing that keeps a subgraph from being computed: tensor indices out of range; operators that
 * read what is not there yet; tensors written twice, or written though they are constant or fed; and the remarks on
 * tensors that are used.
 */
export function verifyGraph(graph: ReadGraph, findings: Findings): void {
  const before = findings.errorCount
  verifyIndices(graph, findings)
  if (findings.errorCount > before) return
  verifyOrder(graph, findings)
  addRemarks(graph, findings)
}

function verifyIndices(graph: ReadGraph, findings: Findings): void {
  const count = graph.tensors.length
  const verify = (list: readonly TensorIndex[], name: string, least: number, where: () => Location): void => {
    for (const index of list) {
      if (index >= least && index < count) continue
      findings.add(
        error('BAD_MODEL', 'Tensor indices lie within the list of tensors', {
          where: where(),
          found: `${index} in ${name}, of ${count} tensors`,
        }),
      )
    }
  }
  const tensors = graph.tensors.map(({ tensor }) => tensor)
  verify(graph.inputs, 'inputs', 0, () => ({ subgraph: graph.subgraph }))
  verify(graph.outputs, 'outputs', 0, () => ({ subgraph: graph.subgraph }))
  for (const { operator } of graph.operators) {
    const where = (): Location => operatorLocation(graph.subgraph, operator, tensors)
    verify(operator.inputs, 'inputs', NO_TENSOR, where)
    verify(operator.outputs, 'outputs', 0, where)
  }
}

/** What is known of the tensors of a graph while its operators are walked in order. */
interface Walk {
  readonly graph: ReadGraph
  readonly tensors: readonly Tensor[]
  /** Tensors that have a value. */
  readonly ready: Set<TensorIndex>
  /** Tensors that some operator writes. */
  readonly written: ReadonlySet<TensorIndex>
  /** Tensors whose missing value has been reported. */
  readonly reported: Set<TensorIndex>
  readonly bad: (rule: string, found: string, where: Location) => void
}

function verifyOrder(graph: ReadGraph, findings: Findings): void {
  const tensors = graph.tensors.map(({ tensor }) => tensor)
  // Constants have their value from the start, and so have variables: that of the inference before.
  const fixed = tensors.filter((tensor) => tensor.data !== undefined || tensor.isVariable)
  const written = new Set<TensorIndex>()
  for (const { operator } of graph.operators) for (const index of operator.outputs) written.add(index)
  const bad: Walk['bad'] = (rule, found, where) => findings.add(error('BAD_MODEL', rule, { where, found }))
  const ready = new Set(fixed.map(({ index }) => index))
  const walk: Walk = { graph, tensors, ready, written, reported: new Set(), bad }
  walkInputs(walk)
  for (const operator of graph.operators) walkOperator(operator, walk)
  walkOutputs(walk)
}

function walkInputs({ graph, tensors, ready, bad }: Walk): void {
  for (const index of graph.inputs) {
    if (ready.has(index) && !tensors[index]?.isVariable) {
      const where = { subgraph: graph.subgraph, tensor: nameOf(tensors[index]) }
      bad('Inputs of a graph are listed once and are not constant', `tensor ${index} in inputs`, where)
    }
    ready.add(index)
  }
}

function walkOperator({ operator, isCustom }: ReadOperator, walk: Walk): void {
  const { graph, tensors, ready, written, reported, bad } = walk
  const at = (index: TensorIndex): Location => ({
    ...operatorLocation(graph.subgraph, operator, tensors),
    tensor: nameOf(tensors[index]),
  })
  for (const index of operator.inputs) {
    if (index === NO_TENSOR || ready.has(index) || reported.has(index)) continue
    // Compilers for accelerators hand their custom operators scratch memory as inputs that nothing writes.
    if (isCustom && !written.has(index)) continue
    bad(
      'Operators stand behind those whose outputs they read',
      `tensor ${index} is ${written.has(index) ? 'written later' : 'never written'}`,
      at(index),
    )
    reported.add(index)
  }
  for (const index of operator.outputs) {
    if (ready.has(index) && !tensors[index]?.isVariable) {
      const state = tensors[index]?.data === undefined ? 'already has a value' : 'is constant'
      bad('Operators write each tensor once, and no constants', `tensor ${index} ${state}`, at(index))
    }
    ready.add(index)
  }
}

function walkOutputs({ graph, tensors, ready, reported, bad }: Walk): void {
  for (const index of graph.outputs) {
    if (ready.has(index) || reported.has(index)) continue
    const where = { subgraph: graph.subgraph, tensor: nameOf(tensors[index]) }
    bad('Outputs of a graph have a value', `tensor ${index} is never written`, where)
    reported.add(index)
  }
}

function nameOf(tensor: Tensor | undefined): { readonly index: number; readonly name: string } {
  return { index: tensor?.index ?? NO_TENSOR, name: tensor?.name ?? '' }
}

/** Passes on the remarks on tensors that are used. Inputs come first, as what is odd about them spreads. */
function addRemarks(graph: ReadGraph, findings: Findings): void {
  const inputs = new Set(graph.inputs)
  const used = new Set(inputs)
  for (const { operator } of graph.operators) {
    for (const index of operator.inputs) used.add(index)
    for (const index of operator.outputs) used.add(index)
  }
  for (const index of graph.outputs) used.add(index)
  const remarksOn = (index: TensorIndex): ReadTensor['remarks'] => graph.tensors[index]?.remarks ?? []
  const isOpen = graph.inputs.some((index) => remarksOn(index).some((remark) => remark.rule === FIXED_SHAPES))
  for (const index of used) {
    for (const remark of remarksOn(index)) {
      // Where an input's shape is open, those of other tensors are open because of it.
      if (isOpen && remark.rule === FIXED_SHAPES && !inputs.has(index)) continue
      findings.add(remark)
    }
  }
}
