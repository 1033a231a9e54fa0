import { type ChannelFlow, lanewiseChannels } from './channel-flow.js'
import { activationConstraints, limitTo, outputRange, parseActivation, type Activated } from './activation.js'
import {
  arity,
  inputRank,
  inputType,
  outputShape,
  perTensorQuantization,
  present,
  sameType,
  scaleOf,
  zeroPointOf,
} from './constraints.js'
import type { OptionsTable } from '../ir/index.js'
import type { Constraint, Instance, KernelRequest } from './definition.js'
import {
  parsePadding,
  windowAxes,
  windowConstraints,
  windowFields,
  windowOutput,
  windowReach,
  type Windowed,
  type WindowSize,
} from './window.js'

/** Options of AVERAGE_POOL_2D and MAX_POOL_2D. */
export interface PoolOptions extends Windowed, Activated {
  readonly filterHeight: number
  readonly filterWidth: number
}

/** The pooling window. */
export function poolSize(instance: Instance<PoolOptions>): WindowSize {
  return { height: instance.options.filterHeight, width: instance.options.filterWidth }
}

export function parsePool(table: OptionsTable): PoolOptions {
  return {
    padding: parsePadding(table.int8(0, 0)),
    strideWidth: table.int32(1, 0),
    strideHeight: table.int32(2, 0),
    filterWidth: table.int32(3, 0),
    filterHeight: table.int32(4, 0),
    activation: parseActivation(table.int8(5, 0)),
    dilationHeight: 1,
    dilationWidth: 1,
  }
}

function inferShape(instance: Instance<PoolOptions>): readonly number[] {
  const input = present(instance.inputs[0])
  const [batches = 0, , , channels = 0] = input.shape
  return [batches, ...windowOutput(instance.options, input, poolSize(instance)), channels]
}

export const poolConstraints: readonly Constraint<PoolOptions>[] = [
  arity(1),
  inputType(0, 'input', ['int8', 'float32']),
  sameType,
  inputRank(0, 'input', 4),
  ...windowConstraints,
  {
    code: 'UNSUPPORTED_OPTION',
    rule: 'The window has at least one row and one column',
    help: 'The file is damaged: export it again.',
    prerequisite: true,
    holds: ({ options }) => options.filterHeight >= 1 && options.filterWidth >= 1,
    found: ({ options }) => `window ${options.filterHeight}x${options.filterWidth}`,
  },
  outputShape(inferShape),
  perTensorQuantization([0]),
  {
    code: 'UNSUPPORTED_QUANTIZATION',
    rule: 'Input and output have the same scale and zero point',
    help: 'Quantize the model again with the current converter.',
    holds: ({ inputs, outputs }) => {
      const [input, output] = [present(inputs[0]), present(outputs[0])]
      if (input.type !== 'int8') return true
      const difference = Math.abs(Math.fround(scaleOf(input) - scaleOf(output)))
      return difference <= 1e-6 && zeroPointOf(input) === zeroPointOf(output)
    },
    found: ({ inputs, outputs }) =>
      `input ${scaleOf(present(inputs[0]))} / ${zeroPointOf(present(inputs[0]))}, output ${scaleOf(present(outputs[0]))} / ${zeroPointOf(present(outputs[0]))}`,
  },
  ...activationConstraints,
]

/**
 * What pooling does with channels: means and maxima lie between the least and the greatest element, and are that element
 * if it is the only one. A window that a folded PAD has pushed out of the input gives the least output.
 */
export function poolChannels(instance: Instance<PoolOptions>): ChannelFlow {
  const limits = outputRange(instance, present(instance.outputs[0]))
  const { empty } = windowReach(instance, poolSize(instance))
  return lanewiseChannels(present(instance.inputs[0]), (inputs) =>
    inputs.map((range) => {
      const limited = limitTo(range, limits)
      return empty ? { ...limited, min: limits.min } : limited
    }),
  )
}

/** The kernel call of a pooling operator of the given family. */
export function lowerPool(instance: Instance<PoolOptions>, family: string): KernelRequest {
  const output = present(instance.outputs[0])
  const size = poolSize(instance)
  const range = outputRange(instance, output)
  return {
    family,
    type: output.type === 'float32' ? 'f32' : 's8',
    fields: { ...windowFields(instance, size), clamp_min: range.min, clamp_max: range.max },
    reads: [0],
  }
}

/** True for one window that covers one whole image, without padding. */
export function isGlobal(instance: Instance<PoolOptions>): boolean {
  const [batches, height, width] = present(instance.inputs[0]).shape
  const { filterHeight, filterWidth } = instance.options
  const [, outputHeight, outputWidth] = present(instance.outputs[0]).shape
  const single = batches === 1 && outputHeight === 1 && outputWidth === 1
  const { rows, columns } = windowAxes(instance, poolSize(instance))
  return single && filterHeight === height && filterWidth === width && rows.before === 0 && columns.before === 0
}
