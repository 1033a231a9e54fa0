import { arity, outputShape, present } from './constraints.js'
import { int32Only, shapeOperator } from './shape-arithmetic.js'

/** The shape of a tensor, as a vector. */
export const shape = shapeOperator<null>({
  kind: 'SHAPE',
  maxVersion: 1,
  summary: 'The shape of a tensor, computed at compile time',
  compileTime: 'shapes',
  parse: () => null,
  constraints: [arity(1), int32Only('outputs'), outputShape(({ inputs }) => [present(inputs[0]).shape.length])],
  evaluate: ({ inputs }) => [Int32Array.from(present(inputs[0]).shape)],
})
