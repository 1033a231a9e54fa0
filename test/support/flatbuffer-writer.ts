import { Builder } from 'flatbuffers'

/** A value of a table's field. Make them with the functions below. */
export type FieldValue =
  | { readonly as: 'int8' | 'int32' | 'int64' | 'float32'; readonly value: number }
  | { readonly as: 'string'; readonly value: string }
  | { readonly as: 'bytes'; readonly value: Uint8Array }
  | { readonly as: 'int32s' | 'int64s' | 'float32s'; readonly value: readonly number[] }
  | { readonly as: 'table'; readonly value: TableValue }
  | { readonly as: 'tables'; readonly value: readonly TableValue[] }

/** A table: its fields in the schema's order, undefined for those that are left out of the file. */
export type TableValue = readonly (FieldValue | undefined)[]

/** Makes a field of each kind, and leaves it out for undefined. Unsigned values and enumerations go by their bits. */
export const int8 = (value: number | undefined): FieldValue | undefined => field('int8', value)
export const int32 = (value: number | undefined): FieldValue | undefined => field('int32', value)
export const int64 = (value: number | undefined): FieldValue | undefined => field('int64', value)
export const float32 = (value: number | undefined): FieldValue | undefined => field('float32', value)
export const bool = (value: boolean | undefined): FieldValue | undefined => int8(value === undefined ? value : +value)
export const int32s = (value: readonly number[] | undefined): FieldValue | undefined => value && { as: 'int32s', value }
export const int64s = (value: readonly number[] | undefined): FieldValue | undefined => value && { as: 'int64s', value }
export const float32s = (value: readonly number[] | undefined): FieldValue | undefined =>
  value && { as: 'float32s', value }
export const bytes = (value: Uint8Array | undefined): FieldValue | undefined => value && { as: 'bytes', value }
export const string = (value: string | undefined): FieldValue | undefined =>
  value === undefined ? undefined : { as: 'string', value }
export const table = (value: TableValue | undefined): FieldValue | undefined => value && { as: 'table', value }
export const tables = (value: readonly TableValue[] | undefined): FieldValue | undefined =>
  value && { as: 'tables', value }

function field(as: 'int8' | 'int32' | 'int64' | 'float32', value: number | undefined): FieldValue | undefined {
  return value === undefined ? undefined : { as, value }
}

/** Vectors of bytes hold constant data, which readers on targets use in place: as far as any of them needs. */
const DATA_ALIGNMENT = 16

/** The flatbuffer whose root is `root`, with a file identifier of four characters. */
export function writeFlatbuffer(root: TableValue, identifier: string): Uint8Array {
  const builder = new Builder(1024)
  builder.finish(writeTable(builder, root), identifier)
  return builder.asUint8Array().slice()
}

/** Writes what the table refers to, then the table; gives its offset. */
function writeTable(builder: Builder, value: TableValue): number {
  const offsets = value.map((entry) => (entry === undefined ? 0 : writeReferred(builder, entry)))
  builder.startObject(value.length)
  value.forEach((entry, slot) => {
    if (entry === undefined) return
    // null as the default writes the field whatever its value is.
    if (entry.as === 'int8') builder.addFieldInt8(slot, entry.value, null)
    else if (entry.as === 'int32') builder.addFieldInt32(slot, entry.value, null)
    else if (entry.as === 'int64') builder.addFieldInt64(slot, BigInt(entry.value), null)
    else if (entry.as === 'float32') builder.addFieldFloat32(slot, entry.value, null)
    else builder.addFieldOffset(slot, offsets[slot] ?? 0, 0)
  })
  return builder.endObject()
}

function writeReferred(builder: Builder, entry: FieldValue): number {
  switch (entry.as) {
    case 'string':
      return builder.createString(entry.value)
    case 'bytes':
      builder.prep(DATA_ALIGNMENT, entry.value.length)
      return builder.createByteVector(entry.value)
    case 'int32s':
      return writeVector(builder, entry.value, 4, (value) => builder.addInt32(value))
    case 'int64s':
      return writeVector(builder, entry.value, 8, (value) => builder.addInt64(BigInt(value)))
    case 'float32s':
      return writeVector(builder, entry.value, 4, (value) => builder.addFloat32(value))
    case 'table':
      return writeTable(builder, entry.value)
    case 'tables': {
      const offsets = entry.value.map((element) => writeTable(builder, element))
      return writeVector(builder, offsets, 4, (offset) => builder.addOffset(offset))
    }
    default:
      return 0
  }
}

function writeVector(
  builder: Builder,
  values: readonly number[],
  elementBytes: number,
  add: (value: number) => void,
): number {
  builder.startVector(elementBytes, values.length, elementBytes)
  // A flatbuffer is written from its end.
  for (const value of values.toReversed()) add(value)
  return builder.endVector()
}
