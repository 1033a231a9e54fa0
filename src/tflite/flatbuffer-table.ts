import { fail } from './findings.js'
import type { FlatbufferFile } from './flatbuffer-file.js'
import { TABLE_WORK } from './limits.js'
import type { Field } from './schema.js'

const OFFSET_BYTES = 4
const VTABLE_HEAD_BYTES = 4
const text = new TextDecoder()

/** A vector of tables that are verified when they are asked for. */
export interface TableVector {
  readonly length: number
  /** The table at an index below `length`. */
  at(index: number): Table
}

interface Vector {
  readonly position: number
  readonly length: number
}

/**
 * A table of a flatbuffer. Everything is checked before it is read: the table and its vtable when it is made, each
 * field, offset and length when it is asked for. What does not hold throws a DiagnosticsError with BAD_FILE that names
 * table and field. Values are read byte by byte, so nothing needs to be aligned.
 */
export class Table {
  readonly #file: FlatbufferFile
  readonly #position: number
  readonly #bytes: number
  readonly #vtable: number
  readonly #slots: number
  /** Where the table stands in the file, such as `model.subgraphs[0].tensors[3]`. */
  readonly path: string

  constructor(file: FlatbufferFile, position: number, path: string) {
    file.spend(TABLE_WORK, path)
    file.require(position, 1, OFFSET_BYTES, `The table ${path}`)
    const vtable = position - file.buffer.readInt32(position)
    file.require(vtable, 1, VTABLE_HEAD_BYTES, `The vtable of ${path}`)
    const vtableBytes = file.buffer.readUint16(vtable)
    const bytes = file.buffer.readUint16(vtable + 2)
    if (vtableBytes < VTABLE_HEAD_BYTES || vtableBytes % 2 !== 0 || bytes < OFFSET_BYTES) {
      fail('BAD_FILE', `The vtable of ${path} holds its own length and that of the table`, {
        found: `${vtableBytes} and ${bytes}`,
      })
    }
    file.require(vtable, 1, vtableBytes, `The vtable of ${path}`)
    file.require(position, 1, bytes, `The table ${path}`)
    this.#file = file
    this.#position = position
    this.#bytes = bytes
    this.#vtable = vtable
    this.#slots = (vtableBytes - VTABLE_HEAD_BYTES) / 2
    this.path = path
  }

  /** True when the table has the field. */
  has(field: Field): boolean {
    return this.#find(field, 1) !== undefined
  }

  int8(field: Field, fallback: number): number {
    const position = this.#find(field, 1)
    return position === undefined ? fallback : this.#file.buffer.readInt8(position)
  }

  uint8(field: Field, fallback: number): number {
    const position = this.#find(field, 1)
    return position === undefined ? fallback : this.#file.buffer.readUint8(position)
  }

  int32(field: Field, fallback: number): number {
    const position = this.#find(field, 4)
    return position === undefined ? fallback : this.#file.buffer.readInt32(position)
  }

  uint32(field: Field, fallback: number): number {
    const position = this.#find(field, 4)
    return position === undefined ? fallback : this.#file.buffer.readUint32(position)
  }

  /** An unsigned 64-bit field. Exact up to 2^53, which is beyond every file; above it near enough to be refused. */
  uint64(field: Field, fallback: number): number {
    const position = this.#find(field, 8)
    return position === undefined ? fallback : Number(this.#file.buffer.readUint64(position))
  }

  float32(field: Field, fallback: number): number {
    const position = this.#find(field, 4)
    return position === undefined ? fallback : this.#file.buffer.readFloat32(position)
  }

  /** Text of a string field; undefined when absent. Bytes that are not UTF-8 become replacement characters. */
  string(field: Field): string | undefined {
    const vector = this.#vector(field, 1)
    if (vector === undefined) return undefined
    this.#file.spend(vector.length, this.#name(field))
    return text.decode(this.#file.view(vector.position, vector.length))
  }

  /** A view of a vector of bytes, not a copy; undefined when absent. */
  bytes(field: Field): Uint8Array | undefined {
    const vector = this.#vector(field, 1)
    return vector === undefined ? undefined : this.#file.view(vector.position, vector.length)
  }

  int32s(field: Field): readonly number[] | undefined {
    return this.#numbers(field, 4, (position) => this.#file.buffer.readInt32(position))
  }

  float32s(field: Field): readonly number[] | undefined {
    return this.#numbers(field, 4, (position) => this.#file.buffer.readFloat32(position))
  }

  /** A vector of 64-bit integers as numbers: those beyond 2^53 are rounded, never brought into range. */
  int64s(field: Field): readonly number[] | undefined {
    return this.#numbers(field, 8, (position) => Number(this.#file.buffer.readInt64(position)))
  }

  /** Length of a vector whose elements take `elementBytes` each, without reading it; undefined when absent. */
  vectorLength(field: Field, elementBytes: number): number | undefined {
    return this.#vector(field, elementBytes)?.length
  }

  table(field: Field): Table | undefined {
    const position = this.#target(field)
    return position === undefined ? undefined : new Table(this.#file, position, this.#name(field))
  }

  /** A vector of tables; empty when absent. */
  tables(field: Field): TableVector {
    const vector = this.#vector(field, OFFSET_BYTES)
    if (vector === undefined) return { length: 0, at: () => fail('BAD_FILE', `${this.#name(field)} is present`) }
    const at = (index: number): Table => {
      const element = vector.position + index * OFFSET_BYTES
      const path = `${this.path}.${field.name}[${index}]`
      return new Table(this.#file, element + this.#file.buffer.readUint32(element), path)
    }
    return { length: vector.length, at }
  }

  #name(field: Field): string {
    return `${this.path}.${field.name}`
  }

  /** Position of a field of `bytes` bytes; undefined when absent. */
  #find(field: Field, bytes: number): number | undefined {
    if (field.slot >= this.#slots) return undefined
    const offset = this.#file.buffer.readUint16(this.#vtable + VTABLE_HEAD_BYTES + 2 * field.slot)
    if (offset === 0) return undefined
    if (offset < OFFSET_BYTES || offset + bytes > this.#bytes) {
      fail('BAD_FILE', `The field ${this.#name(field)} lies inside of its table`, {
        found: `bytes ${offset} to ${offset + bytes} of ${this.#bytes}`,
      })
    }
    return this.#position + offset
  }

  /** Position that an offset field points to; undefined when absent. */
  #target(field: Field): number | undefined {
    const position = this.#find(field, OFFSET_BYTES)
    if (position === undefined) return undefined
    return position + this.#file.buffer.readUint32(position)
  }

  #vector(field: Field, elementBytes: number): Vector | undefined {
    const position = this.#target(field)
    if (position === undefined) return undefined
    this.#file.require(position, 1, OFFSET_BYTES, `The vector ${this.#name(field)}`)
    const length = this.#file.buffer.readUint32(position)
    this.#file.require(position + OFFSET_BYTES, length, elementBytes, `The vector ${this.#name(field)}`)
    return { position: position + OFFSET_BYTES, length }
  }

  #numbers(field: Field, bytes: number, read: (position: number) => number): readonly number[] | undefined {
    const vector = this.#vector(field, bytes)
    if (vector === undefined) return undefined
    this.#file.spend(vector.length * bytes, this.#name(field))
    return Array.from({ length: vector.length }, (_, index) => read(vector.position + index * bytes))
  }
}

/** What `read` makes of each table of a vector, in order; nothing when the vector is absent. */
export function mapTables<Result>(
  table: Table,
  field: Field,
  read: (element: Table, index: number) => Result,
): readonly Result[] {
  const tables = table.tables(field)
  // Grown as it is read: the length alone may be a lie that would take much memory.
  const results: Result[] = []
  for (let index = 0; index < tables.length; index++) results.push(read(tables.at(index), index))
  return results
}
