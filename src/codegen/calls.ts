import { InternalError } from '../ir/index.js'
import type { Argument, KernelCall } from '../lower/index.js'
import { cType, wrap } from './cpp.js'

/** Name of the kernel function of a call on whole tensors; its parameters are `<function>_params`. */
export const kernelFunction = ({ family, type, set }: Pick<KernelCall, 'family' | 'type' | 'set'>): string =>
  ['eonc', family, type, ...(set === 'portable' || set === 'float32' ? [] : [set])].join('_')

/** Kernel files of a call, within `src/kernels`: the kernel's own, and what finds the rows of a cascade. */
export function kernelPaths({ family, set, form, inputs, output }: KernelCall): readonly string[] {
  const kernel = `${family}/${set}${form === 'accumulate' ? '_accumulate' : ''}.h`
  return [...inputs, output].some(({ row }) => row !== undefined) ? [kernel, 'common/row.h'] : [kernel]
}

function tensor({ type, placement }: Argument): string {
  if (placement.kind === 'fed') throw new InternalError('an input that is fed has no place of its own')
  return placement.kind === 'arena' ? `at<${cType(type)}>(arena, ${placement.offset})` : placement.name
}

/** A tensor, or the row of it that `y` counts. */
export function rowOf(argument: Argument, y: string): string {
  const { row } = argument
  return row === undefined ? tensor(argument) : `eonc_row(${tensor(argument)}, ${row.elements}, ${row.ring}, ${y})`
}

/** The lines of a call. In a cascade, `y` is the C++ expression that counts the rows of the operator. */
export function callLines(call: KernelCall, indent: string, y = '0'): string {
  const { form, name, inputs, output } = call
  const [input] = inputs
  const results = rowOf(output, y)
  const write = (kernel: string, list: readonly string[]): string => {
    const line = `${indent}${kernel}(${list.join(', ')});`
    return line.length <= 120 ? line : `${indent}${kernel}(\n${wrap(list, `${indent}    `)});`
  }
  if (form === 'whole' || form === 'elements') {
    return write(kernelFunction(call), [name, ...inputs.map((each) => rowOf(each, y)), results])
  }
  if (input === undefined) throw new InternalError(`${kernelFunction(call)} in a cascade has no input`)
  if (form === 'window') {
    const rows = `eonc_window_rows(${name}.window, ${tensor(input)}, ${input.row?.ring ?? 0}, ${y})`
    return write(`${kernelFunction(call)}_row`, [name, rows, results])
  }
  const elements = input.row?.elements ?? 0
  const accumulator = cType(output.type === 'float32' ? 'float32' : 'int32')
  const accumulators = `at<${accumulator}>(arena, ${call.accumulators ?? 0})`
  return write(`${kernelFunction(call)}_accumulate`, [
    name,
    accumulators,
    rowOf(input, y),
    `${y} * ${elements}`,
    `${elements}`,
    results,
  ])
}
