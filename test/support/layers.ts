import type { ModelSpec, OperatorSpec, QuantizationSpec, TensorSpec } from './model-writer.js'

const NO_OPTIONS = {} as const

/** int8 quantization with one scale and zero point. */
export const quantized = (scale: number, zeroPoint: number): QuantizationSpec => ({
  scales: [scale],
  zeroPoints: [zeroPoint],
})

/** An int8 activation. */
export const activation = (name: string, shape: readonly number[], scale = 0.05, zeroPoint = -3): TensorSpec => ({
  name,
  type: 'int8',
  shape,
  quantization: quantized(scale, zeroPoint),
})

/** int8 weights that differ from one another, with one scale. */
export function weights(name: string, shape: readonly number[], scale = 0.02): TensorSpec {
  const count = shape.reduce((a, b) => a * b, 1)
  const data = Int8Array.from({ length: count }, (_, i) => ((i * 37 + 11) % 255) - 127)
  return { name, type: 'int8', shape, quantization: quantized(scale, 0), data }
}

/** An int32 bias. */
export const bias = (name: string, values: readonly number[], scale = 0.001): TensorSpec => ({
  name,
  type: 'int32',
  shape: [values.length],
  quantization: quantized(scale, 0),
  data: Int32Array.from(values),
})

/** An int32 constant: axes, paddings, shapes. */
export const integers = (name: string, shape: readonly number[], values: readonly number[]): TensorSpec => ({
  name,
  type: 'int32',
  shape,
  data: Int32Array.from(values),
})

/** PAD of rows and columns of tensor `input` by the constant `paddings`. */
export const pad = (input: number, paddings: number, output: number): OperatorSpec => ({
  kind: 'PAD',
  inputs: [input, paddings],
  outputs: [output],
  options: NO_OPTIONS,
})

/** CONV_2D with stride 1. */
export const conv = (inputs: readonly number[], output: number, padding: 'SAME' | 'VALID' = 'VALID'): OperatorSpec => ({
  kind: 'CONV_2D',
  inputs,
  outputs: [output],
  options: { padding, strideW: 1, strideH: 1 },
})

/** An operator without options, or with an empty table of them. */
export const plain = (
  kind: 'QUANTIZE' | 'DEQUANTIZE' | 'LOGISTIC' | 'TANH' | 'RELU' | 'RELU6',
  input: number,
  output: number,
): OperatorSpec => ({
  kind,
  inputs: [input],
  outputs: [output],
})

/** A model of one input and one output: the first and the last tensor that is no constant. */
export function chain(tensors: readonly TensorSpec[], operators: readonly OperatorSpec[]): ModelSpec {
  const computed = tensors.flatMap(({ data }, index) => (data === undefined ? [index] : []))
  return { tensors, operators, inputs: computed.slice(0, 1), outputs: computed.slice(-1) }
}
