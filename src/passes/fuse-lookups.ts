import { type Graph, type Operator, producerOf, replaceOperator, tensorAt, useCounts } from '../ir/index.js'
import { instanceOf } from '../ops/index.js'
import { applyTable, INT8_VALUES, LOOKUP, type LookupOptions, lookupTable } from '../ops/lookup.js'
import type { Pass, Session } from './pass.js'
import { toAlias } from './to-alias.js'

/** The table of an operator that maps each int8 element to another. */
function tableOf(graph: Graph, operator: Operator, { operators }: Session): Int8Array | undefined {
  const definition = operators.get(operator.kind)
  return definition && lookupTable(definition, instanceOf(graph, operator))
}

/** The table of DEQUANTIZE followed by QUANTIZE: both are exact, so that all results are known. */
function roundTripTable(
  graph: Graph,
  first: Operator,
  second: Operator,
  { operators }: Session,
): Int8Array | undefined {
  const input = first.inputs[0] ?? -1
  if (first.kind !== 'DEQUANTIZE' || second.kind !== 'QUANTIZE' || tensorAt(graph, input).type !== 'int8')
    return undefined
  const [reals] = operators.get(first.kind)?.evaluate(instanceOf(graph, first), [INT8_VALUES]) ?? []
  const [table] = operators.get(second.kind)?.evaluate(instanceOf(graph, second), [reals]) ?? []
  return table instanceof Int8Array ? table : undefined
}

/** The table of an operator and the one before it, when nobody else reads what lies between. */
function fusedTable(graph: Graph, first: Operator, second: Operator, session: Session): Int8Array | undefined {
  const [inner, outer] = [tableOf(graph, first, session), tableOf(graph, second, session)]
  if (inner !== undefined && outer !== undefined) return applyTable(outer, inner)
  return roundTripTable(graph, first, second, session)
}

function fuse(graph: Graph, stale: Operator, uses: readonly number[], session: Session): Graph {
  // operators before this one may have been fused into it
  const operator = graph.operators.find(({ outputs }) => outputs === stale.outputs)
  const [between = -1] = operator?.inputs ?? []
  const before = producerOf(graph, between)
  if (operator === undefined || before === undefined || uses[between] !== 1) return graph
  const table = fusedTable(graph, before, operator, session)
  if (table === undefined) return graph
  const options: LookupOptions = { table }
  const fused = { ...operator, kind: LOOKUP, version: 1, inputs: before.inputs.slice(0, 1), options }
  return replaceOperator(replaceOperator(graph, operator, fused), before)
}

const isIdentity = (table: Int8Array | undefined): boolean => table?.every((result, i) => result === i - 128) ?? false

/** Makes one table of chains of functions of one int8 value, and none of those that change nothing. */
export const fuseLookups: Pass = {
  name: 'fuse-lookups',
  keeps: 'A function of one int8 value has 256 results; those of a chain are computed from those of its parts.',
  run(graph, session) {
    const uses = useCounts(graph)
    const fused = graph.operators.reduce((current, operator) => fuse(current, operator, uses, session), graph)
    return fused.operators
      .filter((operator) => isIdentity(tableOf(fused, operator, session)))
      .reduce((current, operator) => replaceOperator(current, operator, toAlias(operator)), fused)
  },
}
