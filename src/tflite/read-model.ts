import type { Diagnostic } from '../ir/diagnostic.js'
import type { SourceGraph } from '../ir/graph.js'
import { error, Findings, requireAtMost } from './findings.js'
import { FlatbufferFile, rootPosition } from './flatbuffer-file.js'
import { mapTables, Table } from './flatbuffer-table.js'
import { MAX_FILE_BYTES } from './limits.js'
import { type Buffers, readBuffers } from './read-buffers.js'
import { readGraphs } from './read-graphs.js'
import { METADATA, MODEL, SIGNATURE, SIGNATURE_TENSOR } from './schema.js'

/** Data that an exporter or its user added to a model. */
export interface Metadata {
  readonly name: string
  /** A view of the file. */
  readonly data: Uint8Array
}

/** A model as it stands in a file. */
export interface SourceModel {
  /** Version of the schema: always 3. */
  readonly version: number
  readonly description: string
  /** The subgraphs. The first is the model; others belong to control flow. */
  readonly graphs: readonly SourceGraph[]
  readonly metadata: readonly Metadata[]
  /** What the user should know though the model can be read. */
  readonly notices: readonly Diagnostic[]
}

const SCHEMA_VERSION = 3

/**
 * Reads and verifies a TensorFlow Lite model. Constant data and metadata are views of `bytes`, which must not change
 * as long as the model is used. Throws a DiagnosticsError: with BAD_FILE for what is not such a file, is truncated or
 * damaged; with TOO_LARGE for what is beyond `limits.ts`; with BAD_MODEL and UNSUPPORTED_* for what a well-formed file
 * holds, with all that is found. Each tensor that a graph uses has then a shape with positive extents, each tensor
 * index lies in range, and operators stand in an order in which they can be computed.
 */
export function readModel(bytes: Uint8Array): SourceModel {
  requireAtMost(MAX_FILE_BYTES, bytes.length, 'bytes')
  const file = new FlatbufferFile(bytes)
  const findings = new Findings()
  const model = new Table(file, rootPosition(file), 'model')
  const version = model.uint32(MODEL.version, 0)
  if (version !== SCHEMA_VERSION) {
    findings.add(
      error('UNSUPPORTED_VERSION', `The version of the schema is ${SCHEMA_VERSION}`, { found: `version = ${version}` }),
    )
  }
  const buffers = readBuffers(file, model, findings)
  const graphs = readGraphs(model, buffers, findings)
  verifySignatures(model, graphs, findings)
  const metadata = readMetadata(model, buffers)
  findings.throwIfAny()
  return { version, description: model.string(MODEL.description) ?? '', graphs, metadata, notices: findings.notices }
}

function readMetadata(model: Table, buffers: Buffers): readonly Metadata[] {
  return mapTables(model, MODEL.metadata, (table) => ({
    name: table.string(METADATA.name) ?? '',
    data: buffers(table.uint32(METADATA.buffer, 0), `${table.path}.buffer`) ?? new Uint8Array(0),
  }))
}

/** Signatures name a subgraph and its tensors: eonc takes those from the subgraph itself, but they have to agree. */
function verifySignatures(model: Table, graphs: readonly SourceGraph[], findings: Findings): void {
  const bad = (rule: string, found: string): void => findings.add(error('BAD_MODEL', rule, { found }))
  mapTables(model, MODEL.signature_defs, (signature) => {
    const index = signature.uint32(SIGNATURE.subgraph_index, 0)
    const graph = graphs[index]
    if (graph === undefined) {
      bad('Signatures name a subgraph of the model', `${signature.path}.subgraph_index = ${index} of ${graphs.length}`)
      return
    }
    for (const field of [SIGNATURE.inputs, SIGNATURE.outputs]) {
      mapTables(signature, field, (entry) => {
        const tensor = entry.uint32(SIGNATURE_TENSOR.tensor_index, 0)
        if (tensor < graph.tensors.length) return
        bad('Signatures name tensors of the model', `${entry.path}.tensor_index = ${tensor} of ${graph.tensors.length}`)
      })
    }
  })
}
