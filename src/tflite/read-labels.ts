import { unzipSync } from 'fflate'
import { DiagnosticsError } from '../ir/diagnostic.js'
import { FlatbufferFile } from './flatbuffer-file.js'
import { mapTables, Table } from './flatbuffer-table.js'
import { MAX_LABELS_BYTES } from './limits.js'
import type { SourceModel } from './read-model.js'
import { ASSOCIATED_FILE, AXIS_LABELS, MODEL_METADATA, SUBGRAPH_METADATA, TENSOR_METADATA } from './schema.js'

/** Name of the metadata that tools for TensorFlow Lite add to a model. */
const METADATA_NAME = 'TFLITE_METADATA'

/** Name of the file that the metadata give for the labels of the first output; undefined when they give none. */
function labelsFile(metadata: Uint8Array): string | undefined {
  const file = new FlatbufferFile(metadata)
  file.require(0, 1, 4, 'The root offset of the metadata')
  const root = new Table(file, file.buffer.readUint32(0), 'metadata')
  const [files = []] = mapTables(root, MODEL_METADATA.subgraph_metadata, (subgraph) => {
    const [output = []] = mapTables(subgraph, SUBGRAPH_METADATA.output_tensor_metadata, (tensor) =>
      mapTables(tensor, TENSOR_METADATA.associated_files, (associated) => ({
        name: associated.string(ASSOCIATED_FILE.name),
        type: associated.uint8(ASSOCIATED_FILE.type, 0),
      })),
    )
    return output
  })
  return files.find(({ type }) => type === AXIS_LABELS)?.name
}

/** A file of the zip archive behind a model; undefined when there is no such file, or none that can be read. */
function packedFile(model: Uint8Array, name: string): Uint8Array | undefined {
  try {
    const files = unzipSync(model, { filter: (file) => file.name === name && file.originalSize <= MAX_LABELS_BYTES })
    return files[name]
  } catch {
    return undefined
  }
}

/** The lines of a text; one that ends with a line feed has no line more. */
export const linesOf = (text: string): readonly string[] =>
  text
    .replace(/^\uFEFF/, '')
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
    .map((line) => line.trim())

/**
 * The labels of the first output that stand in a model's metadata: a text in the archive that tools for TensorFlow Lite
 * append to the file. None when there are none: what is damaged there stands in nobody's way.
 */
export function readLabels(model: Uint8Array, { metadata }: SourceModel): readonly string[] {
  const data = metadata.find(({ name }) => name === METADATA_NAME)?.data
  if (data === undefined) return []
  try {
    const name = labelsFile(data)
    const file = name === undefined ? undefined : packedFile(model, name)
    return file === undefined ? [] : linesOf(new TextDecoder().decode(file))
  } catch (error) {
    if (error instanceof DiagnosticsError) return []
    throw error
  }
}
