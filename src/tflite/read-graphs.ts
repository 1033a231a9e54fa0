import type { SourceGraph } from '../ir/graph.js'
import { error, type Findings, requireAtMost } from './findings.js'
import { mapTables, type Table } from './flatbuffer-table.js'
import { MAX_OPERATORS, MAX_SUBGRAPHS, MAX_TENSORS } from './limits.js'
import type { Buffers } from './read-buffers.js'
import { type OperatorCode, readOperator, readOperatorCodes } from './read-operators.js'
import { readTensor } from './read-tensor.js'
import { MODEL, SUBGRAPH } from './schema.js'
import { verifyGraph } from './verify-graph.js'

interface GraphContext {
  readonly buffers: Buffers
  readonly codes: readonly OperatorCode[]
  readonly findings: Findings
}

/** Reads and verifies all subgraphs of a model. What is wrong with them becomes findings. */
export function readGraphs(model: Table, buffers: Buffers, findings: Findings): readonly SourceGraph[] {
  const subgraphs = model.tables(MODEL.subgraphs).length
  requireAtMost(MAX_SUBGRAPHS, subgraphs, 'subgraphs')
  if (subgraphs === 0) findings.add(error('BAD_MODEL', 'A model has a subgraph', { found: 'no subgraphs' }))
  const context = { buffers, codes: readOperatorCodes(model), findings }
  let tensors = 0
  let operators = 0
  return mapTables(model, MODEL.subgraphs, (table, subgraph) => {
    tensors += table.tables(SUBGRAPH.tensors).length
    operators += table.tables(SUBGRAPH.operators).length
    requireAtMost(MAX_TENSORS, tensors, 'tensors')
    requireAtMost(MAX_OPERATORS, operators, 'operators')
    return readGraph(table, subgraph, context)
  })
}

function readGraph(table: Table, subgraph: number, context: GraphContext): SourceGraph {
  const { findings } = context
  const readTensors = mapTables(table, SUBGRAPH.tensors, (tensor, index) =>
    readTensor(tensor, index, { ...context, subgraph }),
  )
  const tensors = readTensors.map(({ tensor }) => tensor)
  const readOperators = mapTables(table, SUBGRAPH.operators, (operator, index) =>
    readOperator(operator, index, { ...context, subgraph, tensors }),
  )
  const inputs = table.int32s(SUBGRAPH.inputs) ?? []
  const outputs = table.int32s(SUBGRAPH.outputs) ?? []
  if (subgraph === 0 && outputs.length === 0) {
    findings.add(error('BAD_MODEL', 'A model has an output', { where: { subgraph }, found: 'no outputs' }))
  }
  verifyGraph({ subgraph, tensors: readTensors, operators: readOperators, inputs, outputs }, findings)
  const operators = readOperators.map(({ operator }) => operator)
  return { name: table.string(SUBGRAPH.name) ?? '', tensors, operators, inputs, outputs }
}
