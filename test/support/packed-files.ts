import { zipSync } from 'fflate'
import { bool, int8, string, tables, type TableValue, writeFlatbuffer } from './flatbuffer-writer.js'
import { type ModelSpec, writeModel } from './model-writer.js'

/** A file that metadata say belongs to the first output. Type 2: labels along an axis. */
export interface AssociatedFile {
  readonly name: string
  readonly type: number
}

/** TensorFlow Lite's metadata, with files of the first output. */
export function outputMetadata(files: readonly AssociatedFile[]): Uint8Array {
  const none = bool(undefined)
  const associated = files.map(({ name, type }): TableValue => [string(name), none, int8(type)])
  const output: TableValue = [string('scores'), none, none, none, none, none, tables(associated)]
  const subgraph: TableValue = [none, none, none, tables([output])]
  return writeFlatbuffer([string('model'), none, none, tables([subgraph])], 'M001')
}

/** Bytes with a zip archive behind them, whose offsets count from the start of all, as tools for TensorFlow Lite pack. */
export function withPackedFiles(bytes: Uint8Array, files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const packed = Buffer.concat([bytes, zipSync(files)])
  const end = packed.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  const move = (at: number): number => packed.writeUInt32LE(packed.readUInt32LE(at) + bytes.length, at)
  move(end + 16)
  let entry = packed.readUInt32LE(end + 16)
  for (let count = packed.readUInt16LE(end + 10); count > 0; --count) {
    move(entry + 42)
    entry += 46 + packed.readUInt16LE(entry + 28) + packed.readUInt16LE(entry + 30) + packed.readUInt16LE(entry + 32)
  }
  return new Uint8Array(packed)
}

/** A model with labels of its first output, as exporters write it. */
export function labelledModel(spec: ModelSpec, labels: string): Uint8Array {
  const metadata = [{ name: 'TFLITE_METADATA', data: outputMetadata([{ name: 'labels.txt', type: 2 }]) }]
  return withPackedFiles(writeModel({ ...spec, metadata }), { 'labels.txt': new TextEncoder().encode(labels) })
}
