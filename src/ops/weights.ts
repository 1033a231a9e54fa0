import { InternalError, toElements, type Elements } from '../ir/index.js'
import { biasOf, type Foldable } from './channel-scaling.js'
import { present, zeroPointOf } from './constraints.js'
import type { Instance } from './definition.js'

/**
 * Weights and bias of an operator whose inputs are data, weights, bias. Taken from `inputs` when they are given (as
 * when evaluating), otherwise from the constants. A bias that is left out is zeros.
 */
export function weightElements(
  instance: Instance<Foldable>,
  inputs: readonly (Elements | undefined)[],
  channels: number,
): { readonly weights: Exclude<Elements, Uint8Array>; readonly bias: Int32Array | Float32Array } {
  const tensor = present(instance.inputs[1])
  const weights = inputs[1] ?? toElements(tensor.type, tensor.data ?? new Uint8Array())
  if (weights === undefined || weights instanceof Uint8Array)
    throw new InternalError(`weights "${tensor.name}" without data`)
  const biasTensor = instance.inputs[2]
  if (tensor.type === 'float32') {
    const bias = biasTensor?.data && toElements('float32', biasTensor.data)
    return { weights, bias: bias instanceof Float32Array ? bias : new Float32Array(channels) }
  }
  return { weights, bias: biasOf(biasTensor, channels) }
}

/** The bias minus the input zero point times the sum of the weights of each output channel, modulo 2^32. */
export function foldedBias(instance: Instance<Foldable>, channelOf: (weight: number) => number): Int32Array {
  const channels = present(instance.outputs[0]).shape.at(-1) ?? 0
  const { weights, bias } = weightElements(instance, [], channels)
  const zeroPoint = zeroPointOf(present(instance.inputs[0]))
  const folded = Int32Array.from(bias)
  weights.forEach((weight, index) => {
    const channel = channelOf(index)
    folded[channel] = ((folded[channel] ?? 0) - zeroPoint * weight) | 0
  })
  return folded
}
