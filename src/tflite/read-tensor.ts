import type { Diagnostic, Location } from '../ir/diagnostic.js'
import { elementCount, type ElementType, type Tensor } from '../ir/tensor.js'
import { ELEMENT_TYPES, OTHER_TYPES, storedBytes } from './element-types.js'
import { error, type Findings, formatShape, SMALLER } from './findings.js'
import type { Table } from './flatbuffer-table.js'
import { MAX_RANK, MAX_TENSOR_BYTES } from './limits.js'
import type { Buffers } from './read-buffers.js'
import { readQuantization } from './read-quantization.js'
import { TENSOR } from './schema.js'

/** A tensor with what is to be said about it only if the graph uses it: exporters leave odd ones behind unused. */
export interface ReadTensor {
  readonly tensor: Tensor
  readonly remarks: readonly Diagnostic[]
}

/** What reading a tensor needs besides its table. */
export interface TensorContext {
  readonly subgraph: number
  readonly buffers: Buffers
  readonly findings: Findings
}

/** Rule of the remark on a shape that the exporter left open. */
export const FIXED_SHAPES = 'Shapes are fixed: dynamic shapes are not supported'

const EXPORT_FIXED = 'Export the model with a fixed shape for each input, batch size included.'

/** Reads tensor `index` of a subgraph. Inconsistencies become findings; data is a view of the file. */
export function readTensor(table: Table, index: number, context: TensorContext): ReadTensor {
  const { findings } = context
  const name = table.string(TENSOR.name) ?? ''
  const where: Location = { subgraph: context.subgraph, tensor: { index, name } }
  const shape = table.int32s(TENSOR.shape) ?? []
  if (shape.some((extent) => extent < -1)) {
    findings.add(error('BAD_MODEL', 'Extents of a shape are positive', { where, found: `shape ${formatShape(shape)}` }))
  }
  const isVariable = table.uint8(TENSOR.is_variable, 0) !== 0
  const data = context.buffers(table.uint32(TENSOR.buffer, 0), `${table.path}.buffer`)
  const type = readType(table, where, findings)
  const remarks = [...featureRemarks(table, where), ...shapeRemarks(table, shape, where)]
  // An unknown type is an error already, whatever else there is to find.
  if (type === undefined) return { tensor: { index, name, type: 'int8', shape, isVariable }, remarks }
  const sizeFinding = verifySize(type, shape, data, where)
  if (sizeFinding?.code === 'TOO_LARGE') remarks.push(sizeFinding)
  else if (sizeFinding !== undefined) findings.add(sizeFinding)
  const parameters = table.table(TENSOR.quantization)
  const quantization = parameters && readQuantization(parameters, type, shape, where, findings)
  const optional = { ...(quantization && { quantization }), ...(data && { data }) }
  return { tensor: { index, name, type, shape, isVariable, ...optional }, remarks }
}

/** What is wrong with the size of a tensor: constant data of another length, or more than can be computed. */
function verifySize(
  type: ElementType,
  shape: readonly number[],
  data: Uint8Array | undefined,
  where: Location,
): Diagnostic | undefined {
  if (shape.length > MAX_RANK || shape.some((extent) => extent < 0)) return undefined
  const bytes = storedBytes(type, elementCount(shape))
  if (bytes === undefined || data?.length === bytes) return undefined
  const size = `${type} ${formatShape(shape)}, which takes ${bytes}`
  if (data !== undefined) {
    return error('BAD_MODEL', 'Constant data is as long as shape and type say', {
      where,
      found: `${data.length} bytes for ${size}`,
    })
  }
  if (bytes <= MAX_TENSOR_BYTES) return undefined
  const rule = `A tensor takes at most ${MAX_TENSOR_BYTES} bytes`
  return error('TOO_LARGE', rule, { where, found: size, help: SMALLER })
}

function readType(table: Table, where: Location, findings: Findings): ElementType | undefined {
  const code = table.int8(TENSOR.type, 0)
  const type = ELEMENT_TYPES[code]
  if (type !== undefined) return type
  const other = OTHER_TYPES.get(code)
  findings.add(
    other === undefined
      ? error('BAD_MODEL', 'The type of a tensor is one of the schema', { where, found: `type = ${code}` })
      : error('UNSUPPORTED_TYPE', 'The type of a tensor is not an 8-bit floating-point type', {
          where,
          found: `type = ${other}`,
          help: 'Export the model as float32 or with int8 quantization.',
        }),
  )
  return undefined
}

/** Features of the format that eonc does not read. */
function featureRemarks(table: Table, where: Location): Diagnostic[] {
  const remarks: Diagnostic[] = []
  const refuse = (rule: string, found: string, help: string): void => {
    remarks.push(error('UNSUPPORTED_TYPE', rule, { where, found, help }))
  }
  if (table.has(TENSOR.sparsity)) {
    refuse('Tensors are dense', 'a sparse tensor', 'Densify the model: export it without sparsity.')
  }
  if (table.uint32(TENSOR.external_buffer, 0) !== 0) {
    refuse('Constant data is in the model file', 'data in an external file', 'Export the model as one file.')
  }
  const variants = table.tables(TENSOR.variant_tensors).length
  if (variants > 0 || ELEMENT_TYPES[table.int8(TENSOR.type, 0)] === 'variant') {
    refuse('Tensors hold numbers', 'a variant tensor', 'Export the model without tensor lists (unroll its loops).')
  }
  return remarks
}

/** What stands against a shape, or needs to be said about it. An extent of -1 is one that the exporter left open. */
function shapeRemarks(table: Table, shape: readonly number[], where: Location): readonly Diagnostic[] {
  const text = `shape ${formatShape(shape)}`
  const refuse = (rule: string, found: string, help = EXPORT_FIXED): readonly Diagnostic[] => [
    error('UNSUPPORTED_SHAPE', rule, { where, found, help }),
  ]
  if (shape.length > MAX_RANK) {
    return refuse(`A tensor has at most ${MAX_RANK} dimensions`, `${shape.length} dimensions`, 'Reshape the tensor.')
  }
  if (shape.includes(-1)) return refuse(FIXED_SHAPES, text)
  if (shape.includes(0)) {
    return refuse('Tensors have at least one element', text, 'Remove what makes or reads the empty tensor.')
  }
  const signature = table.int32s(TENSOR.shape_signature) ?? []
  const open = signature.flatMap((extent, dimension) => (extent < 0 ? [dimension] : []))
  if (open.length === 0) return []
  if (open.length === 1 && open[0] === 0 && shape[0] === 1) return [batchNotice(where)]
  return refuse(FIXED_SHAPES, `shape_signature ${formatShape(signature)}, ${text}`)
}

function batchNotice(where: Location): Diagnostic {
  return {
    severity: 'notice',
    code: 'BATCH_ASSUMED',
    rule: 'The batch size that the model leaves open is taken as 1',
    where,
    found: 'batch size -1',
    help: 'Export the model with a fixed batch size to choose another one.',
  }
}
