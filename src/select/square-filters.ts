/** Depthwise filters of 3x3, for which several kernel sets have kernels that go along the columns of a row. */
import type { KernelRequest } from '../ops/index.js'
import { numberField } from './fields.js'

type Fields = KernelRequest['fields']

/** Filters of 3x3 that move by one or two columns, for each channel from the same one. */
export function isSquare(fields: Fields): boolean {
  const expected = { filter_height: 3, filter_width: 3, dilation_width: 1, depth_multiplier: 1 }
  const matches = Object.entries(expected).every(([name, value]) => numberField(fields, name) === value)
  return matches && numberField(fields, 'stride_width') <= 2
}

/** Whether along an axis every window takes two of three rows or columns at least. */
function staysInside(fields: Fields, axis: 'height' | 'width', before: 'padding_top' | 'padding_left'): boolean {
  const of = (name: string): number => numberField(fields, name)
  const padding = of(before)
  const last = (of(`output_${axis}`) - 1) * of(`stride_${axis}`) - padding
  return of(`dilation_${axis}`) === 1 && padding <= 1 && last + 2 <= of(`input_${axis}`) && of(`input_${axis}`) >= 3
}

/** Whether at most one row and one column of every window lies in the padding. */
export function hasNarrowPadding(fields: Fields): boolean {
  return staysInside(fields, 'height', 'padding_top') && staysInside(fields, 'width', 'padding_left')
}
