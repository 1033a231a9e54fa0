import { aliasOperator } from './alias.js'

/** Drops extents of 1. */
export const squeeze = aliasOperator({
  kind: 'SQUEEZE',
  maxVersion: 2,
  summary: 'Extents of 1 dropped, any type; no code and no memory',
  optionalInputs: 0,
})
