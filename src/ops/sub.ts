import { binaryChannels, binaryConstraints, binaryFlow, parseBinary, type BinaryOptions } from './binary.js'
import type { OperatorDefinition } from './definition.js'
import { evaluateSum, lowerSum, sumScalingInRange } from './sum-scaling.js'
import { elementUnits } from './units.js'

const difference: OperatorDefinition<BinaryOptions>['evaluate'] = (instance, inputs) =>
  evaluateSum(instance, inputs, Math.fround, -1)

/** Difference of two tensors, with broadcasting. */
export const sub: OperatorDefinition<BinaryOptions> = {
  kind: 'SUB',
  maxVersion: 5,
  summary: 'Difference of two tensors, int8 and float32, with broadcasting',
  parse: parseBinary,
  constraints: [...binaryConstraints, sumScalingInRange(Math.fround)],
  units: elementUnits,
  dataFlow: binaryFlow,
  channels: (instance) => binaryChannels(instance, difference),
  evaluate: difference,
  lower: (instance) => lowerSum(instance, 'sub', Math.fround),
}
