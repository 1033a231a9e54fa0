import { padOperator } from './padding.js'

/** Puts zeros around a tensor. */
export const pad = padOperator({
  kind: 'PAD',
  summary: 'Zeros around a tensor, in any dimension, int8 and float32',
})
