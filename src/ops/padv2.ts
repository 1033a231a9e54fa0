import { padOperator } from './padding.js'

/** Puts a value around a tensor. */
export const padv2 = padOperator({
  kind: 'PADV2',
  summary: 'A constant value around a tensor, in any dimension, int8 and float32',
})
