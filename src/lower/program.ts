import type { ElementType, Quantization } from '../ir/index.js'
import type { Constant, PackedField } from '../packing/index.js'
import type { Packing, ProgramSet, TemplateArgument } from '../select/index.js'
import type { Turns } from './turns.js'

/** Where a tensor is found at run time: at an offset of the arena, in a constant, or nowhere whole, as it is fed. */
export type Placement =
  | { readonly kind: 'arena'; readonly offset: number }
  | { readonly kind: 'constant'; readonly name: string }
  | { readonly kind: 'fed' }

/** An input or output of the model. */
export interface ProgramTensor {
  readonly name: string
  readonly type: ElementType
  readonly shape: readonly number[]
  readonly quantization?: Quantization
  readonly placement: Placement
}

/** A tensor as an argument of a kernel call. */
export interface Argument {
  readonly type: ElementType
  readonly placement: Placement
  /** In a cascade: the call is given one row or pixel. Left out where it is given all of the tensor. */
  readonly piece?: {
    readonly elements: number
    /** Pieces of the ring that holds the tensor; 0 when it is held whole. */
    readonly ring: number
  }
}

/** A call that makes some pixels of a sequence as if they were all of a row. */
export interface Segment {
  readonly pixels: number
  /** Pixels of the sequences. */
  readonly inputWidth: number
  readonly outputWidth: number
  /** Offset of the room for rows of input that a ring holds in two pieces, where one may. */
  readonly lines?: number
}

/**
 * How a kernel is called: on the `whole` tensors, or in a cascade to make one `row`, one `pixel` or one `segment` of a
 * sequence out of a window of the input, on the `elements` of one piece, or to `accumulate` one piece of the input; or by `lanes`, channel by channel, on
 * whole tensors that are the same memory.
 */
export type CallForm = 'whole' | 'row' | 'pixel' | 'segment' | 'elements' | 'accumulate' | 'lanes'

/** One kernel call: parameters, inputs, output. */
export interface KernelCall {
  /** Index of the operator in the file, its kind, and the name of its output. */
  readonly operator: { readonly index: number; readonly kind: string; readonly name?: string }
  /** Lines for the reader: operator, name, types and shapes. Only the first call of an operator has them. */
  readonly comment: readonly string[]
  /** Name of the parameters without the model's prefix, such as `op3`. */
  readonly name: string
  readonly form: CallForm
  readonly family: string
  /** Element type suffix of the kernel, such as `s8`. */
  readonly type: string
  readonly set: string
  /** Arguments of the kernel's template, where it is one. */
  readonly template?: readonly TemplateArgument[]
  readonly fields: Readonly<Record<string, PackedField>>
  readonly inputs: readonly Argument[]
  readonly output: Argument
  /** Offset of the accumulators, for the form `accumulate`. */
  readonly accumulators?: number
  /** Offset of what the kernel needs beside its tensors, where it does. */
  readonly scratch?: number
  /** For the form `segment`. */
  readonly segment?: Segment
  /** Results that wait in the scratch, for the form `lanes`. */
  readonly delay?: number
  /** What it saves and costs that its weights are packed, if they are. */
  readonly packing?: Packing
  /** What computes it, or why it is not what was asked for, where a user had a choice. */
  readonly note?: string
}

/** Operators that run one after the other, each on whole tensors. */
export interface LayerStage {
  readonly kind: 'layer'
  readonly calls: readonly KernelCall[]
}

/** Operators that run together, piece by piece. */
export interface CascadeStage {
  readonly kind: 'cascade'
  readonly name: string
  /** Lines for the reader: which rings replace which tensors. */
  readonly comment: readonly string[]
  /** The calls that make the next piece of each operator. */
  readonly units: readonly (readonly KernelCall[])[]
  /** Pieces that each of them makes in an inference. */
  readonly pieces: readonly number[]
  /** Some of them are pixels. */
  readonly pixels: boolean
  /** Whose turn it is. */
  readonly turns: Turns
}

/** How an input comes that does not lie in the context whole: the application pushes it, or is called for it. */
export type FeedMode = 'stream' | 'callback'

/** An input that comes piece by piece. */
export interface ProgramFeed {
  readonly mode: FeedMode
  /** Position among the model's inputs. */
  readonly input: number
  /** What the application pushes or is asked for at a time: how often in an inference, and elements of each. */
  readonly units: number
  readonly unitElements: number
  /** Pieces that a unit is taken into memory in, one by one. */
  readonly piecesOfUnit: number
  /** Where a piece goes. */
  readonly target: Argument
  /** The first stage takes the pieces as they come: they are what its unit 0 makes. Else it begins when all are there. */
  readonly cascaded: boolean
}

/** A model as data, ready to be written as C++. */
export interface Program {
  /** Identifier that prefixes everything public. */
  readonly name: string
  /** The kernel set that it is made for. */
  readonly set: ProgramSet
  readonly inputs: readonly ProgramTensor[]
  readonly outputs: readonly ProgramTensor[]
  /** Bytes of the arena: at least 1, and a multiple of its alignment. */
  readonly arenaBytes: number
  readonly arenaAlignment: number
  readonly constants: readonly Constant[]
  readonly stages: readonly (LayerStage | CascadeStage)[]
  /** An inference leaves its inputs as they are. */
  readonly preserving?: boolean
  readonly feed?: ProgramFeed
}

/** All kernel calls of a program, in order. */
export function callsOf({ stages }: Program): readonly KernelCall[] {
  return stages.flatMap((stage) => (stage.kind === 'layer' ? stage.calls : stage.units.flat()))
}
