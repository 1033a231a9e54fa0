/** Hooks around the operators of a network, for an application that measures them: nothing unless it asks for them. */
import { callsOf, type KernelCall, type Program } from '../lower/index.js'
import { kernelFunction } from './calls.js'
import { commentText, fill, macroCase } from './cpp.js'

/** The calls of each operator, which follow one another, in the order of the program. */
function byOperator(calls: readonly KernelCall[]): readonly (readonly [KernelCall, ...KernelCall[]])[] {
  const groups: [KernelCall, ...KernelCall[]][] = []
  for (const call of calls) {
    const last = groups.at(-1)
    if (last?.[0].operator.index === call.operator.index) last.push(call)
    else groups.push([call])
  }
  return groups
}

/** Text as a string literal of C++: names in a model are anybody's. */
const stringLiteral = (text: string): string => `"${commentText(text).replace(/["\\]/g, '\\$&')}"`

/** What templates print of the hooks: the macros around an operator, and a line on each one for the table. */
export function profileFacts(program: Program): object {
  const upper = macroCase(program.name)
  const entries = byOperator(callsOf(program)).map(([first, ...others]) => {
    const { index, kind, name = '' } = first.operator
    const kernels = [...new Set([first, ...others].map(kernelFunction))].join(', ')
    const items = [`{${index},`, `${stringLiteral(kind)},`, `${stringLiteral(name)},`, `${stringLiteral(kernels)}},`]
    return fill(items, '     ', { first: '    ' })
  })
  return { begin: `${upper}_BEGIN`, end: `${upper}_END`, entries }
}

/**
 * Lines of calls with the hooks around those of each operator, which they name by its place in the table. `lines` gives
 * those of one call, its comment first.
 */
export function hookedLines(
  calls: readonly KernelCall[],
  program: Program,
  indent: string,
  lines: (call: KernelCall) => readonly [comment: readonly string[], call: string],
): readonly string[] {
  const upper = macroCase(program.name)
  const order = byOperator(callsOf(program)).map(([{ operator }]) => operator.index)
  return byOperator(calls).flatMap(([first, ...others]) => {
    const place = order.indexOf(first.operator.index)
    const [comment, call] = lines(first)
    return [
      ...comment,
      `${indent}${upper}_BEGIN(${place});`,
      call,
      ...others.flatMap((other) => lines(other).flat()),
      `${indent}${upper}_END(${place});`,
    ]
  })
}
