/** Small int8 networks for tests, layer by layer, with weights and biases given channel by channel. */
import type { Activation, Padding } from './model-options.js'
import type { ModelSpec, OperatorSpec, TensorSpec } from './model-writer.js'
import { quantized } from './layers.js'

/** Weights and bias of a layer, by output channel. Where they are left out, weights differ from one another and are not 0. */
export interface Channels {
  /** The weight between an output channel and an input channel (or column), the same for all taps. */
  readonly weight?: (output: number, input: number) => number
  readonly bias?: readonly number[]
  readonly activation?: Activation
  /** Scales of the weights of each output channel; a single one for all when left out. */
  readonly scales?: readonly number[]
}

export interface ConvolutionSpec extends Channels {
  readonly outputs: number
  readonly kernel?: number
  readonly padding?: Padding
  readonly groups?: number
}

export const SCALE = 0.05
export const ZERO_POINT = -3

const someWeight = (output: number, input: number): number => ((output * 31 + input * 17 + 5) % 40) + 1

/** A model that grows layer by layer. Methods give the index of what they compute. */
export class Network {
  readonly tensors: TensorSpec[] = []
  readonly operators: OperatorSpec[] = []
  readonly inputs: number[] = []

  /** An input, or what an operator computes. */
  tensor(shape: readonly number[], scale = SCALE, zeroPoint = ZERO_POINT): number {
    const name = `t${this.tensors.length}`
    return this.tensors.push({ name, type: 'int8', shape, quantization: quantized(scale, zeroPoint) }) - 1
  }

  input(shape: readonly number[]): number {
    const index = this.tensor(shape)
    this.inputs.push(index)
    return index
  }

  shape(tensor: number): readonly number[] {
    return this.tensors[tensor]?.shape ?? []
  }

  constant(shape: readonly number[], values: readonly number[]): number {
    const quantization = quantized(SCALE, ZERO_POINT)
    return this.tensors.push({ name: 'constant', type: 'int8', shape, quantization, data: Int8Array.from(values) }) - 1
  }

  integers(shape: readonly number[], values: readonly number[]): number {
    return this.tensors.push({ name: 'list', type: 'int32', shape, data: Int32Array.from(values) }) - 1
  }

  /** Any operator with one output of the quantization of all tensors. */
  operator(operator: Omit<OperatorSpec, 'outputs'>, shape: readonly number[]): number {
    const output = this.tensor(shape)
    this.operators.push({ ...operator, outputs: [output] } as OperatorSpec)
    return output
  }

  /** CONV_2D with stride 1. */
  conv(input: number, { kernel = 1, padding = 'VALID', groups = 1, ...layer }: ConvolutionSpec): number {
    const [batches = 1, height = 1, width = 1, channels = 1] = this.shape(input)
    const lost = padding === 'VALID' ? kernel - 1 : 0
    const constants = this.weights([layer.outputs, kernel, kernel, channels / groups], 0, layer)
    return this.operator(
      {
        kind: 'CONV_2D',
        inputs: [input, ...constants],
        options: { padding, strideW: 1, strideH: 1, activation: layer.activation ?? 'NONE' },
      },
      [batches, height - lost, width - lost, layer.outputs],
    )
  }

  /** DEPTHWISE_CONV_2D with stride 1; as many outputs for each input channel as `outputs` says. */
  depthwise(input: number, { kernel = 1, padding = 'VALID', ...layer }: ConvolutionSpec): number {
    const [batches = 1, height = 1, width = 1, channels = 1] = this.shape(input)
    const lost = padding === 'VALID' ? kernel - 1 : 0
    const outputs = channels * layer.outputs
    const constants = this.weights([1, kernel, kernel, outputs], 3, layer)
    return this.operator(
      {
        kind: 'DEPTHWISE_CONV_2D',
        inputs: [input, ...constants],
        options: {
          padding,
          strideW: 1,
          strideH: 1,
          depthMultiplier: layer.outputs,
          activation: layer.activation ?? 'NONE',
        },
      },
      [batches, height - lost, width - lost, outputs],
    )
  }

  dense(input: number, layer: Channels & { readonly outputs: number }): number {
    const columns = this.shape(input)
      .slice(1)
      .reduce((a, b) => a * b, 1)
    const constants = this.weights([layer.outputs, columns], 0, layer)
    const options = { activation: layer.activation ?? 'NONE' } as const
    return this.operator({ kind: 'FULLY_CONNECTED', inputs: [input, ...constants], options }, [1, layer.outputs])
  }

  model(outputs: readonly number[]): ModelSpec {
    return { tensors: this.tensors, operators: this.operators, inputs: this.inputs, outputs }
  }

  private weights(shape: readonly number[], dimension: number, layer: Channels): readonly number[] {
    const { weight = someWeight, scales = [0.02] } = layer
    const channels = shape[dimension] ?? 1
    const inner = shape.at(-1) ?? 1
    const filter = shape.slice(1).reduce((a, b) => a * b, 1)
    const count = shape.reduce((a, b) => a * b, 1)
    const data = Int8Array.from({ length: count }, (_, i) =>
      dimension === 3 ? weight(i % channels, i % channels) : weight(Math.floor(i / filter), i % inner),
    )
    const quantization = { scales, zeroPoints: scales.map(() => 0), dimension: scales.length > 1 ? dimension : 0 }
    const filterIndex = this.tensors.push({ name: 'weights', type: 'int8', shape, quantization, data }) - 1
    if (layer.bias === undefined) return [filterIndex]
    const biasScales = scales.map((scale) => Math.fround(SCALE * scale))
    const bias: TensorSpec = {
      name: 'bias',
      type: 'int32',
      shape: [channels],
      quantization: { scales: biasScales, zeroPoints: biasScales.map(() => 0), dimension: 0 },
      data: Int32Array.from({ length: channels }, (_, channel) => layer.bias?.[channel] ?? 0),
    }
    return [filterIndex, this.tensors.push(bias) - 1]
  }
}
