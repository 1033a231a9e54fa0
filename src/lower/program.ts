import type { ElementType, Quantization } from '../ir/index.js'
import type { Constant, PackedField } from '../packing/index.js'

/** Where a tensor is found at run time: at an offset of the arena, or in a constant. */
export type Placement =
  { readonly kind: 'arena'; readonly offset: number } | { readonly kind: 'constant'; readonly name: string }

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
}

/** One kernel call: `function(parameters, inputs..., output)`. */
export interface KernelCall {
  /** Lines for the reader: operator, name, types and shapes. */
  readonly comment: readonly string[]
  /** Name of the parameters without the model's prefix, such as `op3`. */
  readonly name: string
  readonly family: string
  /** Element type suffix of the kernel, such as `s8`. */
  readonly type: string
  readonly set: string
  readonly fields: Readonly<Record<string, PackedField>>
  readonly inputs: readonly Argument[]
  readonly output: Argument
}

/** A model as data, ready to be written as C++. */
export interface Program {
  /** Identifier that prefixes everything public. */
  readonly name: string
  readonly inputs: readonly ProgramTensor[]
  readonly outputs: readonly ProgramTensor[]
  /** Bytes of the arena: at least 1, and a multiple of its alignment. */
  readonly arenaBytes: number
  readonly arenaAlignment: number
  readonly constants: readonly Constant[]
  readonly calls: readonly KernelCall[]
}
