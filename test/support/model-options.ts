import { bool, float32, int32, int32s, int8, type TableValue } from './flatbuffer-writer.js'

export type Padding = 'SAME' | 'VALID'
export type Activation = 'NONE' | 'RELU' | 'RELU_N1_TO_1' | 'RELU6' | 'TANH' | 'SIGN_BIT'

interface Window {
  readonly padding: Padding
  readonly strideW: number
  readonly strideH: number
  readonly activation?: Activation
}

export interface Conv2DOptions extends Window {
  readonly dilationW?: number
  readonly dilationH?: number
}

export interface DepthwiseConv2DOptions extends Conv2DOptions {
  readonly depthMultiplier: number
}

export interface Pool2DOptions extends Window {
  readonly filterW: number
  readonly filterH: number
}

export interface FullyConnectedOptions {
  readonly activation?: Activation
  readonly weightsFormat?: 'DEFAULT' | 'SHUFFLED4x16INT8'
  readonly keepNumDims?: boolean
}

export interface ArithmeticOptions {
  readonly activation?: Activation
}

export interface ConcatenationOptions {
  readonly axis: number
  readonly activation?: Activation
}

/** For operators whose options table has no fields: `{}` writes the empty table. */
export type EmptyOptions = Readonly<Record<string, never>>

/** Options of the operators that the writer knows, by kind. A field that is left out is left out of the file. */
export interface OptionsByKind {
  readonly ADD: ArithmeticOptions
  readonly AVERAGE_POOL_2D: Pool2DOptions
  readonly CONCATENATION: ConcatenationOptions
  readonly CONV_2D: Conv2DOptions
  readonly DEPTHWISE_CONV_2D: DepthwiseConv2DOptions
  readonly DEQUANTIZE: EmptyOptions
  readonly EXPAND_DIMS: EmptyOptions
  readonly FULLY_CONNECTED: FullyConnectedOptions
  readonly LEAKY_RELU: { readonly alpha: number }
  readonly MAX_POOL_2D: Pool2DOptions
  readonly MEAN: { readonly keepDims?: boolean }
  readonly MUL: ArithmeticOptions
  readonly PAD: EmptyOptions
  readonly PADV2: EmptyOptions
  readonly QUANTIZE: EmptyOptions
  readonly RESHAPE: { readonly newShape?: readonly number[] }
  readonly SOFTMAX: { readonly beta: number }
  readonly SQUEEZE: { readonly squeezeDims?: readonly number[] }
  readonly SUB: ArithmeticOptions
}

/** An options table of any operator: its type in the schema's union `BuiltinOptions`, and its fields by position. */
export interface RawOptions {
  readonly rawType: number
  readonly fields: TableValue
}

const PADDINGS: readonly Padding[] = ['SAME', 'VALID']
const ACTIVATIONS: readonly Activation[] = ['NONE', 'RELU', 'RELU_N1_TO_1', 'RELU6', 'TANH', 'SIGN_BIT']
const WEIGHTS_FORMATS = ['DEFAULT', 'SHUFFLED4x16INT8'] as const

function enumeration<Name>(names: readonly Name[], name: Name | undefined): TableValue[number] {
  return int8(name === undefined ? undefined : names.indexOf(name))
}

function padding(options: Window): TableValue[number] {
  return enumeration(PADDINGS, options.padding)
}

function activation(options: { readonly activation?: Activation }): TableValue[number] {
  return enumeration(ACTIVATIONS, options.activation)
}

function pool(options: Pool2DOptions): TableValue {
  const { strideW, strideH, filterW, filterH } = options
  return [padding(options), int32(strideW), int32(strideH), int32(filterW), int32(filterH), activation(options)]
}

type Writers = {
  readonly [Kind in keyof OptionsByKind]: readonly [type: number, (options: OptionsByKind[Kind]) => TableValue]
}

const WRITERS: Writers = {
  ADD: [11, (options) => [activation(options)]],
  AVERAGE_POOL_2D: [5, pool],
  CONCATENATION: [10, (options) => [int32(options.axis), activation(options)]],
  CONV_2D: [
    1,
    (options) => [
      padding(options),
      int32(options.strideW),
      int32(options.strideH),
      activation(options),
      int32(options.dilationW),
      int32(options.dilationH),
    ],
  ],
  DEPTHWISE_CONV_2D: [
    2,
    (options) => [
      padding(options),
      int32(options.strideW),
      int32(options.strideH),
      int32(options.depthMultiplier),
      activation(options),
      int32(options.dilationW),
      int32(options.dilationH),
    ],
  ],
  DEQUANTIZE: [38, () => []],
  EXPAND_DIMS: [52, () => []],
  FULLY_CONNECTED: [
    8,
    (options) => [activation(options), enumeration(WEIGHTS_FORMATS, options.weightsFormat), bool(options.keepNumDims)],
  ],
  LEAKY_RELU: [75, (options) => [float32(options.alpha)]],
  MAX_POOL_2D: [5, pool],
  MEAN: [27, (options) => [bool(options.keepDims)]],
  MUL: [21, (options) => [activation(options)]],
  PAD: [22, () => []],
  PADV2: [43, () => []],
  QUANTIZE: [89, () => []],
  RESHAPE: [17, (options) => [int32s(options.newShape)]],
  SOFTMAX: [9, (options) => [float32(options.beta)]],
  SQUEEZE: [30, (options) => [int32s(options.squeezeDims)]],
  SUB: [28, (options) => [activation(options)]],
}

function isKnown(kind: string): kind is keyof OptionsByKind {
  return kind in WRITERS
}

function known<Kind extends keyof OptionsByKind>(kind: Kind, options: OptionsByKind[Kind]): RawOptions {
  const [rawType, fields] = WRITERS[kind]
  return { rawType, fields: fields(options) }
}

/** The options table of an operator of any kind, as it is to be written. */
export function toRawOptions(
  kind: string | number,
  options: OptionsByKind[keyof OptionsByKind] | RawOptions,
): RawOptions {
  if ('rawType' in options) return options as RawOptions
  if (typeof kind === 'number' || !isKnown(kind)) throw new RangeError(`give options of ${kind} as raw ones`)
  return known(kind, options as never)
}
