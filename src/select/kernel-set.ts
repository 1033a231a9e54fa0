import type { KernelRequest } from '../ops/index.js'

/** A request as a kernel set takes it. */
export interface FittedRequest {
  readonly request: KernelRequest
  /** Bytes that a call needs beside its tensors. */
  readonly scratchBytes: number
}

/** One family of a kernel set: how it takes a request; undefined where it has no exact way to compute it. */
export type FastKernel = (request: KernelRequest) => FittedRequest | undefined

/** The same of a kernel that takes its input in pieces of `count` elements. It needs no scratch. */
export type AccumulatingKernel = (request: KernelRequest, count: number) => FittedRequest | undefined
