/** Random scales, zero points, weights and biases: ordinary ones, and extremes. */
import type { TensorSpec } from '../support/model-writer.js'
import type { Random } from '../support/random.js'
import type { Value, ValueDescription, ValueType } from './graph-builder.js'

/** A real number from `least` up to, not including, `most`. */
export function uniform(random: Random, least: number, most: number): number {
  return least + ((most - least) * random.below(2 ** 32)) / 2 ** 32
}

/** Scales lie between these powers of two. */
const LEAST_EXPONENT = -20
const MOST_EXPONENT = 4

/** A scale as float32: a power of two, any other between 2^-20 and 2^4, or one as converters make them. */
export function randomScale(random: Random): number {
  if (random.chance(0.25)) return 2 ** random.between(LEAST_EXPONENT, MOST_EXPONENT)
  if (random.chance(0.4)) return Math.fround(2 ** uniform(random, LEAST_EXPONENT, MOST_EXPONENT))
  return Math.fround(uniform(random, 0.002, 0.1))
}

/** A zero point: in the middle, at an end, or anywhere. */
export function randomZeroPoint(random: Random): number {
  return random.pick([0, -128, 127, random.between(-128, 127), random.between(-128, 127)])
}

/** A scale for results of about `magnitude`, so that most neither saturate nor vanish; now and then any scale. */
export function fittingScale(random: Random, magnitude: number): number {
  if (random.chance(0.12) || !(magnitude > 0)) return randomScale(random)
  return Math.fround(Math.max(2 ** -60, Math.min(2 ** 60, (magnitude / 100) * 2 ** uniform(random, -1.2, 1.2))))
}

/** Scale and zero point of a result of about `magnitude`, or no quantization for float32. */
export function resultQuantization(
  random: Random,
  type: ValueType,
  magnitude: number,
): { readonly scale: number; readonly zeroPoint: number; readonly magnitude: number } {
  if (type === 'float32') return { scale: 1, zeroPoint: 0, magnitude }
  return { scale: fittingScale(random, magnitude), zeroPoint: randomZeroPoint(random), magnitude: 0 }
}

/** About the largest absolute real value of a tensor. */
export function magnitudeOf({ type, scale, zeroPoint, magnitude }: Value): number {
  return type === 'float32' ? magnitude : scale * (128 + Math.abs(zeroPoint))
}

/** Random elements: noise, the least and the largest, or sparse ones. */
export function randomBytes(random: Random, count: number): Int8Array {
  const style = random.below(10)
  return Int8Array.from({ length: count }, () => {
    if (style === 0) return -128
    if (style === 1) return random.pick([-128, 127])
    if (style === 2) return random.chance(0.8) ? 0 : random.between(-128, 127)
    if (style === 3) return random.between(-128, 127)
    return random.between(-127, 127)
  })
}

/** Random float32 elements of at most `magnitude`. */
export function randomFloats(random: Random, count: number, magnitude: number): Float32Array {
  const sparse = random.chance(0.15)
  return Float32Array.from({ length: count }, () =>
    sparse && random.chance(0.7) ? 0 : uniform(random, -magnitude, magnitude),
  )
}

/** Elements of a constant of either type. */
export function randomElements(random: Random, description: ValueDescription, count: number): Int8Array | Float32Array {
  if (description.type === 'int8') return randomBytes(random, count)
  return randomFloats(random, count, description.magnitude ?? 1)
}

/** Weights with their quantization, and what about one product of them adds up to. */
export interface Weights {
  readonly tensor: TensorSpec
  /** One scale, or one for each channel; none for float32. */
  readonly scales: readonly number[]
  /** Root of the mean square of a weight's real value. */
  readonly deviation: number
}

/** Weights whose `channels` output channels lie along `dimension`. */
export function randomWeights(random: Random, type: ValueType, shape: readonly number[], dimension: number): Weights {
  const count = shape.reduce((product, extent) => product * extent, 1)
  if (type === 'float32') {
    const magnitude = 2 ** uniform(random, -3, 0.5)
    return {
      tensor: { type, shape, data: randomFloats(random, count, magnitude) },
      scales: [],
      deviation: magnitude / 2,
    }
  }
  const channels = shape[dimension] ?? 1
  const perChannel = random.chance(0.6)
  const base = randomScale(random)
  const spread = random.chance(0.2) ? 6 : 1
  const scales = perChannel
    ? Array.from({ length: channels }, () => Math.fround(base * 2 ** uniform(random, -spread, spread)))
    : [base]
  const data = randomBytes(random, count)
  const square = data.reduce((sum, weight) => sum + weight * weight, 0) / count
  const scale = scales.reduce((sum, each) => sum + each, 0) / scales.length
  return {
    tensor: { type, shape, data, quantization: { scales, dimension: perChannel ? dimension : 0 } },
    scales,
    deviation: Math.max(scale, scale * Math.sqrt(square)),
  }
}

/** A bias: ordinary, large, or near the ends of int32. Undefined: the operator has none. */
export function randomBias(
  random: Random,
  input: Value,
  weights: Weights,
  channels: number,
  sum: number,
): TensorSpec | undefined {
  if (random.chance(0.2)) return undefined
  if (input.type === 'float32') return { type: 'float32', shape: [channels], data: randomFloats(random, channels, sum) }
  const scales = weights.scales.map((scale) => Math.fround(input.scale * scale))
  const style = random.below(10)
  const ordinary = Math.max(1, Math.min(2 ** 30, Math.round(sum / (input.scale * (weights.scales[0] ?? 1)))))
  const data = Int32Array.from({ length: channels }, () => {
    if (style === 0) return random.pick([1, -1]) * (2 ** 31 - 1 - random.below(1000))
    if (style === 1) return random.pick([-(2 ** 31), 2 ** 31 - 1])
    if (style === 2) return random.between(-(2 ** 24), 2 ** 24)
    return random.between(-ordinary, ordinary)
  })
  // No quantized tensor has more than a few scales: those of a bias are as many as the weights have.
  return { type: 'int32', shape: [channels], data, quantization: { scales, dimension: 0 } }
}
