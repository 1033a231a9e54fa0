import t from 'tap'
import type { Graph, Operator, SourceGraph } from '../../src/ir/index.js'
import {
  builtinOperators,
  checkGraph,
  checkKernels,
  type Constraint,
  type OperatorDefinition,
  parseGraph,
} from '../../src/ops/index.js'
import { optionsTable, tensor } from '../support/instances.js'

const x = tensor({ index: 0, name: 'x', scale: 1 })
const y = tensor({ index: 1, name: 'y', scale: 1 })

const operator = <Options>(kind: string, options: Options, changes: Partial<Operator> = {}): Operator<Options> => ({
  ...{ kind, index: 3, version: 1, inputs: [0], outputs: [1] },
  ...changes,
  options,
})

const graphOf = <Each extends Operator>(
  ...operators: readonly Each[]
): Graph & { readonly operators: readonly Each[] } => ({
  name: '',
  tensors: [x, y],
  operators,
  inputs: [0],
  outputs: [1],
})

/** A definition with these constraints and nothing else of interest. */
const definition = (
  kind: string,
  constraints: readonly Constraint[],
  rest: Partial<OperatorDefinition> = {},
): OperatorDefinition => ({
  ...{ kind, maxVersion: 2, summary: '', parse: (table) => table.int32(0, 7), constraints },
  dataFlow: () => ({ inputs: [], inPlace: [], lanewise: false, accumulates: false }),
  evaluate: () => [],
  lower: () => [],
  ...rest,
})

const setOf = (...definitions: readonly OperatorDefinition[]) => new Map(definitions.map((each) => [each.kind, each]))

const rule = (text: string, holds: boolean, rest: Partial<Constraint> = {}): Constraint => ({
  ...{ code: 'UNSUPPORTED_OPTION', rule: text, help: `Mend ${text}.` },
  ...rest,
  holds: () => holds,
})

t.test('parses the options of each operator', (t) => {
  const source: SourceGraph = graphOf(operator('A', optionsTable({ 0: 5 })), operator('A', optionsTable({})))
  const { graph, diagnostics } = parseGraph(source, setOf(definition('A', [])))
  t.same(diagnostics, [])
  t.same(
    graph.operators.map(({ options }) => options),
    [5, 7],
  )
  t.end()
})

t.test('reports every operator that is not known, and keeps the others', (t) => {
  const table = optionsTable({})
  const source = graphOf(operator('B', table), operator('A', table), operator('WHILE', table, { index: 5 }))
  const { graph, diagnostics } = parseGraph(source, setOf(definition('A', [])))
  t.same(
    graph.operators.map(({ kind }) => kind),
    ['A'],
  )
  t.match(diagnostics, [
    {
      severity: 'error',
      code: 'UNSUPPORTED_OPERATOR',
      rule: 'The operator B is not supported',
      where: { subgraph: 0, operator: { index: 3, kind: 'B', name: 'y' } },
      help: /^Replace it/,
    },
    { rule: 'The operator WHILE is not supported', where: { operator: { index: 5 } }, help: /^Control flow/ },
  ])
  t.equal(diagnostics.length, 2)
  t.end()
})

t.test('reports versions that are too new', (t) => {
  const versions = [2, 3].map((version) => operator('A', optionsTable({}), { version }))
  const { graph, diagnostics } = parseGraph(graphOf(...versions), setOf(definition('A', [])))
  t.equal(graph.operators.length, 1)
  t.match(diagnostics, [{ code: 'UNSUPPORTED_VERSION', rule: 'A is understood up to version 2', found: 'version 3' }])
  t.equal(diagnostics.length, 1)
  t.end()
})

t.test('reports every rule that is broken, with what was found and what to do', (t) => {
  const constraints = [rule('one', false, { found: () => 'this' }), rule('two', true), rule('three', false)]
  t.same(checkGraph(graphOf(operator('A', null)), setOf(definition('A', constraints))), [
    {
      severity: 'error',
      code: 'UNSUPPORTED_OPTION',
      rule: 'one',
      where: { subgraph: 0, operator: { index: 3, kind: 'A', name: 'y' } },
      found: 'this',
      help: 'Mend one.',
    },
    {
      severity: 'error',
      code: 'UNSUPPORTED_OPTION',
      rule: 'three',
      where: { subgraph: 0, operator: { index: 3, kind: 'A', name: 'y' } },
      help: 'Mend three.',
    },
  ])
  t.end()
})

t.test('looks at nothing behind a prerequisite that fails', (t) => {
  const thrower: Constraint = {
    ...rule('three', true),
    holds: () => {
      throw new Error('a rule was looked at that takes another one for granted')
    },
  }
  const first = definition('A', [rule('one', false), rule('two', false, { prerequisite: true }), thrower])
  const second = definition('B', [rule('four', false)])
  const found = checkGraph(graphOf(operator('A', null), operator('B', null)), setOf(first, second))
  t.same(
    found.map((diagnostic) => diagnostic.rule),
    ['one', 'two', 'four'],
    'the next operator is looked at',
  )
  t.end()
})

t.test('inputs and outputs are of types that eonc computes with', (t) => {
  const text = { ...tensor({ type: 'string', name: 'text' }), index: 0 }
  const graph: Graph = { name: '', tensors: [text, y], operators: [], inputs: [0], outputs: [0, 1] }
  t.match(checkGraph(graph, new Map()), [
    { code: 'UNSUPPORTED_TYPE', where: { subgraph: 0, tensor: { index: 0, name: 'text' } }, found: 'string' },
  ])
  t.equal(checkGraph(graph, new Map()).length, 1, 'once, though it is an output too')
  t.end()
})

t.test('operators without a kernel are refused when they are still there', (t) => {
  const operators = setOf(definition('A', []), definition('B', [], { compileTime: 'constants' }))
  t.match(checkKernels(graphOf(operator('A', null), operator('B', null)), operators), [
    {
      severity: 'error',
      code: 'UNSUPPORTED_GRAPH',
      rule: 'B is supported on shapes and constants, at compile time',
      where: { operator: { index: 3, kind: 'B', name: 'y' } },
    },
  ])
  t.same(checkKernels(graphOf(operator('A', null)), operators), [])
  t.end()
})

t.test('every operator says its rules as sentences, each once, with a way out', (t) => {
  for (const { kind, constraints, summary } of builtinOperators.values()) {
    t.match(summary, /^[A-Za-z0-9].*[^.]$/, kind)
    t.equal(new Set(constraints.map(({ rule: text }) => text)).size, constraints.length, `${kind} repeats no rule`)
    for (const { rule: text, help } of constraints) {
      t.match(text, /^[A-Za-z0-9].*[^.]$/s)
      t.match(help, /^[A-Z].*\.$/s)
    }
  }
  t.end()
})
