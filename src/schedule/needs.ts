import { type Tensor, tensorBytes } from '../ir/index.js'
import type { Access, Units, WindowAxis } from '../ops/index.js'

export type WindowAccess = Extract<Access, { readonly kind: 'window' }>

/** Bytes of an input that one of an operator's steps needs: from the first up to, not including, the second. */
export type Needs = (step: number) => readonly [number, number]

/** Positions along one axis that output position `p` reads, inside an input of `extent` positions. */
function windowReach(axis: WindowAxis, p: number, extent: number): readonly [number, number] {
  const first = p * axis.stride - axis.before
  const from = Math.min(extent, Math.max(0, first))
  return [from, Math.max(from, Math.min(extent, first + (axis.size - 1) * axis.dilation + 1))]
}

/** What each row of an output needs of an input that a window slides over: whole rows. */
export function rowNeeds({ rows }: WindowAccess, input: Tensor): Needs {
  const [, height = 1] = input.shape
  const rowBytes = tensorBytes(input) / height
  return (step) => {
    const [first, last] = windowReach(rows, step, height)
    return [first * rowBytes, last * rowBytes]
  }
}

/**
 * What each pixel of an output needs, or each segment of a sequence: from the first to the last pixel of the windows, the
 * rows between them whole.
 */
export function pixelNeeds(
  { rows, columns }: WindowAccess,
  input: Tensor,
  output: Tensor,
  { segment = 1 }: Units,
): Needs {
  const [, height = 1, width = 1] = input.shape
  const [, , outputWidth = 1] = output.shape
  const bytes = tensorBytes(input)
  const pixelBytes = bytes / (height * width)
  return (step) => {
    const n = step * segment
    const first = n % outputWidth
    const last = Math.min(first + segment, outputWidth) - 1
    const [top, bottom] = windowReach(rows, Math.floor(n / outputWidth), height)
    const [left] = windowReach(columns, first, width)
    const [, right] = windowReach(columns, last, width)
    // windows that lie in the padding need nothing
    if (top === bottom || left === right) return [bytes, 0]
    return [(top * width + left) * pixelBytes, ((bottom - 1) * width + right) * pixelBytes]
  }
}

/** What each step needs, so that what is needed first is also done with first. */
export function inOrder(steps: number, needs: Needs): { readonly from: Int32Array; readonly to: Int32Array } {
  const from = new Int32Array(steps)
  const to = new Int32Array(steps)
  for (let step = 0; step < steps; step += 1) [from[step], to[step]] = needs(step) as [number, number]
  for (let step = steps - 2; step >= 0; step -= 1) from[step] = Math.min(from[step] ?? 0, from[step + 1] ?? 0)
  for (let step = 1; step < steps; step += 1) to[step] = Math.max(to[step] ?? 0, to[step - 1] ?? 0)
  return { from, to }
}

/** Pixels of its input that a segment takes side by side: all that it reads, where no other one reads them too. */
export function pixelsTogether({ columns }: WindowAccess, input: Tensor, { segment = 1 }: Units): number {
  const overlaps = (columns.size - 1) * columns.dilation >= columns.stride
  return overlaps || columns.before > 0 || input.shape[1] !== 1 ? 1 : segment * columns.stride
}

/** Bytes of the rows of input that a segment reads, put together where a ring may hold them in two pieces. */
export function linesBytes(access: WindowAccess, input: Tensor, units: Units): number {
  const { segment } = units
  if (segment === undefined || pixelsTogether(access, input, units) > 1) return 0
  const { rows, columns } = access
  const [, height = 1, width = 1] = input.shape
  const reach = (segment - 1) * columns.stride + (columns.size - 1) * columns.dilation + 1
  return (tensorBytes(input) / height / width) * Math.min(rows.size, height) * Math.min(reach, width)
}
