import { aliasOperator } from './alias.js'
import { arity, sameType } from './constraints.js'

/** Gives a tensor another shape. The shape is taken from the output: converters leave the option out, or write -1. */
export const reshape = aliasOperator<null>({
  kind: 'RESHAPE',
  maxVersion: 1,
  summary: 'Another shape for the same elements, any type; no code and no memory',
  parse: () => null,
  constraints: [arity(1, 1), sameType],
})
