import { elementCount, InternalError, type Elements, type OptionsTable } from '../ir/index.js'
import { reshapedChannels } from './channel-flow.js'
import { describeTensor, present } from './constraints.js'
import type { Constraint, OperatorDefinition } from './definition.js'

/** What sets one operator that only changes a shape apart from another. */
export interface AliasDescription<Options> {
  readonly kind: string
  readonly maxVersion: number
  readonly summary: string
  parse(table: OptionsTable): Options
  /** Its rules; that there are as many elements before and after is added behind them. */
  readonly constraints: readonly Constraint<Options>[]
}

const sameCount: Constraint = {
  code: 'BAD_MODEL',
  rule: 'Input and output have as many elements',
  help: 'The shape depends on data, or the file is damaged: export the model with a fixed input shape.',
  prerequisite: true,
  holds: ({ inputs, outputs }) => elementCount(present(inputs[0]).shape) === elementCount(present(outputs[0]).shape),
  found: ({ inputs, outputs }) => `${describeTensor(inputs[0])} and ${describeTensor(outputs[0])}`,
}

/** An operator whose output is its input in another shape. */
export function aliasOperator<Options>(description: AliasDescription<Options>): OperatorDefinition<Options> {
  return {
    ...description,
    constraints: [...description.constraints, sameCount],
    aliases: true,
    dataFlow: ({ inputs }) => ({
      inputs: inputs.map((_, index) => (index === 0 ? { kind: 'elementwise' } : { kind: 'whole' })),
      inPlace: [0],
      lanewise: false,
      accumulates: false,
    }),
    channels: ({ inputs, outputs }) => reshapedChannels(present(inputs[0]), present(outputs[0])),
    evaluate: (_, inputs) => [inputs[0] as Elements],
    lower: () => {
      throw new InternalError(`${description.kind} has no code: its output is its input`)
    },
  }
}
