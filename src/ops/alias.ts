import { elementCount, InternalError, type Elements } from '../ir/index.js'
import { arity, describeTensor, present, sameType } from './constraints.js'
import type { OperatorDefinition } from './definition.js'

/** What sets one operator that only changes a shape apart from another. */
interface AliasDescription {
  readonly kind: string
  readonly maxVersion: number
  readonly summary: string
  /** Inputs after the data that give the shape or the axis; the output's own shape says the same. */
  readonly optionalInputs: number
}

/** An operator whose output is its input in another shape. */
export function aliasOperator(description: AliasDescription): OperatorDefinition<null> {
  return {
    kind: description.kind,
    maxVersion: description.maxVersion,
    summary: description.summary,
    aliases: true,
    parse: () => null,
    constraints: [
      arity(1, description.optionalInputs),
      sameType,
      {
        code: 'BAD_MODEL',
        rule: 'Input and output have as many elements',
        help: 'The shape depends on data, or the file is damaged: export the model with a fixed input shape.',
        prerequisite: true,
        holds: ({ inputs, outputs }) =>
          elementCount(present(inputs[0]).shape) === elementCount(present(outputs[0]).shape),
        found: ({ inputs, outputs }) => `${describeTensor(inputs[0])} and ${describeTensor(outputs[0])}`,
      },
    ],
    dataFlow: ({ inputs }) => ({
      inputs: inputs.map((_, index) => (index === 0 ? { kind: 'elementwise' } : { kind: 'whole' })),
      inPlace: [0],
      lanewise: false,
      accumulates: false,
    }),
    evaluate: (_, inputs) => [inputs[0] as Elements],
    lower: () => {
      throw new InternalError(`${description.kind} has no code: its output is its input`)
    },
  }
}
