import { type Graph, type Operator, producerOf, replaceOperator, tensorAt, useCounts } from '../ir/index.js'
import { type Activated, limitTo, type Range } from '../ops/activation.js'
import { instanceOf } from '../ops/index.js'
import { clampOf, lookupTable } from '../ops/lookup.js'
import type { Pass, Session } from './pass.js'
import { toAlias } from './to-alias.js'

const REAL_CLAMPS: Readonly<Record<string, Range>> = { RELU: { min: 0, max: Infinity }, RELU6: { min: 0, max: 6 } }

/** The range that an operator limits its input to, when that is all it does. */
function clampRange(graph: Graph, operator: Operator, { operators }: Session): Range | undefined {
  if (tensorAt(graph, operator.inputs[0] ?? -1).type === 'float32') return REAL_CLAMPS[operator.kind]
  const definition = operators.get(operator.kind)
  const table = definition && lookupTable(definition, instanceOf(graph, operator))
  return table && clampOf(table)
}

const isActivated = (operator: Operator): operator is Operator<Activated> =>
  typeof operator.options === 'object' && operator.options !== null && 'activation' in operator.options

function fuse(graph: Graph, operator: Operator, uses: readonly number[], session: Session): Graph {
  const [input = -1] = operator.inputs
  const producer = uses[input] === 1 ? producerOf(graph, input) : undefined
  if (producer === undefined || !isActivated(producer)) return graph
  const range = clampRange(graph, operator, session)
  if (range === undefined) return graph
  const { clamp } = producer.options
  const options: Activated = { ...producer.options, clamp: clamp === undefined ? range : limitTo(clamp, range) }
  return replaceOperator(replaceOperator(graph, producer, { ...producer, options }), operator, toAlias(operator))
}

/** Gives an activation that only limits values to the operator before it. */
export const fuseActivations: Pass = {
  name: 'fuse-activations',
  keeps: 'Limiting a result and limiting it once more is limiting it to the image of the first range under the second.',
  run(graph, session) {
    const uses = useCounts(graph)
    return graph.operators.reduce((current, operator) => fuse(current, operator, uses, session), graph)
  },
}
