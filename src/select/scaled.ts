/** What kernel sets that scale by a multiplication and a shift to the right have in common. */
import type { KernelRequest } from '../ops/index.js'
import { numberField } from './fields.js'
import type { FastKernel } from './kernel-set.js'

/** The next multiple of a number. */
export const roundUp = (count: number, multiple: number): number => Math.ceil(count / multiple) * multiple

/** Whether what is below the output zero point is cut off, so that the sign of a sum does not count. */
export const cutsBelowZeroPoint = ({ fields }: KernelRequest): boolean =>
  numberField(fields, 'clamp_min') >= numberField(fields, 'output_zero_point')

/** ADD, SUB and MUL of a set that shifts to the right by 1 to `mostShift` exactly. */
export function elementwiseKernels(mostShift: number): Readonly<Record<'sum' | 'mul', FastKernel>> {
  /** Shifts of requests are to the left. */
  const rounds = (shift: number): boolean => -shift >= 1 && -shift <= mostShift
  // an operand of a sum is scaled by at most a half, and by that exactly
  const scalesOperand = ({ fields }: KernelRequest, operand: 1 | 2): boolean => {
    const shift = numberField(fields, `shift_${operand}`)
    return rounds(shift) || (shift === 0 && numberField(fields, `multiplier_${operand}`) === 2 ** 30)
  }
  return {
    sum: (request) => {
      const fits = rounds(numberField(request.fields, 'output_shift'))
      return fits && scalesOperand(request, 1) && scalesOperand(request, 2) ? { request, scratchBytes: 0 } : undefined
    },
    mul: (request) => (rounds(numberField(request.fields, 'shift')) ? { request, scratchBytes: 0 } : undefined),
  }
}
