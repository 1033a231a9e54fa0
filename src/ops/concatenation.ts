import type { Elements } from '../ir/index.js'
import { elementBytes, elementCount, newElements } from '../ir/index.js'
import { parseActivation, type Activation } from './activation.js'
import {
  describeTensor,
  inputType,
  maxRank,
  outputShape,
  perTensorQuantization,
  present,
  sameInputTypes,
  sameType,
  scaleOf,
  zeroPointOf,
} from './constraints.js'
import { ownLabels } from './channel-flow.js'
import { channelCount, rangesModulo } from './channel-ranges.js'
import type { Constraint, Instance, OperatorDefinition } from './definition.js'
import { elementOffsets, rowMajorStrides } from './strides.js'
import { elementUnits } from './units.js'

/** Options of CONCATENATION. */
export interface ConcatenationOptions {
  /** The dimension that the inputs are put one behind the other in; negative ones count from the last. */
  readonly axis: number
  /** Not called `activation`, as with operators that can limit their output. */
  readonly fusedActivation: Activation
}

/** Limits of TensorFlow Lite Micro. */
const MAX_INPUTS = 10
const MAX_RANK = 6

function axisOf({ inputs, options }: Instance<ConcatenationOptions>): number {
  return options.axis < 0 ? options.axis + present(inputs[0]).shape.length : options.axis
}

function extentsAlongAxis(instance: Instance<ConcatenationOptions>): readonly number[] {
  return instance.inputs.map((input) => present(input).shape[axisOf(instance)] ?? 0)
}

/** Where along the axis each input begins. */
function positions(instance: Instance<ConcatenationOptions>): readonly number[] {
  const extents = extentsAlongAxis(instance)
  return extents.map((_, i) => extents.slice(0, i).reduce((sum, extent) => sum + extent, 0))
}

function inferShape(instance: Instance<ConcatenationOptions>): readonly number[] {
  const total = extentsAlongAxis(instance).reduce((sum, extent) => sum + extent, 0)
  return present(instance.inputs[0]).shape.with(axisOf(instance), total)
}

const concatenationConstraints: readonly Constraint<ConcatenationOptions>[] = [
  {
    code: 'UNSUPPORTED_GRAPH',
    rule: `The operator has 1 to ${MAX_INPUTS} inputs and 1 output`,
    help: 'Concatenate in several steps.',
    prerequisite: true,
    holds: ({ inputs, outputs }) =>
      inputs.length >= 1 && inputs.length <= MAX_INPUTS && !inputs.includes(undefined) && outputs.length === 1,
    found: ({ inputs, outputs }) => `${inputs.filter(Boolean).length} inputs and ${outputs.length} outputs`,
  },
  inputType(0, 'first input', ['int8', 'float32']),
  sameInputTypes,
  sameType,
  maxRank(MAX_RANK),
  {
    code: 'BAD_MODEL',
    rule: 'The axis is a dimension of the inputs',
    help: 'The file is damaged: export it again.',
    prerequisite: true,
    holds: (instance) => {
      const axis = axisOf(instance)
      return axis >= 0 && axis < present(instance.inputs[0]).shape.length
    },
    found: ({ inputs, options }) => `axis ${options.axis} of ${describeTensor(inputs[0])}`,
  },
  {
    code: 'BAD_MODEL',
    rule: 'The inputs have the same shape but for the axis',
    help: 'The file is damaged: export it again.',
    prerequisite: true,
    holds: (instance) => {
      const axis = axisOf(instance)
      const [first, ...others] = instance.inputs.map((input) => present(input).shape.with(axis, 0).join('x'))
      return others.every((shape) => shape === first)
    },
    found: ({ inputs }) => inputs.map(describeTensor).join(', '),
  },
  outputShape(inferShape),
  {
    code: 'UNSUPPORTED_QUANTIZATION',
    rule: 'All int8 inputs have scale and zero point of the output',
    help: 'Quantize the model again with the current converter.',
    holds: (instance) => {
      const output = present(instance.outputs[0])
      if (output.type !== 'int8') return true
      if (!perTensorQuantization(instance.inputs.map((_, i) => i)).holds(instance)) return false
      return instance.inputs.every((input) => {
        const tensor = present(input)
        return scaleOf(tensor) === scaleOf(output) && zeroPointOf(tensor) === zeroPointOf(output)
      })
    },
    found: ({ inputs, outputs }) =>
      [...inputs, ...outputs]
        .map(present)
        .map((tensor) => `"${tensor.name}" ${scaleOf(tensor)} / ${zeroPointOf(tensor)}`)
        .join(', '),
  },
  {
    code: 'UNSUPPORTED_OPTION',
    rule: 'There is no fused activation',
    help: 'Put the activation into an operator of its own.',
    holds: ({ options }) => options.fusedActivation === 'NONE',
    found: ({ options }) => `fused_activation_function = ${options.fusedActivation}`,
  },
]

/** Tensors put one behind the other along an axis. */
export const concatenation: OperatorDefinition<ConcatenationOptions> = {
  kind: 'CONCATENATION',
  maxVersion: 4,
  summary: `Up to ${MAX_INPUTS} tensors one behind the other along any axis, int8 and float32`,
  parse: (table) => ({ axis: table.int32(0, 0), fusedActivation: parseActivation(table.int8(1, 0)) }),
  constraints: concatenationConstraints,
  units: (instance, granularity) => elementUnits(instance, granularity, axisOf(instance)),
  dataFlow: ({ inputs }) => ({
    inputs: inputs.map(() => ({ kind: 'whole' })),
    inPlace: [],
    lanewise: false,
    accumulates: false,
  }),
  channels(instance) {
    const output = present(instance.outputs[0])
    const beside = axisOf(instance) === output.shape.length - 1
    const starts = beside ? positions(instance) : []
    return {
      labels: {
        inputs: instance.inputs.map((input, i) =>
          ownLabels(present(input)).map((channel) => (starts[i] ?? 0) + channel),
        ),
        output: ownLabels(output),
      },
      dropsInputs: beside,
      ranges: (inputs) => {
        const known = inputs.map((ranges) => ranges ?? [])
        return beside ? known.flat() : rangesModulo(known.flat(), channelCount(output))
      },
    }
  },
  evaluate(instance, inputs) {
    const output = present(instance.outputs[0])
    const result = newElements(output.type, elementCount(output.shape)) as Elements
    const strides = rowMajorStrides(output.shape)
    positions(instance).forEach((position, i) => {
      const first = position * (strides[axisOf(instance)] ?? 0)
      elementOffsets(present(instance.inputs[i]).shape, strides).forEach((offset, element) => {
        result[first + offset] = inputs[i]?.[element] ?? 0
      })
    })
    return [result]
  },
  lower(instance) {
    const output = present(instance.outputs[0])
    const axis = axisOf(instance)
    const bytes = (elementBytes(output.type) ?? 0) * elementCount(output.shape.slice(axis + 1))
    const extents = extentsAlongAxis(instance)
    return positions(instance).map((position, i) => ({
      family: 'concatenation',
      type: 'b8',
      fields: {
        blocks: elementCount(output.shape.slice(0, axis)),
        block_bytes: (extents[i] ?? 0) * bytes,
        stride: (output.shape[axis] ?? 0) * bytes,
        offset: position * bytes,
      },
      reads: [i],
    }))
  },
}
