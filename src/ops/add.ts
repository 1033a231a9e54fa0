import { binaryChannels, binaryConstraints, binaryFlow, parseBinary, type BinaryOptions } from './binary.js'
import type { OperatorDefinition } from './definition.js'
import { evaluateSum, lowerSum, sumScalingInRange, type Precision } from './sum-scaling.js'
import { elementUnits } from './units.js'

/** TensorFlow Lite Micro computes the scaling of ADD in doubles, that of SUB in float32. */
const inDouble: Precision = (value) => value

const sum: OperatorDefinition<BinaryOptions>['evaluate'] = (instance, inputs) =>
  evaluateSum(instance, inputs, inDouble, 1)

/** Sum of two tensors, with broadcasting. */
export const add: OperatorDefinition<BinaryOptions> = {
  kind: 'ADD',
  maxVersion: 5,
  summary: 'Sum of two tensors, int8 and float32, with broadcasting',
  parse: parseBinary,
  constraints: [...binaryConstraints, sumScalingInRange(inDouble)],
  units: elementUnits,
  dataFlow: binaryFlow,
  channels: (instance) => binaryChannels(instance, sum),
  evaluate: sum,
  lower: (instance) => lowerSum(instance, 'add', inDouble),
}
