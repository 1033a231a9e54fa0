import { elementCount, type OptionsTable } from '../ir/index.js'
import { arity, inputType, outputShape, perTensorQuantization, present, sameType } from './constraints.js'
import { tableChannels } from './channel-flow.js'
import type { Constraint, Instance, KernelField, OperatorDefinition } from './definition.js'
import { applyTable, elementwiseFlow, float32Elements, int8Elements, lowerTable, tabulate } from './lookup.js'
import { elementUnits } from './units.js'

/** What sets one function of single values apart from another. */
export interface UnaryDescription<Options> {
  readonly kind: string
  readonly maxVersion: number
  readonly summary: string
  parse(table: OptionsTable): Options
  /** Rules for quantization and options, looked at after those that all functions of one value share. */
  readonly constraints: readonly Constraint<Options>[]
  /** The function on int8: an integer for each value, saturated to int8 afterwards. */
  quantized(instance: Instance<Options>): (value: number) => number
  /** The function on float32; results are rounded to float32 afterwards. */
  real(instance: Instance<Options>): (value: number) => number
  /** Family of the float32 kernel, and its parameters besides `count`. */
  readonly family: string
  fields(instance: Instance<Options>): Readonly<Record<string, KernelField>>
}

/** An operator that computes each output element from the input element at its place; on int8 by a table. */
export function unaryOperator<Options>(description: UnaryDescription<Options>): OperatorDefinition<Options> {
  const { kind, maxVersion, summary, family } = description
  return {
    kind,
    maxVersion,
    summary,
    parse: (table) => description.parse(table),
    constraints: [
      arity(1),
      inputType(0, 'input', ['int8', 'float32']),
      sameType,
      outputShape(({ inputs }) => present(inputs[0]).shape),
      perTensorQuantization([0]),
      ...description.constraints,
    ],
    units: elementUnits,
    dataFlow: () => elementwiseFlow,
    channels: (instance) => tableChannels(present(instance.inputs[0]), () => tabulate(description.quantized(instance))),
    evaluate: (instance, [input]) => [
      present(instance.inputs[0]).type === 'int8'
        ? applyTable(tabulate(description.quantized(instance)), int8Elements(input))
        : float32Elements(input).map(description.real(instance)),
    ],
    lower(instance) {
      const input = present(instance.inputs[0])
      const count = elementCount(input.shape)
      if (input.type === 'int8') return lowerTable(tabulate(description.quantized(instance)), count)
      return { family, type: 'f32', fields: { count, ...description.fields(instance) }, reads: [0] }
    },
  }
}
