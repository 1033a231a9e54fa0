import type { Tensor } from '../ir/index.js'
import { toElements } from '../ir/index.js'
import { quantizeMultiplier } from './arithmetic/quantized-multiplier.js'
import { requantize } from './arithmetic/fixed-point.js'
import { describeTensor, MAX_LEFT_SHIFT, present, scaleOf, zeroPointOf } from './constraints.js'
import type { Constraint, Instance } from './definition.js'

/** Scaling of accumulators to outputs: one entry, or one for each output channel. */
export interface ChannelScaling {
  readonly multiplier: Int32Array
  readonly shift: Int8Array
}

/** Options of operators with weights whose input zero point a pass may have folded into the bias. */
export interface Foldable {
  /** The bias already holds `-zero point * sum of weights`: the kernel multiplies raw inputs. */
  readonly zeroPointFolded?: boolean
}

/** Effective scales of CONV_2D and DEPTHWISE_CONV_2D: `input * weights / output`, in doubles, per output channel. */
export function convolutionScaling(instance: Instance): ChannelScaling {
  const input = scaleOf(present(instance.inputs[0]))
  const output = scaleOf(present(instance.outputs[0]))
  return scaling(present(instance.inputs[1]).quantization?.scales ?? [], (scale) => (input * scale) / output)
}

/** Multipliers of real scales, one for each; a single one when all are equal. */
export function scaling(scales: readonly number[], effective: (scale: number) => number): ChannelScaling {
  const all = scales.map((scale) => quantizeMultiplier(effective(scale)))
  const first = all[0]
  const same = all.every(({ multiplier, shift }) => multiplier === first?.multiplier && shift === first.shift)
  const kept = same ? all.slice(0, 1) : all
  return {
    multiplier: Int32Array.from(kept, ({ multiplier }) => multiplier),
    // beyond what int8 holds, `scalingInRange` refuses the model
    shift: Int8Array.from(kept, ({ shift }) => Math.min(shift, 127)),
  }
}

/** Scales an accumulator of one channel. */
export function scaleChannel({ multiplier, shift }: ChannelScaling, channel: number, accumulator: number): number {
  const index = multiplier.length === 1 ? 0 : channel
  return requantize(accumulator, multiplier[index] ?? 0, shift[index] ?? 0)
}

/** The bias as int32, zeros where it is left out. */
export function biasOf(bias: Tensor | undefined, channels: number): Int32Array {
  const values = bias?.data && toElements('int32', bias.data)
  return values instanceof Int32Array ? values : new Int32Array(channels)
}

/** Kernel parameters that scale accumulators: tables, and how far to step in them from one channel to the next. */
export function scalingFields(scaling: ChannelScaling): Readonly<Record<string, Int32Array | Int8Array | number>> {
  return { multiplier: scaling.multiplier, shift: scaling.shift, channel_step: scaling.multiplier.length === 1 ? 0 : 1 }
}

/** The scale from accumulator to output stays within what the kernels can shift. */
export function scalingInRange<Options>(of: (instance: Instance<Options>) => ChannelScaling): Constraint<Options> {
  return {
    code: 'UNSUPPORTED_QUANTIZATION',
    rule: 'Scales of input, weights and output give a factor below 2^30',
    help: 'Quantize the model again with representative data: its scales are out of proportion.',
    holds: (instance) =>
      present(instance.outputs[0]).type === 'float32' || of(instance).shift.every((shift) => shift <= MAX_LEFT_SHIFT),
    found: (instance) => `a factor of 2^${Math.max(...of(instance).shift)}`,
  }
}

/** Rules for int8 weights whose output channels lie along `dimension`, and for the bias beside them. */
export function weightConstraints(dimension: number): readonly Constraint[] {
  const channels = (instance: Instance) => present(instance.inputs[1]).shape[dimension] ?? 0
  return [
    {
      code: 'UNSUPPORTED_TYPE',
      rule: 'Weights have the type of the input: int8 with int8, float32 with float32',
      help: 'This is a hybrid model (float activations, int8 weights): quantize activations too, with a representative data set, or keep the weights float32.',
      prerequisite: true,
      holds: ({ inputs }) => inputs[0]?.type === inputs[1]?.type,
      found: ({ inputs }) => `input ${describeTensor(inputs[0])}, weights ${describeTensor(inputs[1])}`,
    },
    {
      code: 'UNSUPPORTED_TYPE',
      rule: 'The bias is int32 for int8 inputs and float32 for float32 inputs',
      help: 'Quantize the model again with the current converter.',
      prerequisite: true,
      holds: ({ inputs }) =>
        inputs[2] === undefined || inputs[2].type === (inputs[0]?.type === 'int8' ? 'int32' : 'float32'),
      found: ({ inputs }) => describeTensor(inputs[2]),
    },
    {
      code: 'BAD_MODEL',
      rule: 'The bias has one element for each output channel',
      help: 'The file is damaged: export it again.',
      prerequisite: true,
      holds: (instance) =>
        instance.inputs[2] === undefined || instance.inputs[2].shape.reduce((a, b) => a * b, 1) === channels(instance),
      found: ({ inputs }) => describeTensor(inputs[2]),
    },
    {
      code: 'UNSUPPORTED_QUANTIZATION',
      rule: 'int8 weights have one scale, or one for each output channel along their own dimension',
      help: 'Quantize the model again with the current converter.',
      prerequisite: true,
      holds: (instance) => {
        const weights = present(instance.inputs[1])
        const scales = weights.quantization?.scales.length ?? 0
        if (weights.type !== 'int8' || scales === 1) return true
        return scales === channels(instance) && weights.quantization?.dimension === dimension
      },
      found: ({ inputs }) =>
        `${inputs[1]?.quantization?.scales.length ?? 0} scales along dimension ${inputs[1]?.quantization?.dimension}`,
    },
    {
      code: 'UNSUPPORTED_QUANTIZATION',
      rule: 'int8 weights are symmetric: their zero points are 0',
      help: 'Quantize the model again with the current converter, to signed int8.',
      holds: ({ inputs }) =>
        inputs[1]?.type !== 'int8' || (inputs[1].quantization?.zeroPoints.every((zp) => zp === 0) ?? false),
      found: ({ inputs }) => `zero point ${inputs[1]?.quantization?.zeroPoints.find((zp) => zp !== 0)}`,
    },
  ]
}

/** The value that padding takes, and the one that is added to every input before it is multiplied. */
export function inputOffsets(instance: Instance<Foldable>): { readonly padding: number; readonly offset: number } {
  const zeroPoint = zeroPointOf(present(instance.inputs[0]))
  return { padding: zeroPoint, offset: instance.options.zeroPointFolded === true ? 0 : -zeroPoint }
}
