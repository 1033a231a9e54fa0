import { InternalError, type ElementType } from '../ir/index.js'
import { describeTensor, present } from './constraints.js'
import type { Constraint, OperatorDefinition } from './definition.js'

/** What converters leave of a batch size that was open: arithmetic on shapes, which are all known to eonc. */
type ShapeOperator<Options> = Omit<OperatorDefinition<Options>, 'dataFlow' | 'lower'>

/** An operator on shapes, which is computed when the model is compiled and has no kernel. */
export function shapeOperator<Options>(definition: ShapeOperator<Options>): OperatorDefinition<Options> {
  return {
    ...definition,
    dataFlow: ({ inputs }) => ({
      inputs: inputs.map(() => ({ kind: 'whole' })),
      inPlace: [],
      lanewise: false,
      accumulates: false,
    }),
    lower: () => {
      throw new InternalError(`${definition.kind} has no kernel`)
    },
  }
}

/** All tensors, or all outputs, hold int32: the type of shapes. */
export function int32Only(what: 'tensors' | 'outputs'): Constraint {
  const types = (tensors: readonly ({ readonly type: ElementType } | undefined)[]): boolean =>
    tensors.every((tensor) => tensor === undefined || tensor.type === 'int32')
  return {
    code: 'UNSUPPORTED_TYPE',
    rule: 'Shapes are int32',
    help: 'Export the model with a fixed batch size, so that it computes with no shapes.',
    prerequisite: true,
    holds: ({ inputs, outputs }) => types(outputs) && (what === 'outputs' || types(inputs)),
    found: ({ inputs, outputs }) =>
      `${inputs.map(describeTensor).join(', ')} -> ${describeTensor(present(outputs[0]))}`,
  }
}
