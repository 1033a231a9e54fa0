import { InternalError } from '../ir/index.js'
import type { KernelField, KernelRequest } from '../ops/index.js'

type Fields = KernelRequest['fields']

/** A number among the parameters of a kernel. */
export function numberField(fields: Fields, name: string): number {
  const value = fields[name]
  if (typeof value !== 'number') throw new InternalError(`a kernel request has no number ${name}`)
  return value
}

/** An array among the parameters of a kernel, of the given type. */
export function arrayField<Elements extends KernelField>(
  fields: Fields,
  name: string,
  type: abstract new (...parameters: never[]) => Elements,
): Elements {
  const value = fields[name]
  if (!(value instanceof type)) throw new InternalError(`a kernel request has no ${type.name} ${name}`)
  return value
}
