import { InternalError } from '../ir/index.js'
import type { Argument, KernelCall, Segment } from '../lower/index.js'
import { cType, wrap } from './cpp.js'

/** Name of the kernel function of a call on whole tensors; its parameters are `<function>_params`. */
export const kernelFunction = ({ family, type, set }: Pick<KernelCall, 'family' | 'type' | 'set'>): string =>
  ['eonc', family, type, ...(set === 'portable' || set === 'float32' ? [] : [set])].join('_')

/** Kernel files of a call, within `src/kernels`: the kernel's own, and what reads ROM and finds the pieces of a cascade. */
export function kernelPaths({ family, set, form, inputs, output }: KernelCall): readonly string[] {
  const kernel = `${family}/${set}${form === 'accumulate' || form === 'lanes' ? `_${form}` : ''}.h`
  const pieces = [...inputs, output].some(({ piece }) => piece !== undefined) ? ['common/piece.h'] : []
  return [kernel, 'common/rom.h', ...pieces, ...(form === 'segment' ? ['common/segment.h'] : [])]
}

function tensor({ type, placement }: Argument): string {
  if (placement.kind === 'fed') throw new InternalError('an input that is fed has no place of its own')
  return placement.kind === 'arena'
    ? `at<${cType(type)}>(arena, ${placement.offset})`
    : `eonc_rom<${cType(type)}>{${placement.name}}`
}

/** A tensor, or the piece of it that `n` counts. */
export function pieceOf(argument: Argument, n: string): string {
  const { piece } = argument
  return piece === undefined
    ? tensor(argument)
    : `eonc_piece(${tensor(argument)}, ${piece.elements}, ${piece.ring}, ${n})`
}

/** The arguments of a kernel that is a template, in angle brackets. */
function templateArguments({ template }: KernelCall): string {
  if (template === undefined) return ''
  return `<${template.map((each) => (typeof each === 'string' ? `EONC_SYMBOL(${each})` : `${each}`)).join(', ')}>`
}

/** What stands around a list, in a line, or in several where that would be too long. */
function listed(before: string, list: readonly string[], after: string, indent: string): string {
  const line = `${indent}${before}${list.join(', ')}${after}`
  return line.length <= 120 ? line : `${indent}${before}\n${wrap(list, `${indent}    `)}${after}`
}

/** The lines of a call that makes segment `n` of a sequence. */
function segmentLines(
  call: KernelCall,
  input: Argument,
  { pixels, inputWidth, outputWidth, lines }: Segment,
  scratch: readonly string[],
  indent: string,
  n: string,
): string {
  const kernel = kernelFunction(call)
  const first = `${n} * ${pixels}`
  const room = lines === undefined ? 'nullptr' : `at<int8_t>(arena, ${lines})`
  const where = [tensor(input), `${input.piece?.ring ?? 0}`, first, `${inputWidth}`, `${outputWidth}`, room]
  return [
    `${indent}{`,
    `${indent}  const eonc_segment<${kernel}_params> segment =`,
    listed('eonc_window_segment(', [`eonc_from_rom(${call.name})`, ...where], ');', `${indent}      `),
    listed(
      `${kernel}_row${templateArguments(call)}(`,
      ['segment.params', 'segment.rows', ...scratch, pieceOf(call.output, first)],
      ');',
      `${indent}  `,
    ),
    `${indent}}`,
  ].join('\n')
}

/**
 * The lines of a call. In a cascade, `n` is the C++ expression that counts the pieces of the operator. `refused` is the
 * status that is returned where a library does not take a call.
 */
export function callLines(call: KernelCall, indent: string, n = '0', refused = ''): string {
  const { form, inputs, output } = call
  const parameters = `eonc_from_rom(${call.name})`
  const [input] = inputs
  const scratch = call.scratch === undefined ? [] : [`at<uint32_t>(arena, ${call.scratch})`]
  const results = pieceOf(output, n)
  const write = (kernel: string, list: readonly string[]): string => {
    const [before, after] = call.set === 'cmsis_nn' ? [`if (!${kernel}(`, ')) {'] : [`${kernel}(`, ');']
    const lines = listed(before, list, after, indent)
    return call.set === 'cmsis_nn' ? `${lines}\n${indent}  return ${refused};\n${indent}}` : lines
  }
  const template = templateArguments(call)
  if (form === 'whole' || form === 'elements') {
    return write(`${kernelFunction(call)}${template}`, [
      parameters,
      ...inputs.map((each) => pieceOf(each, n)),
      ...scratch,
      results,
    ])
  }
  if (form === 'lanes') {
    const { delay = 0 } = call
    const queue = call.scratch === undefined ? 'nullptr' : `at<${cType(output.type)}>(arena, ${call.scratch})`
    return write(`${kernelFunction(call)}_lanes`, [parameters, results, queue, `${delay}`])
  }
  if (input === undefined) throw new InternalError(`${kernelFunction(call)} in a cascade has no input`)
  if (call.segment !== undefined) return segmentLines(call, input, call.segment, scratch, indent, n)
  if (form === 'row' || form === 'pixel') {
    const find = form === 'row' ? 'eonc_window_rows' : 'eonc_window_pixel'
    const window = `${find}(eonc_from_rom(${call.name}.window), ${tensor(input)}, ${input.piece?.ring ?? 0}, ${n})`
    return write(`${kernelFunction(call)}_${form}${template}`, [parameters, window, ...scratch, results])
  }
  const elements = input.piece?.elements ?? 0
  const accumulator = cType(output.type === 'float32' ? 'float32' : 'int32')
  const accumulators = `at<${accumulator}>(arena, ${call.accumulators ?? 0})`
  return write(`${kernelFunction(call)}_accumulate`, [
    parameters,
    accumulators,
    pieceOf(input, n),
    `${n} * ${elements}`,
    `${elements}`,
    results,
  ])
}
