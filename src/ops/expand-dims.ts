import { elementCount, toElements } from '../ir/index.js'
import { aliasOperator } from './alias.js'
import { arity, constantInput, describeTensor, inputType, outputShape, present, sameType } from './constraints.js'
import type { Instance } from './definition.js'

/** Where the new dimension stands; undefined when that is outside the output. */
function axisOf({ inputs }: Instance): number | undefined {
  const axis = present(inputs[1])
  const rank = present(inputs[0]).shape.length + 1
  const [value = 0] = (axis.data && toElements(axis.type, axis.data)) ?? []
  return value >= -rank && value < rank ? (value + rank) % rank : undefined
}

/** Adds an extent of 1. */
export const expandDims = aliasOperator<null>({
  kind: 'EXPAND_DIMS',
  maxVersion: 1,
  summary: 'An extent of 1 added, int8 and float32; no code and no memory',
  parse: () => null,
  constraints: [
    arity(2),
    // as TensorFlow Lite Micro
    inputType(0, 'input', ['int8', 'float32', 'int16']),
    sameType,
    inputType(1, 'axis', ['int32']),
    constantInput(1, 'axis'),
    {
      code: 'BAD_MODEL',
      rule: 'The axis is one number, and a dimension of the output',
      help: 'The file is damaged: export it again.',
      prerequisite: true,
      holds: (instance) => elementCount(present(instance.inputs[1]).shape) === 1 && axisOf(instance) !== undefined,
      found: ({ inputs }) => `${describeTensor(inputs[0])}, axis ${describeTensor(inputs[1])}`,
    },
    outputShape((instance) => present(instance.inputs[0]).shape.toSpliced(axisOf(instance) ?? 0, 0, 1)),
  ],
})
