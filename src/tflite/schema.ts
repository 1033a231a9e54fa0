/** A field of a table: its position in the schema, and its name there for diagnostics. */
export interface Field {
  readonly slot: number
  readonly name: string
}

type Fields<Names extends readonly string[]> = Readonly<Record<Names[number], Field>>

function fields<const Names extends readonly string[]>(...names: Names): Fields<Names> {
  return Object.fromEntries(names.map((name, slot) => [name, { slot, name }])) as Fields<Names>
}

/*
 * The tables of TensorFlow Lite's schema, version 3, as far as eonc reads them: all fields of each in the schema's
 * order, up to the last that matters. A union takes two fields, its type and its table.
 */

export const MODEL = fields(
  'version',
  'operator_codes',
  'subgraphs',
  'description',
  'buffers',
  'metadata_buffer',
  'metadata',
  'signature_defs',
)

export const OPERATOR_CODE = fields('deprecated_builtin_code', 'custom_code', 'version', 'builtin_code')

export const SUBGRAPH = fields('tensors', 'inputs', 'outputs', 'operators', 'name')

export const TENSOR = fields(
  'shape',
  'type',
  'buffer',
  'name',
  'quantization',
  'is_variable',
  'sparsity',
  'shape_signature',
  'has_rank',
  'variant_tensors',
  'external_buffer',
)

export const QUANTIZATION = fields(
  'min',
  'max',
  'scale',
  'zero_point',
  'details_type',
  'details',
  'quantized_dimension',
)

export const OPERATOR = fields('opcode_index', 'inputs', 'outputs', 'builtin_options_type', 'builtin_options')

export const BUFFER = fields('data', 'offset', 'size')

export const METADATA = fields('name', 'buffer')

/*
 * What TensorFlow Lite's metadata, a flatbuffer of their own within a model, say of the files that are packed with it.
 */

export const MODEL_METADATA = fields('name', 'description', 'version', 'subgraph_metadata')

export const SUBGRAPH_METADATA = fields('name', 'description', 'input_tensor_metadata', 'output_tensor_metadata')

export const TENSOR_METADATA = fields(
  'name',
  'description',
  'dimension_names',
  'content',
  'process_units',
  'stats',
  'associated_files',
)

export const ASSOCIATED_FILE = fields('name', 'description', 'type')

/** The type of a file that holds a label for each element along an axis, one a line. */
export const AXIS_LABELS = 2

export const SIGNATURE = fields('inputs', 'outputs', 'signature_key', 'deprecated_tag', 'subgraph_index')

export const SIGNATURE_TENSOR = fields('name', 'tensor_index')

/** Names of the union that a quantization's `details` is, by its type. */
export const QUANTIZATION_DETAILS = [
  'none',
  'CustomQuantization',
  'BlockwiseQuantization',
  'MultiAxisQuantization',
] as const
