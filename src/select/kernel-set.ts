import type { KernelRequest } from '../ops/index.js'
import { roundUp } from './scaled.js'

/** What kernels are chosen for: least RAM, fast with small code, or fastest. */
export const GOALS = ['ram', 'balanced', 'speed'] as const
export type Goal = (typeof GOALS)[number]

/** The kernel sets that programs are made for; where one has no fast way, `portable` has one. The best one first. */
export const PROGRAM_SETS = ['mve', 'dsp', 'armv6m', 'wasm_simd128', 'portable'] as const
export type OwnSet = (typeof PROGRAM_SETS)[number]

/** Programs of calls of CMSIS-NN, for each kind of core that it needs other scratch on; `cmsis_nn` is for all others. */
export const CMSIS_NN_SETS = ['cmsis_nn_mve', 'cmsis_nn_dsp', 'cmsis_nn'] as const
export type CmsisNnSet = (typeof CMSIS_NN_SETS)[number]

/** What a program is made for. */
export type ProgramSet = OwnSet | CmsisNnSet

/** The kernel sets that exist: files of a family's folder in `src/kernels`. */
export type KernelSet =
  | OwnSet
  | 'cmsis_nn'
  | 'armv6m_columns'
  | 'armv6m_pointwise'
  | 'armv6m_wide'
  | 'dsp_columns'
  | 'dsp_shape'
  | 'dsp_wide'
  | 'dsp_winograd'
  | 'float32'

/** What a kernel's template is given: a function in assembler, by its name without prefix, or a number. */
export type TemplateArgument = string | number

/** A request as a kernel set takes it. */
export interface FittedRequest {
  readonly request: KernelRequest
  /** Bytes that a call needs beside its tensors. */
  readonly scratchBytes: number
  /** The set of the kernel, where it is another than that of the program. */
  readonly set?: KernelSet
  /** Arguments of the kernel's template, where it is one. */
  readonly template?: readonly TemplateArgument[]
}

/** One family of a kernel set: how it takes a request; undefined where it has no exact way to compute it. */
export type FastKernel = (request: KernelRequest, goal: Goal) => FittedRequest | undefined

/** The same of a kernel that takes its input in pieces of `count` elements. It needs no scratch. */
export type AccumulatingKernel = (request: KernelRequest, count: number, goal: Goal) => FittedRequest | undefined

/** Bytes of scratch that kernels take, so that something else can lie behind it. */
export const scratchOf = (kernels: readonly { readonly scratchBytes: number }[]): number =>
  roundUp(
    kernels.reduce((most, { scratchBytes }) => Math.max(most, scratchBytes), 0),
    4,
  )
