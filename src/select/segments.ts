import type { KernelRequest } from '../ops/index.js'
import type { ProgramSet } from './kernel-set.js'

/**
 * How a sequence, a single row, is made some pixels at a time: by the kernels that make rows, which are the fast ones, and
 * make pixels in pairs at least. Only the last pixels may be fewer.
 */
export interface Segments<Choice> {
  readonly pixels: number
  /** The kernel, which makes these as if they were all of a row. */
  readonly kernel: Choice
}

/** Calls take the longer, compared with pixels, the faster those are. */
const FEW_PIXELS = 4
const MANY_PIXELS = 12

/** Pixels of a segment of a kernel set. */
export const segmentPixels = (set: ProgramSet): number => (set === 'mve' ? MANY_PIXELS : FEW_PIXELS)

/** The request to make so many pixels of a sequence, as if nothing were beside them; undefined for what makes none. */
export function segmentRequest(request: KernelRequest, most: number): KernelRequest | undefined {
  const { output_height: height, output_width: width, input_width: inputWidth, stride_width: stride } = request.fields
  if (height !== 1 || typeof width !== 'number' || typeof inputWidth !== 'number' || typeof stride !== 'number')
    return undefined
  const pixels = Math.min(most, width)
  // as many columns fewer as the windows of the others begin further on
  const columns = Math.max(1, inputWidth - (width - pixels) * stride)
  return { ...request, fields: { ...request.fields, output_width: pixels, input_width: columns } }
}
