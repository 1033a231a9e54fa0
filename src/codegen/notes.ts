import { callsOf, type Program } from '../lower/index.js'
import { kernelFunction } from './calls.js'
import { fill } from './cpp.js'

/** What computes each operator, and why, where a user has asked for it; the others of a program say nothing. */
export function notes(program: Program): readonly string[] {
  const calls = callsOf(program).filter(({ note }) => note !== undefined)
  return calls.map(({ operator: { index, kind }, set, note = '', ...call }) =>
    fill(
      `${index} ${kind}: ${set === 'cmsis_nn' ? note : `${kernelFunction({ ...call, set })}, as ${note}`}`.split(' '),
      ' *     ',
      {
        first: ' *   ',
      },
    ),
  )
}
