import type { DiagnosticCode, Elements, Graph, Operator, OptionsTable, Tensor } from '../ir/index.js'
import { inputTensors, outputTensors } from '../ir/index.js'
import type { ChannelFlow } from './channel-flow.js'

/** An operator together with its tensors: what every method of a definition looks at. */
export interface Instance<Options = unknown> {
  readonly operator: Operator<Options>
  readonly options: Options
  /** Undefined where an optional input is left out. */
  readonly inputs: readonly (Tensor | undefined)[]
  readonly outputs: readonly Tensor[]
}

/** A rule that an operator must keep. The rule's text is the check's message and the line in OPERATORS.md. */
export interface Constraint<Options = unknown> {
  readonly code: DiagnosticCode
  /** A sentence without a full stop that is true of what is supported. */
  readonly rule: string
  /** What a user can do when the rule does not hold, as a sentence. */
  readonly help: string
  /** When it fails, the rules after it are not looked at, as they take it for granted. */
  readonly prerequisite?: boolean
  holds(instance: Instance<Options>): boolean
  /** What was found instead. */
  found?(instance: Instance<Options>): string
}

/** One axis of a sliding window: output position p reads input positions p * stride - before + k * dilation, 0 <= k < size. */
export interface WindowAxis {
  readonly size: number
  readonly stride: number
  readonly dilation: number
  /** Positions of padding before the first input position. */
  readonly before: number
}

/**
 * Which parts of one input an output needs. Rows are the second outermost extent of a rank-4 tensor (NHWC).
 * - `elementwise`: output element i needs input element i, both tensors have as many elements.
 * - `vectors`: output elements [k * output, (k + 1) * output) need input elements [k * input, (k + 1) * input).
 * - `window`: output row y needs the input rows of its window, and within them the columns of its window.
 * - `whole`: any output element may need any input element.
 */
export type Access =
  | { readonly kind: 'elementwise' }
  | { readonly kind: 'vectors'; readonly input: number; readonly output: number }
  | { readonly kind: 'window'; readonly rows: WindowAxis; readonly columns: WindowAxis }
  | { readonly kind: 'whole' }

/** How data flows through an operator; the planner needs nothing else of it. */
export interface DataFlow {
  /** One entry for each input; constants and left-out inputs have entries too, which nobody reads. */
  readonly inputs: readonly Access[]
  /**
   * Inputs whose storage the output may take over, starting at the same byte: the kernel has read all that an element
   * or vector of the output needs before it writes there.
   */
  readonly inPlace: readonly number[]
  /** Each channel of the output needs the same channel of the input alone, so that it can run lane by lane in place. */
  readonly lanewise: boolean
  /** The input is consumed unit by unit into accumulators, so that it needs no storage of its own. */
  readonly accumulates: boolean
}

/** How finely cascades are cut: into rows, or into pixels, which needs less memory and more calls. */
export const GRANULARITIES = ['row', 'pixel'] as const
export type Granularity = (typeof GRANULARITIES)[number]

/** The pieces in which an operator can make its output, one after the other. */
export interface Units {
  /** By the kernel's row or pixel function on a `window` of the input, or by the kernel on the `elements` of a piece. */
  readonly form: 'window' | 'elements'
  /** Leading dimensions behind the batch along which the output is cut: 1 for rows, 2 for pixels. */
  readonly dimensions: number
  readonly count: number
  /** Pixels of a piece of a sequence, 1 unless told. The last piece may have fewer. */
  readonly segment?: number
}

/** Constants and numbers for one kernel call. A field's name is the name of the kernel's parameter in C++. */
export type KernelField = number | Int8Array | Uint8Array | Int16Array | Int32Array | Float32Array

/** What an operator asks of the kernels: a family and a type, named as in `src/kernels`, and the parameters. */
export interface KernelRequest {
  /** Folder of the kernel family, such as `conv_2d`. */
  readonly family: string
  /**
   * Element type that the kernel computes in: `s8` or `f32`, `s8_f32` where input and output differ, `b8` where it only
   * moves bytes.
   */
  readonly type: string
  readonly fields: Readonly<Record<string, KernelField>>
  /** Indices into the instance's inputs of the tensors that the call reads, in order. Constant ones come from ROM. */
  readonly reads: readonly number[]
}

/** Everything that eonc knows of one kind of operator. */
export interface OperatorDefinition<Options = unknown> {
  readonly kind: string
  /** Highest operator version of the schema that this definition understands. */
  readonly maxVersion: number
  /** One line for OPERATORS.md: what is computed, in which types. */
  readonly summary: string
  parse(table: OptionsTable): Options
  readonly constraints: readonly Constraint<Options>[]
  /** The output only gives its first input another shape: no code, no memory. */
  readonly aliases?: boolean
  /**
   * There is no kernel: the operator is folded when the model is compiled, as its result depends on `shapes` alone, or
   * on `constants`.
   */
  readonly compileTime?: 'shapes' | 'constants'
  dataFlow(instance: Instance<Options>): DataFlow
  /** How the output is computed piece by piece (see `src/schedule/flow.ts`). Left out, or undefined: only all at once. */
  units?(instance: Instance<Options>, granularity: Granularity): Units | undefined
  /**
   * Bytes of accumulators with which the operator can take its input a piece at a time, in order, so that the input needs
   * no memory of its own. Left out, or undefined: it cannot.
   */
  accumulatorBytes?(instance: Instance<Options>): number | undefined
  /**
   * What the operator does with channels of int8 tensors. Left out, or undefined: it needs all of its inputs, and nothing is
   * known of its output.
   */
  channels?(instance: Instance<Options>): ChannelFlow | undefined
  /** Multiplications by weights of one inference. */
  macs?(instance: Instance<Options>): number
  /**
   * Reference semantics, equal to TensorFlow Lite Micro's reference kernels: byte for byte on integers, within 1e-5
   * relative on float32. Inputs are in the operator's order, undefined where left out.
   */
  evaluate(instance: Instance<Options>, inputs: readonly (Elements | undefined)[]): readonly Elements[]
  /** The bias once the input zero point is folded into it: bias - zero point * sum of weights, modulo 2^32. */
  foldedBias?(instance: Instance<Options>): Int32Array
  /** The kernel call that computes the operator, or several that run one after the other and write the same output. */
  lower(instance: Instance<Options>): KernelRequest | readonly KernelRequest[]
}

/** The operators that a compilation knows, by kind. A value that is passed along, so that more can be added to it. */
export type OperatorSet = ReadonlyMap<string, OperatorDefinition>

/** An operator of a graph with its tensors. */
export function instanceOf<Options>(graph: Graph, operator: Operator<Options>): Instance<Options> {
  return {
    operator,
    options: operator.options,
    inputs: inputTensors(graph, operator),
    outputs: outputTensors(graph, operator),
  }
}
