/** Parameters of kernels as C++. */
import { InternalError } from '../ir/index.js'
import type { KernelCall } from '../lower/index.js'
import { kernelFunction } from './calls.js'
import { floatLiteral, integerLiteral, LIST_COLUMNS, wrap } from './cpp.js'
import { type KernelBundle, type StructMember, structMembers } from './kernel-library.js'

function fieldText(call: KernelCall, member: StructMember): string {
  const value = call.fields[member.name]
  if (value === undefined) throw new InternalError(`${kernelFunction(call)} needs ${member.name}`)
  if (typeof value !== 'number') return 'constant' in value ? value.constant : `EONC_SYMBOL(${value.function})`
  return member.type === 'float' ? floatLiteral(value) : integerLiteral(value)
}

/** The members of a struct as an initializer, each with its name; one that is a struct leaves a column for its brace. */
function initializer(
  call: KernelCall,
  members: readonly StructMember[],
  indent: string,
  columns = LIST_COLUMNS,
): string {
  const items = members.map((member) =>
    member.members === undefined
      ? `/* ${member.name} */ ${fieldText(call, member)}`
      : `/* ${member.name} */ {\n${initializer(call, member.members, `${indent}  `, columns - 1)}}`,
  )
  return wrap(items, indent, columns)
}

function memberNames(members: readonly StructMember[]): readonly string[] {
  return members.flatMap((member) => (member.members ? memberNames(member.members) : [member.name]))
}

/** The parameters of a call: their struct, the name of the constant, and its initializer. */
export function parameters(
  call: KernelCall,
  bundle: KernelBundle,
): { readonly type: string; readonly name: string; readonly text: string } {
  const type = `${kernelFunction(call)}_params`
  const members = structMembers(bundle, type)
  const unknown = Object.keys(call.fields).filter((field) => !memberNames(members).includes(field))
  if (unknown.length > 0) throw new InternalError(`${type} has no ${unknown.join(', ')}`)
  return { type, name: call.name, text: initializer(call, members, '    ') }
}
