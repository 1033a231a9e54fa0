import type { Elements } from '../ir/index.js'
import { elementCount, newElements, type Tensor, toBytes, toElements } from '../ir/index.js'
import { type ChannelFlow, ownLabels } from './channel-flow.js'
import { hull } from './channel-ranges.js'
import {
  arity,
  constantInput,
  describeTensor,
  inputType,
  outputShape,
  perTensorQuantization,
  present,
  sameType,
  scaleOf,
  zeroPointOf,
} from './constraints.js'
import type { Constraint, Instance, OperatorDefinition } from './definition.js'
import { elementOffsets, rowMajorStrides } from './strides.js'

/** TensorFlow Lite Micro pads no more dimensions. */
const MAX_RANK = 5

/** One dimension, with the indices that are added before and after it. */
export interface PaddedDimension {
  readonly extent: number
  readonly before: number
  readonly after: number
}

/** The dimensions of the input of PAD or PADV2, with their padding. */
export function paddedDimensions({ inputs }: Instance): readonly PaddedDimension[] {
  const paddings = present(inputs[1])
  const counts = (paddings.data && toElements('int32', paddings.data)) ?? []
  return present(inputs[0]).shape.map((extent, i) => ({
    extent,
    before: counts[2 * i] ?? 0,
    after: counts[2 * i + 1] ?? 0,
  }))
}

/** The value that PAD or PADV2 writes around its input: a constant, or what stands for zero. */
export function paddingValue({ inputs, outputs }: Instance): number {
  const [, , value] = inputs
  if (value?.data !== undefined) return toElements(value.type, value.data)?.[0] ?? 0
  const output = present(outputs[0])
  return output.type === 'int8' ? zeroPointOf(output) : 0
}

const padded = ({ extent, before, after }: PaddedDimension): number => before + extent + after

/** Fewer dimensions for the same thing, innermost first: an outer dimension takes in an inner one without padding. */
function merge(dimensions: readonly PaddedDimension[]): readonly [PaddedDimension, ...PaddedDimension[]] {
  const [innermost, ...rest] = dimensions.toReversed() as [PaddedDimension, ...PaddedDimension[]]
  const merged: [PaddedDimension, ...PaddedDimension[]] = [innermost]
  for (const { extent, before, after } of rest) {
    const inner = merged.at(-1) ?? innermost
    if (padded(inner) === inner.extent) {
      const by = inner.extent
      merged[merged.length - 1] = { extent: extent * by, before: before * by, after: after * by }
    } else if (extent + before + after > 1) merged.push({ extent, before, after })
  }
  return merged
}

/** Kernel parameters of the padding, as all such kernels name them. */
function paddingFields(instance: Instance): Readonly<Record<string, number | Int32Array>> {
  const [row, ...rest] = merge(paddedDimensions(instance))
  const outer = rest.length > 0 ? rest : [{ extent: 1, before: 0, after: 0 }]
  const slices = outer.map((_, i) => outer.slice(0, i).reduce((size, inner) => size * padded(inner), padded(row)))
  const total = (of: 'before' | 'after'): number =>
    outer.reduce((sum, dimension, i) => sum + dimension[of] * (slices[i] ?? 0), 0)
  return {
    outer: Int32Array.from(
      outer.flatMap(({ extent, before, after }, i) => [extent, (before + after) * (slices[i] ?? 0)]),
    ),
    dimensions: outer.length,
    rows: outer.reduce((product, { extent }) => product * extent, 1),
    row: row.extent,
    left: row.before,
    right: row.after,
    before: total('before'),
    after: total('after'),
  }
}

const padConstraints: readonly Constraint[] = [
  arity(2, 1),
  inputType(0, 'input', ['int8', 'float32']),
  sameType,
  inputType(1, 'list of paddings', ['int32']),
  constantInput(1, 'list of paddings'),
  constantInput(2, 'padding value'),
  {
    code: 'UNSUPPORTED_SHAPE',
    rule: `The input has 1 to ${MAX_RANK} dimensions`,
    help: 'Reshape the tensor to this rank in the model.',
    prerequisite: true,
    holds: ({ inputs }) => {
      const rank = present(inputs[0]).shape.length
      return rank >= 1 && rank <= MAX_RANK
    },
    found: ({ inputs }) => describeTensor(inputs[0]),
  },
  {
    code: 'BAD_MODEL',
    rule: 'There are two paddings for each dimension of the input',
    help: 'The file is damaged: export it again.',
    prerequisite: true,
    holds: ({ inputs }) => elementCount(present(inputs[1]).shape) === 2 * present(inputs[0]).shape.length,
    found: ({ inputs }) => `${describeTensor(inputs[0])}, paddings ${describeTensor(inputs[1])}`,
  },
  {
    code: 'UNSUPPORTED_OPTION',
    rule: 'Paddings are not negative',
    help: 'Cut the tensor by a slice instead.',
    prerequisite: true,
    holds: (instance) => paddedDimensions(instance).every(({ before, after }) => before >= 0 && after >= 0),
    found: (instance) =>
      paddedDimensions(instance)
        .map(({ before, after }) => `${before} and ${after}`)
        .join(', '),
  },
  outputShape((instance) => paddedDimensions(instance).map(padded)),
  perTensorQuantization([0]),
  {
    code: 'UNSUPPORTED_TYPE',
    rule: 'The padding value is one element of the type of the input',
    help: 'The file is damaged: export it again.',
    prerequisite: true,
    holds: ({ inputs }) =>
      inputs[2] === undefined || (inputs[2].type === inputs[0]?.type && elementCount(inputs[2].shape) === 1),
    found: ({ inputs }) => describeTensor(inputs[2]),
  },
  {
    code: 'UNSUPPORTED_QUANTIZATION',
    rule: 'An int8 padding value has scale and zero point of the output',
    help: 'Quantize the model again with the current converter.',
    holds: ({ inputs, outputs }) => {
      const [, , value] = inputs
      const output = present(outputs[0])
      if (value === undefined || output.type !== 'int8') return true
      if (value.quantization?.scales.length !== 1) return false
      return scaleOf(value) === scaleOf(output) && zeroPointOf(value) === zeroPointOf(output)
    },
    found: ({ inputs, outputs }) => {
      const [value, output] = [inputs[2], outputs[0]].map(present)
      const format = (tensor: typeof value): string => `${scaleOf(present(tensor))} / ${zeroPointOf(present(tensor))}`
      return `value ${format(value)}, output ${format(output)}`
    },
  },
]

/** Padding of channels adds some that are constant; any other one adds a value to the range of each. */
function paddingChannels(instance: Instance): ChannelFlow {
  const [input, paddings, output] = [...instance.inputs.slice(0, 2), instance.outputs[0]].map(present) as [
    Tensor,
    Tensor,
    Tensor,
  ]
  const dimensions = paddedDimensions(instance)
  const { extent, before } = dimensions.at(-1) ?? { extent: 0, before: 0 }
  const value = paddingValue(instance)
  const added = { min: value, max: value }
  const around = dimensions.slice(0, -1).some((dimension) => dimension.before + dimension.after > 0)
  return {
    labels: { inputs: [ownLabels(input).map((channel) => before + channel)], output: ownLabels(output) },
    ranges: ([ranges = []]) =>
      ownLabels(output).map((channel) => {
        const range = ranges[channel - before]
        return around || range === undefined ? hull(range, added) : range
      }),
    narrow: ({ output: kept }) => {
      if (kept.every(Boolean)) return {}
      const counts = Int32Array.from(dimensions.flatMap((dimension) => [dimension.before, dimension.after]))
      counts[counts.length - 2] = kept.slice(0, before).filter(Boolean).length
      counts[counts.length - 1] = kept.slice(before + extent).filter(Boolean).length
      return { inputs: [undefined, { ...paddings, data: toBytes(counts) }] }
    },
  }
}

/** PAD or PADV2: TensorFlow Lite Micro takes a value with both, and without one pads with what stands for zero. */
export function padOperator(description: Pick<OperatorDefinition<null>, 'kind' | 'summary'>): OperatorDefinition<null> {
  return {
    ...description,
    maxVersion: 4,
    parse: () => null,
    constraints: padConstraints,
    dataFlow: ({ inputs }) => ({
      inputs: inputs.map(() => ({ kind: 'whole' })),
      inPlace: [],
      lanewise: false,
      accumulates: false,
    }),
    channels: paddingChannels,
    evaluate(instance, inputs) {
      const output = present(instance.outputs[0])
      const result = newElements(output.type, elementCount(output.shape)) as Elements
      result.fill(paddingValue(instance))
      const strides = rowMajorStrides(output.shape)
      const first = paddedDimensions(instance).reduce((sum, { before }, i) => sum + before * (strides[i] ?? 0), 0)
      const input = inputs[0] as Elements
      elementOffsets(present(instance.inputs[0]).shape, strides).forEach((offset, i) => {
        result[first + offset] = input[i] ?? 0
      })
      return [result]
    },
    lower: (instance) => ({
      family: 'pad',
      type: present(instance.outputs[0]).type === 'float32' ? 'f32' : 's8',
      fields: { ...paddingFields(instance), value: paddingValue(instance) },
      reads: [0],
    }),
  }
}
