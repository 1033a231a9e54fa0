/** Models of one layer, at the edges of what its parameters may be. */
import type { ElementType } from '../../../src/ir/tensor.js'
import type { ModelSpec, OperatorSpec, QuantizationSpec, TensorSpec } from '../../support/model-writer.js'
import { seededRandom } from '../../support/random.js'

/** Vectors that a model is run on. */
const VECTORS = 4

/** What is to become of a model: it is computed unless told. */
export interface Expectation {
  /** The rule that it breaks. */
  readonly refused?: string
  /** eonc refuses it alone: what the oracle does there is undefined behaviour, or eonc does not support it. */
  readonly alone?: boolean
  /** How many of the vectors the oracle computes; on the others it aborts. All unless told. */
  readonly vectors?: number
}

/** A model of one layer. */
export interface EdgeCase extends Expectation {
  readonly name: string
  readonly model: ModelSpec
}

/** The case of a model: its name, and what its description expects. */
export function edgeCase(
  name: string,
  { refused, alone = false, vectors = VECTORS }: Expectation,
  model: ModelSpec,
): EdgeCase {
  return { name, model, alone, vectors, ...(refused === undefined ? {} : { refused }) }
}

export type Type = 'int8' | 'float32'

/** Scale and zero point of an int8 activation. */
export interface Affine {
  readonly scale: number
  readonly zeroPoint: number
}

const count = (shape: readonly number[]): number => shape.reduce((product, extent) => product * extent, 1)

/** A tensor that is fed or computed. A quantization is left away for float32. */
export function activation(type: Type, shape: readonly number[], { scale, zeroPoint }: Affine): TensorSpec {
  const quantization: QuantizationSpec = { scales: [scale], zeroPoints: [zeroPoint] }
  return type === 'int8' ? { type, shape, quantization } : { type, shape }
}

/** How constant elements are spread: over the range of the type, or all at its least value. */
export type Spread = 'noise' | 'least'

/** Constant int8 or float32 elements: the same for the same shape. */
export function elements(type: Type, shape: readonly number[], spread: Spread): Int8Array | Float32Array {
  const random = seededRandom(count(shape))
  const values = Array.from({ length: count(shape) }, () => (spread === 'least' ? -128 : random.between(-128, 127)))
  return type === 'int8' ? Int8Array.from(values) : Float32Array.from(values, (value) => value / 64)
}

/** Constant weights; `scales` has one scale, or one for each slice of `dimension`. */
export function weights(
  type: Type,
  shape: readonly number[],
  scales: readonly number[],
  dimension: number,
  spread: Spread = 'noise',
): TensorSpec {
  const data = elements(type, shape, spread)
  return type === 'int8' ? { type, shape, data, quantization: { scales, dimension } } : { type, shape, data }
}

/** A bias of `channels` elements that repeats `values`: int32, or float32 in hundredths. */
export function bias(type: Type, channels: number, values: readonly number[], scales: readonly number[]): TensorSpec {
  const repeated = Array.from({ length: channels }, (_, i) => values[i % values.length] ?? 0)
  const shape = [channels]
  if (type === 'float32') return { type, shape, data: Float32Array.from(repeated, (value) => value / 100) }
  return { type: 'int32', shape, data: Int32Array.from(repeated), quantization: { scales } }
}

/** Biases that overflow in either direction as soon as something is added. */
export const LIMIT_BIASES = [2 ** 31 - 1, -(2 ** 31), 2 ** 31 - 30000, -(2 ** 31) + 30000]

/** An output scale at which sums of `terms` products of random int8 neither vanish nor all saturate. */
export const fitting = (scale: number, terms: number): number => Math.fround(scale * 90 * Math.sqrt(terms))

/** An int32 constant. */
export const integers = (values: readonly number[]): TensorSpec => ({
  type: 'int32',
  shape: [values.length],
  data: Int32Array.from(values),
})

/** A model of one operator: an input, constants, and the output, in this order. */
export function layer(
  kind: OperatorSpec['kind'],
  tensors: { readonly input: TensorSpec; readonly constants?: readonly TensorSpec[]; readonly output: TensorSpec },
  operator: Pick<OperatorSpec, 'options' | 'version'>,
): ModelSpec {
  const { input, constants = [], output } = tensors
  const inputs = [0, ...constants.map((_, index) => index + 1)]
  const last = inputs.length
  return {
    tensors: [input, ...constants, output],
    operators: [{ kind, inputs, outputs: [last], ...operator } as OperatorSpec],
    inputs: [0],
    outputs: [last],
  }
}

/** Elements of one vector: noise twice, both ends of the range, and the value that stands for zero. */
function value(index: number, vector: number, noise: number, zero: number): number {
  if (vector < 2) return noise
  return vector === 2 ? (index % 2 === 0 ? -128 : 127) : zero
}

function encode(type: ElementType, values: readonly number[]): Uint8Array {
  const reals = Float32Array.from(values, (each) => each / 32)
  return new Uint8Array(type === 'int8' ? Int8Array.from(values).buffer : reals.buffer)
}

/** Input vectors for the only input of a case's model. */
export function vectorsOf({ model, vectors }: EdgeCase): readonly (readonly Uint8Array[])[] {
  const [input] = model.tensors
  if (input === undefined) throw new RangeError('a model without an input')
  const random = seededRandom(1)
  const zero = input.quantization?.zeroPoints?.[0] ?? 0
  return Array.from({ length: vectors ?? VECTORS }, (_, vector) => [
    encode(
      input.type,
      Array.from({ length: count(input.shape) }, (_, index) => value(index, vector, random.between(-128, 127), zero)),
    ),
  ])
}
