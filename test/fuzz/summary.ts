/** What a fuzz run covered: verdicts, operators, rules. */
import type { Verdict } from './harness.js'
import type { RandomGraph } from './random-graph.js'

/** In how many graphs an operator occurred, by what became of them. */
export interface OperatorCoverage {
  readonly kind: string
  readonly graphs: number
  readonly equal: number
  readonly equalFloat32: number
  readonly refusedByBoth: number
  readonly refusedByEonc: number
}

export interface Summary {
  readonly verdicts: ReadonlyMap<Verdict['kind'], number>
  readonly operators: readonly OperatorCoverage[]
  /** Rules by which eonc refused what the oracle computes, with the number of graphs. */
  readonly restrictions: ReadonlyMap<string, number>
}

function count<Key>(keys: Iterable<Key>): Map<Key, number> {
  const counts = new Map<Key, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}

/** Sums up a run; `verdicts` are those of `graphs`, in order. */
export function summarize(graphs: readonly RandomGraph[], verdicts: readonly Verdict[]): Summary {
  const kindsOf = ({ model }: RandomGraph): ReadonlySet<string> =>
    new Set(model.operators.map(({ kind }) => String(kind)))
  const float32 = ({ model }: RandomGraph, kind: string): boolean =>
    model.operators.some(
      (operator) => operator.kind === kind && model.tensors[operator.inputs[0] ?? -1]?.type === 'float32',
    )
  const all = new Set(graphs.flatMap((graph) => [...kindsOf(graph)]))
  const operators = [...all].sort().map((kind): OperatorCoverage => {
    const indices = graphs.flatMap((graph, index) => (kindsOf(graph).has(kind) ? [index] : []))
    const having = (wanted: Verdict['kind']): readonly number[] => indices.filter((i) => verdicts[i]?.kind === wanted)
    const equal = having('equal')
    return {
      kind,
      graphs: indices.length,
      equal: equal.length,
      equalFloat32: equal.filter((index) => float32(graphs[index] as RandomGraph, kind)).length,
      refusedByBoth: having('refused by both').length,
      refusedByEonc: having('refused by eonc').length,
    }
  })
  const restrictions = count(verdicts.flatMap((verdict) => (verdict.kind === 'refused by eonc' ? verdict.rules : [])))
  return { verdicts: count(verdicts.map(({ kind }) => kind)), operators, restrictions }
}

/** The summary as lines for a person to read. */
export function summaryLines({ verdicts, operators, restrictions }: Summary): readonly string[] {
  const row = (cells: readonly (string | number)[]): string =>
    cells.map((cell, column) => (column === 0 ? String(cell).padEnd(20) : String(cell).padStart(8))).join('')
  return [
    [...verdicts].map(([kind, number]) => `${number} ${kind}`).join(', '),
    row(['operator', 'graphs', 'equal', 'float32', 'both', 'eonc']),
    ...operators.map(({ kind, graphs, equal, equalFloat32, refusedByBoth, refusedByEonc }) =>
      row([kind, graphs, equal, equalFloat32, refusedByBoth, refusedByEonc]),
    ),
    ...(restrictions.size > 0 ? ['refused by eonc though the oracle computes it, by rule:'] : []),
    ...[...restrictions].sort(([, a], [, b]) => b - a).map(([rule, number]) => `${String(number).padStart(6)} ${rule}`),
  ]
}
