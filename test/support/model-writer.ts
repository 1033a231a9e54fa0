/**
 * Writes small .tflite files for tests from typed descriptions:
 *
 *     const file = writeModel({
 *       tensors: [
 *         { name: 'x', type: 'int8', shape: [1, 4], quantization: { scales: [0.5], zeroPoints: [3] } },
 *         { name: 'y', type: 'int8', shape: [1, 4], quantization: { scales: [0.25] } },
 *       ],
 *       operators: [{ kind: 'ADD', version: 2, inputs: [0, 0], outputs: [1], options: { activation: 'RELU' } }],
 *       inputs: [0],
 *       outputs: [1],
 *     })
 *
 * A tensor with `data` is constant. An operator without `options` gets no options table; `{}` gives it one without
 * fields. The writer checks nothing, so that it can write what a reader has to refuse.
 */
import { elementBytes, type ElementType, newElements, toBytes } from '../../src/ir/tensor.js'
import { builtinOperatorCode } from '../../src/tflite/builtin-operators.js'
import {
  bool,
  bytes,
  float32s,
  int32,
  int32s,
  int64,
  int64s,
  int8,
  string,
  table,
  tables,
  type TableValue,
  writeFlatbuffer,
} from './flatbuffer-writer.js'
import { type OptionsByKind, type RawOptions, toRawOptions } from './model-options.js'

export interface QuantizationSpec {
  /** One scale, or one for each slice along `dimension`. Left out: a quantization table without scales. */
  readonly scales?: readonly number[]
  /** Default: one zero for each scale. `[]` leaves them out of the file. */
  readonly zeroPoints?: readonly number[]
  readonly dimension?: number
  readonly min?: readonly number[]
  readonly max?: readonly number[]
  /** Type in the schema's union `QuantizationDetails`; an empty table is written for it. */
  readonly detailsType?: number
}

export interface TensorSpec {
  /** Left out: a tensor without a name. */
  readonly name?: string
  readonly type: ElementType
  /** `[]` for a scalar. */
  readonly shape: readonly number[]
  readonly shapeSignature?: readonly number[]
  readonly quantization?: QuantizationSpec
  /** Elements of a constant, as typed array, as bytes, or as numbers where eonc computes with the type. */
  readonly data?: ArrayBufferView | readonly number[]
  readonly isVariable?: boolean
  /** Index of a buffer, in place of one of its own. Buffer 0 is empty; tensors' buffers follow in order. */
  readonly buffer?: number
  /** Fields of tensors that eonc does not support, or values that the schema does not have. */
  readonly raw?: {
    readonly typeCode?: number
    readonly hasSparsity?: boolean
    readonly variantTensors?: number
    readonly externalBuffer?: number
  }
}

interface OperatorBase {
  /** Default: 1. */
  readonly version?: number
  /** Indices of tensors; -1 for an optional input that is left out. */
  readonly inputs: readonly number[]
  readonly outputs: readonly number[]
}

type KnownOperatorSpec = {
  readonly [Kind in keyof OptionsByKind]: OperatorBase & {
    readonly kind: Kind
    readonly options?: OptionsByKind[Kind] | RawOptions
  }
}[keyof OptionsByKind]

/** Any operator, by its name or code; a custom one with kind `CUSTOM`. */
interface OtherOperatorSpec extends OperatorBase {
  readonly kind: string | number
  readonly customCode?: string
  readonly options?: RawOptions
  /** Index into the list of operator codes, in place of the right one. */
  readonly codeIndex?: number
}

export type OperatorSpec = KnownOperatorSpec | OtherOperatorSpec

export interface SubgraphSpec {
  readonly name?: string
  readonly tensors: readonly TensorSpec[]
  readonly operators: readonly OperatorSpec[]
  readonly inputs: readonly number[]
  readonly outputs: readonly number[]
}

export interface SignatureSpec {
  readonly key: string
  readonly subgraph: number
  readonly inputs: readonly { readonly name: string; readonly tensor: number }[]
  readonly outputs: readonly { readonly name: string; readonly tensor: number }[]
}

export interface ModelSpec extends SubgraphSpec {
  readonly description?: string
  /** Subgraphs besides the first, which is the model itself. */
  readonly subgraphs?: readonly SubgraphSpec[]
  readonly metadata?: readonly { readonly name: string; readonly data: Uint8Array }[]
  readonly signatures?: readonly SignatureSpec[]
  /** Which fields hold operator codes: `new` writers fill both, `old` ones knew only the 8-bit one. Default: `new`. */
  readonly codes?: 'new' | 'old'
  /** Puts constant data behind the flatbuffer, as models above 2 GiB have it. */
  readonly dataOutside?: boolean
  /** Version of the schema. Default: 3. */
  readonly version?: number
  /** Default: `TFL3`. */
  readonly identifier?: string
}

/** Codes of element types in the schema, by position. */
const TYPE_CODES: readonly ElementType[] = [
  ...(['float32', 'float16', 'int32', 'uint8', 'int64', 'string', 'bool', 'int16', 'complex64', 'int8'] as const),
  ...(['float64', 'complex128', 'uint64', 'resource', 'variant', 'uint32', 'uint16', 'int4', 'bfloat16'] as const),
  ...(['int2', 'uint4'] as const),
]

/** The file of a model. Throws a RangeError for an operator name that the schema does not have. */
export function writeModel(model: ModelSpec): Uint8Array {
  const identifier = model.identifier ?? 'TFL3'
  if (!model.dataOutside) return writeFlatbuffer(modelTable(model), identifier)
  // Where the data stands depends on the length of the flatbuffer, which does not depend on where the data stands.
  const end = writeFlatbuffer(modelTable(model, 0), identifier).length
  const flatbuffer = writeFlatbuffer(modelTable(model, end), identifier)
  const data = dataOf(model)
  const file = new Uint8Array(end + data.reduce((sum, each) => sum + padded(each.length), 0))
  file.set(flatbuffer)
  let position = end
  for (const each of data) {
    file.set(each, position)
    position += padded(each.length)
  }
  return file
}

function padded(length: number): number {
  return Math.ceil(length / 16) * 16
}

function modelTable(model: ModelSpec, dataPosition?: number): TableValue {
  const subgraphs = [model, ...(model.subgraphs ?? [])]
  const codes = new OperatorCodes(model.codes ?? 'new')
  const data = dataOf(model)
  const metadata = model.metadata ?? []
  const firstMetadata = 1 + data.length - metadata.length
  let buffer = 1
  const subgraphTables = subgraphs.map((subgraph) => {
    const tensors = subgraph.tensors.map((tensor) => tensorTable(tensor, tensor.data === undefined ? 0 : buffer++))
    const operators = subgraph.operators.map((operator) => operatorTable(operator, codes))
    return [
      tables(tensors),
      int32s(subgraph.inputs),
      int32s(subgraph.outputs),
      tables(operators),
      string(subgraph.name),
    ]
  })
  return [
    int32(model.version ?? 3),
    tables(codes.tables),
    tables(subgraphTables),
    string(model.description),
    tables(bufferTables(data, dataPosition)),
    undefined,
    tables(model.metadata?.map(({ name }, index) => [string(name), int32(firstMetadata + index)])),
    tables(model.signatures?.map(signatureTable)),
  ]
}

/** What stands in buffers 1 and up: the constants of all subgraphs, then metadata. */
function dataOf(model: ModelSpec): readonly Uint8Array[] {
  const tensors = [model, ...(model.subgraphs ?? [])].flatMap((subgraph) => subgraph.tensors)
  const constants = tensors.flatMap(({ type, data }) => (data === undefined ? [] : [dataBytes(type, data)]))
  return [...constants, ...(model.metadata ?? []).map(({ data }) => data)]
}

function dataBytes(type: ElementType, data: ArrayBufferView | readonly number[]): Uint8Array {
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  if (type === 'int64') return new Uint8Array(BigInt64Array.from(data, BigInt).buffer)
  const elements = newElements(type, data.length)
  if (elements === undefined || elementBytes(type) === undefined) throw new RangeError(`give data of ${type} as bytes`)
  elements.set(data)
  return toBytes(elements)
}

function bufferTables(data: readonly Uint8Array[], position: number | undefined): readonly TableValue[] {
  if (position === undefined) return [[], ...data.map((each) => [bytes(each)])]
  let offset = position
  const outside = data.map((each) => {
    const buffer: TableValue = [undefined, int64(offset), int64(each.length)]
    offset += padded(each.length)
    return buffer
  })
  return [[], ...outside]
}

function tensorTable(tensor: TensorSpec, buffer: number): TableValue {
  const { quantization, raw = {} } = tensor
  return [
    int32s(tensor.shape),
    int8(raw.typeCode ?? TYPE_CODES.indexOf(tensor.type)),
    int32(tensor.buffer ?? buffer),
    string(tensor.name),
    table(quantization && quantizationTable(quantization)),
    bool(tensor.isVariable),
    table(raw.hasSparsity ? [] : undefined),
    int32s(tensor.shapeSignature),
    bool(tensor.shape.length > 0),
    tables(raw.variantTensors === undefined ? undefined : Array.from({ length: raw.variantTensors }, () => [])),
    int32(raw.externalBuffer),
  ]
}

function quantizationTable(quantization: QuantizationSpec): TableValue {
  const { scales, detailsType } = quantization
  const zeroPoints = quantization.zeroPoints ?? scales?.map(() => 0)
  return [
    float32s(quantization.min),
    float32s(quantization.max),
    float32s(scales),
    int64s(zeroPoints?.length === 0 ? undefined : zeroPoints),
    int8(detailsType),
    table(detailsType === undefined ? undefined : []),
    int32(quantization.dimension),
  ]
}

function operatorTable(operator: OperatorSpec, codes: OperatorCodes): TableValue {
  const options = operator.options && toRawOptions(operator.kind, operator.options)
  const index = codes.indexOf(operator)
  return [
    int32('codeIndex' in operator ? (operator.codeIndex ?? index) : index),
    int32s(operator.inputs),
    int32s(operator.outputs),
    int8(options?.rawType),
    table(options?.fields),
  ]
}

function signatureTable(signature: SignatureSpec): TableValue {
  const entries = (list: SignatureSpec['inputs']): readonly TableValue[] =>
    list.map(({ name, tensor }) => [string(name), int32(tensor)])
  const { inputs, outputs, key, subgraph } = signature
  return [tables(entries(inputs)), tables(entries(outputs)), string(key), undefined, int32(subgraph)]
}

/** The list of operator codes, which grows with each kind and version that is asked for. */
class OperatorCodes {
  readonly tables: TableValue[] = []
  readonly #keys: string[] = []
  readonly #style: 'new' | 'old'

  constructor(style: 'new' | 'old') {
    this.#style = style
  }

  indexOf(operator: OperatorSpec): number {
    const code = typeof operator.kind === 'number' ? operator.kind : builtinOperatorCode(operator.kind)
    if (code === undefined) throw new RangeError(`no builtin operator ${operator.kind}`)
    const customCode = 'customCode' in operator ? operator.customCode : undefined
    const version = operator.version ?? 1
    const key = `${code} ${version} ${customCode}`
    const known = this.#keys.indexOf(key)
    if (known >= 0) return known
    this.tables.push([
      // Codes that do not fit stand as the placeholder's.
      int8(Math.min(code, 127)),
      string(customCode),
      int32(version),
      int32(this.#style === 'new' ? code : undefined),
    ])
    return this.#keys.push(key) - 1
  }
}
