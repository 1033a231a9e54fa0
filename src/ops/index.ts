import { add } from './add.js'
import { averagePool2d } from './average-pool-2d.js'
import { concatenation } from './concatenation.js'
import { conv2d } from './conv-2d.js'
import type { OperatorDefinition, OperatorSet } from './definition.js'
import { depthwiseConv2d } from './depthwise-conv-2d.js'
import { dequantize } from './dequantize.js'
import { expandDims } from './expand-dims.js'
import { fullyConnected } from './fully-connected.js'
import { hardSwish } from './hard-swish.js'
import { input } from './input.js'
import { leakyRelu } from './leaky-relu.js'
import { logistic } from './logistic.js'
import { lookup } from './lookup.js'
import { maxPool2d } from './max-pool-2d.js'
import { mean } from './mean.js'
import { mul } from './mul.js'
import { pack } from './pack.js'
import { pad } from './pad.js'
import { padv2 } from './padv2.js'
import { quantize } from './quantize.js'
import { relu } from './relu.js'
import { relu6 } from './relu6.js'
import { reshape } from './reshape.js'
import { shape } from './shape.js'
import { softmax } from './softmax.js'
import { squeeze } from './squeeze.js'
import { stridedSlice } from './strided-slice.js'
import { sub } from './sub.js'
import { tanh } from './tanh.js'

export * from './definition.js'
export { checkGraph, checkKernels, parseGraph } from './check.js'
export { evaluateGraph } from './evaluate.js'
export { isSliced, pieceCount, pieceInstance } from './units.js'
export { INPUT, type InputOptions } from './input.js'
export { LOOKUP, lookupTable, type LookupOptions } from './lookup.js'

const DEFINITIONS: readonly OperatorDefinition[] = [
  add,
  averagePool2d,
  concatenation,
  conv2d,
  depthwiseConv2d,
  dequantize,
  expandDims,
  fullyConnected,
  hardSwish,
  input,
  leakyRelu,
  logistic,
  lookup,
  maxPool2d,
  mean,
  mul,
  pack,
  pad,
  padv2,
  quantize,
  relu,
  relu6,
  reshape,
  shape,
  softmax,
  squeeze,
  stridedSlice,
  sub,
  tanh,
]

/** The operators of eonc. */
export const builtinOperators: OperatorSet = new Map(DEFINITIONS.map((definition) => [definition.kind, definition]))
