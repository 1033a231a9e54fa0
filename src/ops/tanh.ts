import { tanh as tanhCurve } from './arithmetic/fixed-point.js'
import { inputScaleInRange, saturatingFunction } from './saturating-function.js'
import { unaryOperator } from './unary.js'

/** Hyperbolic tangent. Int8 results are in steps of 1/128 around 0, whatever the output's quantization. */
export const tanh = unaryOperator<null>({
  kind: 'TANH',
  maxVersion: 3,
  summary: 'Hyperbolic tangent, int8 and float32',
  parse: () => null,
  constraints: [inputScaleInRange],
  quantized: (instance) => saturatingFunction(instance, tanhCurve, 7, 0),
  real: () => Math.tanh,
  family: 'tanh',
  fields: () => ({}),
})
