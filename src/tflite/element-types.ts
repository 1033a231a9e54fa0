import type { ElementType } from '../ir/tensor.js'

/** Element types by their code in the schema (`TensorType`). The 8-bit floating-point types are not listed. */
export const ELEMENT_TYPES: readonly ElementType[] = [
  'float32',
  'float16',
  'int32',
  'uint8',
  'int64',
  'string',
  'bool',
  'int16',
  'complex64',
  'int8',
  'float64',
  'complex128',
  'uint64',
  'resource',
  'variant',
  'uint32',
  'uint16',
  'int4',
  'bfloat16',
  'int2',
  'uint4',
]

/** Names of types that the schema has and eonc does not read, by code. */
export const OTHER_TYPES: ReadonlyMap<number, string> = new Map([
  [21, 'FLOAT8_E4M3FN'],
  [22, 'FLOAT8_E5M2'],
])

const BITS: Partial<Record<ElementType, number>> = {
  complex128: 128,
  float64: 64,
  int64: 64,
  uint64: 64,
  complex64: 64,
  float32: 32,
  int32: 32,
  uint32: 32,
  float16: 16,
  bfloat16: 16,
  int16: 16,
  uint16: 16,
  int8: 8,
  uint8: 8,
  bool: 8,
  int4: 4,
  uint4: 4,
  int2: 2,
}

/** Bytes that `count` elements take in the file, where small ones are packed; undefined where that is not fixed. */
export function storedBytes(type: ElementType, count: number): number | undefined {
  const bits = BITS[type]
  return bits === undefined ? undefined : Math.ceil((count * bits) / 8)
}

const INT32_RANGE = [-(2 ** 31), 2 ** 31 - 1] as const

const ZERO_POINT_RANGES: Partial<Record<ElementType, readonly [least: number, most: number]>> = {
  int2: [-2, 1],
  int4: [-8, 7],
  uint4: [0, 15],
  int8: [-128, 127],
  uint8: [0, 255],
  int16: [-32768, 32767],
  uint16: [0, 65535],
  int32: INT32_RANGE,
  uint32: INT32_RANGE,
  int64: INT32_RANGE,
  uint64: INT32_RANGE,
}

/** Range that a zero point must lie in; undefined for types that are not quantized. */
export function zeroPointRange(type: ElementType): readonly [least: number, most: number] | undefined {
  return ZERO_POINT_RANGES[type]
}
