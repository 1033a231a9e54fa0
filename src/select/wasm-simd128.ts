/**
 * The kernel set `wasm_simd128` takes every request of its families, and needs no scratch: what is too small for its
 * vectors its kernels leave to the portable ones themselves.
 */
import type { KernelRequest } from '../ops/index.js'
import type { AccumulatingKernel, FastKernel, FittedRequest } from './kernel-set.js'

const asIs = (request: KernelRequest): FittedRequest => ({ request, scratchBytes: 0 })

/** The kernels of the set, by family. */
export const wasmKernels: ReadonlyMap<string, FastKernel> = new Map(
  [
    ...['add', 'average_pool_2d', 'conv_2d', 'depthwise_conv_2d'],
    ...['fully_connected', 'max_pool_2d', 'mul', 'sub'],
  ].map((family) => [family, asIs]),
)

/** Those of them that make a single pixel, too. */
export const wasmPixels: ReadonlyMap<string, FastKernel> = new Map(
  ['average_pool_2d', 'conv_2d', 'depthwise_conv_2d', 'max_pool_2d'].map((family) => [family, asIs]),
)

/** The kernels of the set that take their input piece by piece, by family. */
export const wasmAccumulators: ReadonlyMap<string, AccumulatingKernel> = new Map([
  ['average_pool_2d', asIs],
  ['fully_connected', asIs],
])
