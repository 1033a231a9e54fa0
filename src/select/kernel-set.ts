import type { KernelRequest } from '../ops/index.js'

/** What kernels are chosen for: least RAM, fast with small code, or fastest. */
export const GOALS = ['ram', 'balanced', 'speed'] as const
export type Goal = (typeof GOALS)[number]

/** A request as a kernel set takes it. */
export interface FittedRequest {
  readonly request: KernelRequest
  /** Bytes that a call needs beside its tensors. */
  readonly scratchBytes: number
}

/** One family of a kernel set: how it takes a request; undefined where it has no exact way to compute it. */
export type FastKernel = (request: KernelRequest, goal: Goal) => FittedRequest | undefined

/** The same of a kernel that takes its input in pieces of `count` elements. It needs no scratch. */
export type AccumulatingKernel = (request: KernelRequest, count: number, goal: Goal) => FittedRequest | undefined
