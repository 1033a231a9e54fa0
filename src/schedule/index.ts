import type { SelectedOperator } from '../select/index.js'

/** Operators that run together, row by row; the tensors between them need not exist whole. */
export interface Stage {
  readonly operators: readonly SelectedOperator[]
}

/** Layer by layer: each operator is a stage of its own, in the order of the graph. */
export function scheduleLayers(operators: readonly SelectedOperator[]): readonly Stage[] {
  return operators.map((operator) => ({ operators: [operator] }))
}
