import { aliasOperator } from './alias.js'

/** Adds an extent of 1. */
export const expandDims = aliasOperator({
  kind: 'EXPAND_DIMS',
  maxVersion: 1,
  summary: 'An extent of 1 added, any type; no code and no memory',
  optionalInputs: 1,
})
