/** Element types of TensorFlow Lite tensors, by the names that the schema's `TensorType` gives them, in lower case. */
export type ElementType =
  | 'float32'
  | 'float16'
  | 'int32'
  | 'uint8'
  | 'int64'
  | 'string'
  | 'bool'
  | 'int16'
  | 'complex64'
  | 'int8'
  | 'float64'
  | 'complex128'
  | 'uint64'
  | 'resource'
  | 'variant'
  | 'uint32'
  | 'uint16'
  | 'int4'
  | 'bfloat16'
  | 'int2'
  | 'uint4'

/** Affine quantization: real = scale * (quantized - zeroPoint), per tensor (one entry) or per slice of `dimension`. */
export interface Quantization {
  /** One scale, or one for each slice along `dimension`. Exact float32 values. */
  readonly scales: readonly number[]
  /** As many zero points as scales. */
  readonly zeroPoints: readonly number[]
  /** The dimension that the scales run along; 0 when there is one scale. */
  readonly dimension: number
}

/** A tensor of a graph. It is constant when it has `data`, otherwise it is computed or fed at run time. */
export interface Tensor {
  /** Position in `Graph.tensors`. */
  readonly index: number
  readonly name: string
  readonly type: ElementType
  /** Extents, outermost first; all known and at least 1 once a graph has been verified. Empty for a scalar. */
  readonly shape: readonly number[]
  readonly quantization?: Quantization
  /** Little-endian elements of a constant tensor. Its length is exactly the tensor's size. */
  readonly data?: Uint8Array
  /** True for a tensor that keeps its value from one inference to the next. */
  readonly isVariable: boolean
}

const BYTES: Partial<Record<ElementType, number>> = {
  float64: 8,
  int64: 8,
  uint64: 8,
  complex64: 8,
  complex128: 16,
  float32: 4,
  int32: 4,
  uint32: 4,
  float16: 2,
  bfloat16: 2,
  int16: 2,
  uint16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
}

/** Bytes of one element, or undefined where an element has no whole number of bytes (`int4`, `string`, ...). */
export function elementBytes(type: ElementType): number | undefined {
  return BYTES[type]
}

/** Number of elements of a shape; 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((count, extent) => count * extent, 1)
}

/** Bytes that the tensor's elements take. Only for types that have whole bytes (see `elementBytes`). */
export function tensorBytes(tensor: Tensor): number {
  return elementCount(tensor.shape) * (elementBytes(tensor.type) ?? NaN)
}

/** The typed arrays that hold elements of the types that eonc computes with. */
export type Elements = Int8Array | Uint8Array | Int16Array | Int32Array | Float32Array

/** A copy of little-endian bytes as elements of `type`; undefined for types that eonc does not compute with. */
export function toElements(type: ElementType, bytes: Uint8Array): Elements | undefined {
  // not slice(): a Buffer's is no copy
  const copy = new Uint8Array(bytes).buffer
  switch (type) {
    case 'int8':
      return new Int8Array(copy)
    case 'uint8':
    case 'bool':
      return new Uint8Array(copy)
    case 'int16':
      return new Int16Array(copy)
    case 'int32':
      return new Int32Array(copy)
    case 'float32':
      return new Float32Array(copy)
    default:
      return undefined
  }
}

/** Zeroed elements for `count` elements of `type`; undefined for types that eonc does not compute with. */
export function newElements(type: ElementType, count: number): Elements | undefined {
  const bytes = elementBytes(type)
  return bytes === undefined ? undefined : toElements(type, new Uint8Array(count * bytes))
}

/** The bytes behind elements (little-endian, as every machine that runs Node.js is). */
export function toBytes(elements: Elements): Uint8Array {
  return new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength)
}
