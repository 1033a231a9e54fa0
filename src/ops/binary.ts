import type { Elements } from '../ir/index.js'
import { elementCount, newElements, type OptionsTable, type Tensor } from '../ir/index.js'
import { activationConstraints, outputRange, parseActivation, type Activated } from './activation.js'
import { broadcastFields, broadcastShape, broadcastStrides } from './broadcast.js'
import { type ChannelFlow, ownLabels } from './channel-flow.js'
import { channelCount, type ChannelRanges } from './channel-ranges.js'
import {
  arity,
  formatShape,
  inputType,
  maxRank,
  outputShape,
  perTensorQuantization,
  present,
  sameInputTypes,
  sameType,
} from './constraints.js'
import type { Access, Constraint, DataFlow, Instance, KernelField } from './definition.js'
import { elementOffsets } from './strides.js'

/** TensorFlow Lite Micro holds no shape of more dimensions. */
const MAX_RANK = 6

/** Options of ADD, SUB and MUL. */
export type BinaryOptions = Activated

/** The fused activation stands first in the options of all three. */
export function parseBinary(table: OptionsTable): BinaryOptions {
  return { activation: parseActivation(table.int8(0, 0)) }
}

function shapes({ inputs }: Instance): readonly [readonly number[], readonly number[]] {
  return [present(inputs[0]).shape, present(inputs[1]).shape]
}

/** Rules that ADD, SUB and MUL share. */
export const binaryConstraints: readonly Constraint<BinaryOptions>[] = [
  arity(2),
  inputType(0, 'first input', ['int8', 'float32']),
  sameInputTypes,
  sameType,
  maxRank(MAX_RANK),
  {
    code: 'BAD_MODEL',
    rule: 'The inputs have the same extents, or one of them 1, in each dimension from the last on',
    help: 'The file is damaged: export it again.',
    prerequisite: true,
    holds: (instance) => broadcastShape(...shapes(instance)) !== undefined,
    found: (instance) => shapes(instance).map(formatShape).join(' and '),
  },
  outputShape((instance) => broadcastShape(...shapes(instance)) ?? []),
  perTensorQuantization([0, 1]),
  ...activationConstraints,
]

/** Inputs as large as the output are read element by element, and stretched ones again and again. */
export function binaryFlow({ inputs, outputs }: Instance): DataFlow {
  const elements = elementCount(present(outputs[0]).shape)
  const access = inputs.map((input): Access => ({
    kind: elementCount(present(input).shape) === elements ? 'elementwise' : 'whole',
  }))
  return {
    inputs: access,
    inPlace: access.flatMap(({ kind }, index) => (kind === 'elementwise' ? [index] : [])),
    lanewise: false,
    accumulates: false,
  }
}

/** Each element of the output: `combine` of the elements that meet there, limited to the activation's range. */
export function evaluateBinary(
  instance: Instance<BinaryOptions>,
  inputs: readonly (Elements | undefined)[],
  combine: (a: number, b: number) => number,
): readonly Elements[] {
  const output = present(instance.outputs[0])
  const result = newElements(output.type, elementCount(output.shape)) as Elements
  const range = outputRange(instance, output)
  const [a, b] = inputs as readonly [Elements, Elements]
  const [offsets1, offsets2] = shapes(instance).map((shape) =>
    elementOffsets(output.shape, broadcastStrides(shape, output.shape)),
  )
  for (let i = 0; i < result.length; i += 1) {
    const value = combine(a[offsets1?.[i] ?? 0] ?? 0, b[offsets2?.[i] ?? 0] ?? 0)
    result[i] = Math.min(range.max, Math.max(range.min, value))
  }
  return [result]
}

/**
 * What an element-wise operator of two inputs does with channels. `compute` is monotone in each operand, or linear in
 * each before something monotone: so the least and the greatest result are among those of the ends of both ranges.
 */
export function binaryChannels(
  instance: Instance<BinaryOptions>,
  compute: (instance: Instance<BinaryOptions>, inputs: readonly Elements[]) => readonly Elements[],
): ChannelFlow {
  const output = present(instance.outputs[0])
  const channels = channelCount(output)
  const labels = ownLabels(output)
  const flat = (tensor: Tensor | undefined): Tensor => ({ ...present(tensor), shape: [channels] })
  const ofChannels: Instance<BinaryOptions> = {
    ...instance,
    inputs: instance.inputs.map(flat),
    outputs: instance.outputs.map(flat),
  }
  return {
    // one channel that is stretched over all is needed by all
    labels: {
      inputs: instance.inputs.map((input) => (channelCount(present(input)) === channels ? labels : undefined)),
      output: labels,
    },
    ranges: (inputs) => {
      const ends = (of: ChannelRanges | undefined, end: 'min' | 'max'): Int8Array =>
        Int8Array.from(labels, (channel) => (of?.[channel] ?? of?.[0] ?? { min: -128, max: 127 })[end])
      const results = (['min', 'max'] as const).flatMap((first) =>
        (['min', 'max'] as const).flatMap((second) =>
          compute(ofChannels, [ends(inputs[0], first), ends(inputs[1], second)]),
        ),
      )
      return labels.map((channel) => {
        const values = results.map((result) => result[channel] ?? 0)
        return { min: Math.min(...values), max: Math.max(...values) }
      })
    },
  }
}

/** Kernel parameters that ADD, SUB and MUL share: the broadcast and the output's range. */
export function binaryFields(instance: Instance<BinaryOptions>): Readonly<Record<string, KernelField>> {
  const output = present(instance.outputs[0])
  const range = outputRange(instance, output)
  return { ...broadcastFields(...shapes(instance), output.shape), clamp_min: range.min, clamp_max: range.max }
}
