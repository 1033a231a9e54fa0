import { type Tensor, toBytes } from '../ir/index.js'
import { outputRange, type Activated, type Range } from './activation.js'
import type { ChannelFlow, ChannelLabels, KeptChannels, KnownRanges, Narrowed } from './channel-flow.js'
import { channelCount, type ChannelRanges, isConstant, rangesModulo, requantizedRange } from './channel-ranges.js'
import { hull, within32Bits } from './channel-ranges.js'
import { type ChannelScaling, type Foldable, inputOffsets } from './channel-scaling.js'
import { present, zeroPointOf } from './constraints.js'
import type { Instance } from './definition.js'
import { weightElements } from './weights.js'

/** How the weights of an operator connect the channels of its input to those of its output. */
export interface WeightLayout {
  /** Dimension of the weights that the output channels lie along. */
  readonly dimension: number
  /** Output channel of the weight at an index. */
  outputOf(index: number): number
  /** Input channel that it multiplies, of `inputChannels`. */
  inputOf(index: number): number
  /** Input channels that weights tell apart; with fewer than the input has, those that agree modulo this count as one. */
  readonly inputChannels: number
  /** Some window reaches out of the input, where it reads the zero point. */
  readonly padded: boolean
  readonly scaling: ChannelScaling
  /** Present where weights connect some channels alone, as in groups; all with all otherwise. */
  readonly labels?: ChannelLabels
  /** Options of the operator with so many output channels; left out where they do not change. */
  options?(outputs: number): object
}

type Weighted = Instance<Foldable & Activated>

/**
 * Accumulators that each output channel can reach before they are scaled: bias and products, with every input at the
 * end of its range where the product is least and greatest. Undefined for a channel whose accumulator may wrap.
 */
export function accumulatorRanges(
  instance: Weighted,
  layout: WeightLayout,
  inputs: ChannelRanges,
): readonly (Range | undefined)[] {
  const channels = channelCount(present(instance.outputs[0]))
  const { padding, offset } = inputOffsets(instance)
  const { weights, bias } = weightElements(instance, [], channels)
  const sources = rangesModulo(inputs, layout.inputChannels).map((range) => {
    const { min, max } = layout.padded ? hull(range, { min: padding, max: padding }) : range
    return { min: min + offset, max: max + offset }
  })
  const [least, greatest] = [Float64Array.from(bias), Float64Array.from(bias)]
  weights.forEach((weight, index) => {
    const channel = layout.outputOf(index)
    const { min = 0, max = 0 } = sources[layout.inputOf(index)] ?? {}
    const [a, b] = [min * weight, max * weight]
    least[channel] = (least[channel] ?? 0) + Math.min(a, b)
    greatest[channel] = (greatest[channel] ?? 0) + Math.max(a, b)
  })
  return Array.from(least, (min, channel) => within32Bits({ min, max: greatest[channel] ?? 0 }))
}

function outputRanges(instance: Weighted, layout: WeightLayout, inputs: ChannelRanges): ChannelRanges {
  const output = present(instance.outputs[0])
  const { multiplier, shift } = layout.scaling
  const limits = outputRange(instance, output)
  return accumulatorRanges(instance, layout, inputs).map((accumulator, channel) => {
    const entry = multiplier.length === 1 ? 0 : channel
    const stage = {
      multiplier: multiplier[entry] ?? 0,
      shift: shift[entry] ?? 0,
      zeroPoint: zeroPointOf(output),
      limits,
    }
    return requantizedRange(accumulator, stage)
  })
}

/** Weights and biases of an operator as it loses channels. */
class Narrowing {
  private readonly sources: ChannelRanges
  private readonly offset: number

  constructor(
    private readonly instance: Weighted,
    private readonly layout: WeightLayout,
    private readonly ranges: KnownRanges,
  ) {
    this.sources = rangesModulo(ranges.inputs[0] ?? [], layout.inputChannels)
    this.offset = inputOffsets(instance).offset
  }

  /**
   * True when products with an input channel are the same number everywhere, so that the bias can take them: its only
   * value is also what lies in the padding, or there is none.
   */
  private absorbs(channel: number): boolean {
    const source = this.sources[channel]
    if (source === undefined || !isConstant(source)) return false
    return !this.layout.padded || source.min === inputOffsets(this.instance).padding
  }

  /** An output channel that needs no input, as its only value is known: its weights may be zero. */
  private idle(channel: number): boolean {
    const range = this.ranges.output[channel]
    return this.layout.labels?.output === undefined && range !== undefined && isConstant(range)
  }

  needs(kept: readonly boolean[]): readonly boolean[] {
    const { outputOf, inputOf, inputChannels } = this.layout
    const needed = new Array<boolean>(inputChannels).fill(false)
    const { weights } = weightElements(this.instance, [], kept.length)
    weights.forEach((weight, index) => {
      const [output, input] = [outputOf(index), inputOf(index)]
      if (weight !== 0 && kept[output] === true && !this.idle(output) && !this.absorbs(input)) needed[input] = true
    })
    return this.ranges.inputs[0]?.map((_, channel) => needed[channel % inputChannels] === true) ?? []
  }

  narrow({ inputs: [kept = []], output }: KeptChannels): Narrowed {
    const { outputOf, inputOf } = this.layout
    const { weights, bias } = weightElements(this.instance, [], output.length)
    const accumulators = accumulatorRanges(this.instance, this.layout, this.ranges.inputs[0] ?? [])
    const biases = Int32Array.from(bias)
    const left: number[] = []
    const silenced = new Set<number>()
    weights.forEach((weight, index) => {
      const [to, from] = [outputOf(index), inputOf(index)]
      if (output[to] !== true) return
      const idle = this.idle(to)
      if (idle && weight !== 0) silenced.add(to)
      if (kept[from] === true) left.push(idle ? 0 : weight)
      else if (!idle) {
        const value = (this.sources[from]?.min ?? 0) + this.offset
        biases[to] = (biases[to] ?? 0) + Math.imul(value, weight)
      }
    })
    // any accumulator that is reached gives the only output
    for (const channel of silenced) biases[channel] = accumulators[channel]?.min ?? 0
    if (left.length === weights.length && silenced.size === 0) return {}
    const inputs = [undefined, this.weights(Int8Array.from(left), output), this.bias(biases, output)]
    const options = this.layout.options?.(output.filter(Boolean).length)
    return { inputs, ...(options && { options }) }
  }

  private weights(values: Int8Array, output: readonly boolean[]): Omit<Tensor, 'index'> {
    const { dimension } = this.layout
    const tensor = present(this.instance.inputs[1])
    const shape = tensor.shape.with(dimension, output.filter(Boolean).length)
    const others = shape.slice(0, -1).reduce((product, extent) => product * extent, 1)
    return {
      ...tensor,
      shape: shape.with(-1, values.length / others),
      data: toBytes(values),
      ...slicedQuantization(tensor, output),
    }
  }

  private bias(values: Int32Array, output: readonly boolean[]): Omit<Tensor, 'index'> {
    const kept = values.filter((_, channel) => output[channel])
    const { name } = present(this.instance.outputs[0])
    const named = { name: `${name}/bias`, type: 'int32', isVariable: false } as const
    const tensor: Omit<Tensor, 'index' | 'shape'> = this.instance.inputs[2] ?? named
    return { ...tensor, shape: [kept.length], data: toBytes(kept), ...slicedQuantization(tensor, output) }
  }
}

/** Scales and zero points of the channels that are kept, where each has its own. */
function slicedQuantization(
  { quantization }: Pick<Tensor, 'quantization'>,
  kept: readonly boolean[],
): Pick<Tensor, 'quantization'> {
  if (quantization === undefined || quantization.scales.length === 1) return {}
  const ofKept = (values: readonly number[]): readonly number[] => values.filter((_, channel) => kept[channel])
  const { scales, zeroPoints } = quantization
  return { quantization: { ...quantization, scales: ofKept(scales), zeroPoints: ofKept(zeroPoints) } }
}

/** What an operator with weights does with channels. Its first three inputs are data, weights and bias. */
export function weightedChannels(instance: Weighted, layout: WeightLayout): ChannelFlow {
  const { inputChannels, labels } = layout
  const input = present(instance.inputs[0])
  const classes = Array.from({ length: channelCount(input) }, (_, channel) => channel % inputChannels)
  const narrowing = (ranges: KnownRanges): Narrowing => new Narrowing(instance, layout, ranges)
  return {
    labels: labels ?? { inputs: [classes] },
    ranges: ([inputs = []]) => outputRanges(instance, layout, inputs),
    ...(labels === undefined && { needs: (kept, ranges) => narrowing(ranges).needs(kept) }),
    narrow: (kept, ranges) => narrowing(ranges).narrow(kept),
  }
}
