import { float32s, int32s } from '../support/flatbuffer-writer.js'
import type { ModelSpec, QuantizationSpec, TensorSpec } from '../support/model-writer.js'

const HALF: QuantizationSpec = { scales: [0.5], zeroPoints: [3] }
const WEIGHTS: QuantizationSpec = { scales: [0.25] }

/** An int8 tensor with scale 0.5 and zero point 3. */
export function int8Tensor(name: string, shape: readonly number[], more: Partial<TensorSpec> = {}): TensorSpec {
  return { name, type: 'int8', shape, quantization: HALF, ...more }
}

/** A constant int8 tensor with elements 1, 2, 3, ... and scale 0.25. */
function weights(shape: readonly number[], quantization: QuantizationSpec = WEIGHTS): TensorSpec {
  const count = shape.reduce((product, extent) => product * extent, 1)
  const data = Array.from({ length: count }, (_, index) => (index + 1) % 128)
  return { name: 'weights', type: 'int8', shape, quantization, data }
}

function bias(data: readonly number[]): TensorSpec {
  return { name: 'bias', type: 'int32', shape: [data.length], quantization: { scales: [0.125] }, data }
}

function constant(name: string, data: readonly number[], shape = [data.length]): TensorSpec {
  return { name, type: 'int32', shape, data }
}

/** A model of one operator: input `x`, then `constants`, then output `y`. */
function single(
  operator: Pick<ModelSpec['operators'][number], 'kind' | 'version'> & { readonly options?: unknown },
  x: TensorSpec,
  constants: readonly TensorSpec[],
  y: TensorSpec,
): ModelSpec {
  const tensors = [x, ...constants, y]
  const output = tensors.length - 1
  const full = { ...operator, inputs: tensors.slice(0, -1).map((_, index) => index), outputs: [output] }
  return { tensors, operators: [full as ModelSpec['operators'][number]], inputs: [0], outputs: [output] }
}

const PER_CHANNEL = { scales: [0.25, 0.125], zeroPoints: [0, 0], dimension: 0 }
const WINDOW = { padding: 'SAME', strideW: 2, strideH: 1, activation: 'RELU6' } as const
const PROBABILITIES: QuantizationSpec = { scales: [1 / 256], zeroPoints: [-128] }

/** A small valid model for each operator whose options the writer knows, and for each feature of the file format. */
export const SAMPLES: Readonly<Record<string, ModelSpec>> = {
  CONV_2D: single(
    { kind: 'CONV_2D', version: 3, options: { ...WINDOW, dilationW: 1, dilationH: 2 } },
    int8Tensor('x', [1, 6, 6, 1]),
    [weights([2, 3, 3, 1], PER_CHANNEL), { ...bias([5, -7]), quantization: { scales: [0.125, 0.0625], dimension: 0 } }],
    int8Tensor('y', [1, 6, 3, 2]),
  ),
  DEPTHWISE_CONV_2D: single(
    { kind: 'DEPTHWISE_CONV_2D', version: 3, options: { ...WINDOW, padding: 'VALID', strideH: 2, depthMultiplier: 2 } },
    int8Tensor('x', [1, 5, 5, 1]),
    [
      weights([1, 3, 3, 2], { ...PER_CHANNEL, dimension: 3 }),
      { ...bias([5, -7]), quantization: { scales: [0.125, 0.0625], dimension: 0 } },
    ],
    int8Tensor('y', [1, 2, 2, 2]),
  ),
  FULLY_CONNECTED: single(
    {
      kind: 'FULLY_CONNECTED',
      version: 4,
      options: { activation: 'RELU', weightsFormat: 'DEFAULT', keepNumDims: true },
    },
    int8Tensor('x', [1, 4]),
    [weights([3, 4]), bias([1, 2, 3])],
    int8Tensor('y', [1, 3]),
  ),
  AVERAGE_POOL_2D: single(
    { kind: 'AVERAGE_POOL_2D', version: 2, options: { ...WINDOW, filterW: 2, filterH: 3, activation: 'NONE' } },
    int8Tensor('x', [1, 4, 4, 2]),
    [],
    int8Tensor('y', [1, 4, 2, 2]),
  ),
  MAX_POOL_2D: single(
    { kind: 'MAX_POOL_2D', version: 2, options: { ...WINDOW, filterW: 2, filterH: 2 } },
    int8Tensor('x', [1, 4, 4, 2]),
    [],
    int8Tensor('y', [1, 4, 2, 2]),
  ),
  ADD: single(
    { kind: 'ADD', version: 2, options: { activation: 'NONE' } },
    int8Tensor('x', [1, 4]),
    [weights([1, 4])],
    int8Tensor('y', [1, 4]),
  ),
  SUB: single(
    { kind: 'SUB', version: 2, options: { activation: 'RELU' } },
    int8Tensor('x', [1, 4]),
    [weights([1, 4])],
    int8Tensor('y', [1, 4]),
  ),
  MUL: single(
    { kind: 'MUL', version: 2, options: { activation: 'NONE' } },
    int8Tensor('x', [1, 4]),
    [weights([1, 4])],
    int8Tensor('y', [1, 4]),
  ),
  CONCATENATION: single(
    { kind: 'CONCATENATION', version: 2, options: { axis: -1, activation: 'NONE' } },
    int8Tensor('x', [1, 4]),
    [int8Tensor('c', [1, 2], { data: [1, 2] })],
    int8Tensor('y', [1, 6]),
  ),
  SOFTMAX: single(
    { kind: 'SOFTMAX', version: 2, options: { beta: 0.5 } },
    int8Tensor('x', [1, 4]),
    [],
    int8Tensor('y', [1, 4], { quantization: PROBABILITIES }),
  ),
  RESHAPE: single(
    { kind: 'RESHAPE', options: { newShape: [1, 2, -1] } },
    int8Tensor('x', [1, 4]),
    [constant('shape', [1, 2, -1])],
    int8Tensor('y', [1, 2, 2]),
  ),
  SQUEEZE: single(
    { kind: 'SQUEEZE', version: 2, options: { squeezeDims: [1] } },
    int8Tensor('x', [1, 1, 4]),
    [],
    int8Tensor('y', [1, 4]),
  ),
  MEAN: single(
    { kind: 'MEAN', version: 2, options: { keepDims: true } },
    int8Tensor('x', [1, 4, 4, 2]),
    [constant('axes', [1, 2])],
    int8Tensor('y', [1, 1, 1, 2]),
  ),
  LEAKY_RELU: single(
    { kind: 'LEAKY_RELU', version: 2, options: { alpha: 0.125 } },
    int8Tensor('x', [1, 4]),
    [],
    int8Tensor('y', [1, 4]),
  ),
  PAD: single(
    { kind: 'PAD', version: 2, options: {} },
    int8Tensor('x', [1, 4]),
    [constant('paddings', [0, 0, 1, 2], [2, 2])],
    int8Tensor('y', [1, 7]),
  ),
  PADV2: single(
    { kind: 'PADV2', version: 2, options: {} },
    int8Tensor('x', [1, 4]),
    [constant('paddings', [0, 0, 1, 2], [2, 2]), int8Tensor('value', [1], { data: [-5] })],
    int8Tensor('y', [1, 7]),
  ),
  EXPAND_DIMS: single(
    { kind: 'EXPAND_DIMS', options: {} },
    int8Tensor('x', [1, 4]),
    [constant('axis', [1], [])],
    int8Tensor('y', [1, 1, 4]),
  ),
  QUANTIZE: single(
    { kind: 'QUANTIZE', options: {} },
    { name: 'x', type: 'float32', shape: [1, 4] },
    [],
    int8Tensor('y', [1, 4]),
  ),
  DEQUANTIZE: single({ kind: 'DEQUANTIZE', version: 2 }, int8Tensor('x', [1, 4]), [], {
    name: 'y',
    type: 'float32',
    shape: [1, 4],
  }),
  'options as raw fields': single(
    { kind: 'RESHAPE', options: { rawType: 17, fields: [int32s([4, 1]), float32s([1])] } },
    int8Tensor('x', [1, 4]),
    [],
    int8Tensor('y', [4, 1]),
  ),
  'codes of old files': {
    ...single(
      { kind: 'LOGISTIC', version: 2 },
      int8Tensor('x', [1, 4]),
      [],
      int8Tensor('y', [1, 4], { quantization: PROBABILITIES }),
    ),
    codes: 'old',
  },
  'texts and metadata': {
    ...single({ kind: 'RELU', version: 2 }, int8Tensor('x', [1, 4]), [], int8Tensor('y', [1, 4])),
    name: 'main',
    description: 'a model in UTF-8: \u00e9\u4e16',
    metadata: [
      { name: 'first', data: Uint8Array.of(1, 2, 3) },
      { name: 'second', data: Uint8Array.of(4) },
    ],
    signatures: [
      { key: 'serving_default', subgraph: 0, inputs: [{ name: 'x', tensor: 0 }], outputs: [{ name: 'y', tensor: 1 }] },
    ],
  },
}
