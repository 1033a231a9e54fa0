import { newElements, tensorAt, type Diagnostic, type Graph, type Location } from '../ir/index.js'
import type { Operator, SourceGraph } from '../ir/index.js'
import { instanceOf, type OperatorSet } from './definition.js'

function locate(graph: Graph, operator: Operator): Location {
  const name = graph.tensors[operator.outputs[0] ?? -1]?.name ?? ''
  return { subgraph: 0, operator: { index: operator.index, kind: operator.kind, name } }
}

const CONTROL_FLOW = new Set(['IF', 'WHILE', 'CALL', 'CALL_ONCE'])

function unsupported(graph: Graph, operator: Operator): Diagnostic {
  const help = CONTROL_FLOW.has(operator.kind)
    ? 'Control flow is not supported: unroll it, or export the branch that is needed.'
    : 'Replace it by supported operators (OPERATORS.md lists them), or compute this part in your own code.'
  return {
    severity: 'error',
    code: 'UNSUPPORTED_OPERATOR',
    rule: `The operator ${operator.kind} is not supported`,
    where: locate(graph, operator),
    help,
  }
}

/** Operators with their options parsed. An operator that `operators` lacks is reported. */
export function parseGraph(
  source: SourceGraph,
  operators: OperatorSet,
): { readonly graph: Graph; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = []
  const parsed = source.operators.flatMap((operator): Operator[] => {
    const definition = operators.get(operator.kind)
    if (definition === undefined) {
      diagnostics.push(unsupported(source, operator))
      return []
    }
    if (operator.version > definition.maxVersion) {
      diagnostics.push({
        severity: 'error',
        code: 'UNSUPPORTED_VERSION',
        rule: `${operator.kind} is understood up to version ${definition.maxVersion}`,
        where: locate(source, operator),
        found: `version ${operator.version}`,
        help: 'Convert the model with an older converter, or update eonc.',
      })
      return []
    }
    return [{ ...operator, options: definition.parse(operator.options) }]
  })
  return { graph: { ...source, operators: parsed }, diagnostics }
}

/** Inputs and outputs of the model of types that eonc does not compute with: operators look at their own alone. */
function checkBoundary(graph: Graph): readonly Diagnostic[] {
  const tensors = [...new Set([...graph.inputs, ...graph.outputs])].map((index) => tensorAt(graph, index))
  return tensors
    .filter(({ type }) => newElements(type, 0) === undefined)
    .map(({ index, name, type }) => ({
      severity: 'error',
      code: 'UNSUPPORTED_TYPE',
      rule: 'Inputs and outputs of a model have a type that eonc computes with',
      where: { subgraph: 0, tensor: { index, name } },
      found: type,
      help: 'Export the model with inputs and outputs of int8 or float32.',
    }))
}

/** Everything in the graph that breaks a rule of its operator, and inputs and outputs that cannot be passed. */
export function checkGraph(graph: Graph, operators: OperatorSet): readonly Diagnostic[] {
  return [...checkBoundary(graph), ...checkOperators(graph, operators)]
}

function checkOperators(graph: Graph, operators: OperatorSet): readonly Diagnostic[] {
  return graph.operators.flatMap((operator) => {
    const instance = instanceOf(graph, operator)
    const found: Diagnostic[] = []
    for (const constraint of operators.get(operator.kind)?.constraints ?? []) {
      if (constraint.holds(instance)) continue
      const seen = constraint.found?.(instance)
      found.push({
        severity: 'error',
        code: constraint.code,
        rule: constraint.rule,
        where: locate(graph, operator),
        ...(seen === undefined ? {} : { found: seen }),
        help: constraint.help,
      })
      if (constraint.prerequisite === true) break
    }
    return found
  })
}

/** Operators without a kernel that are still there after all folding: what they need is only known at run time. */
export function checkKernels(graph: Graph, operators: OperatorSet): readonly Diagnostic[] {
  return graph.operators
    .filter(({ kind }) => operators.get(kind)?.compileTime !== undefined)
    .map((operator) => ({
      severity: 'error',
      code: 'UNSUPPORTED_GRAPH',
      rule: `${operator.kind} is supported on shapes and constants, at compile time`,
      where: locate(graph, operator),
      found: 'an input that is only known at run time',
      help: 'Compute this part in your own code.',
    }))
}
