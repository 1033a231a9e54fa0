/** Inputs and outputs of a model, and its public functions, as C++. */
import { elementBytes, elementCount } from '../ir/index.js'
import type { Program, ProgramTensor } from '../lower/index.js'
import { commentText, cType, declaration, fill, floatLiteral, macroCase } from './cpp.js'
import { arenaFacts, type Library } from './library.js'

/** The expression that an accessor returns; null for an input that never lies in the context whole. */
function accessor({ type, placement }: ProgramTensor, arena: string): string {
  if (placement.kind === 'fed') return 'nullptr'
  return placement.kind === 'arena' ? `at<${cType(type)}>(${arena}, ${placement.offset})` : placement.name
}

/** What templates print of an input or an output. */
export function ioFacts(
  tensor: ProgramTensor,
  what: 'Input' | 'Output',
  index: number,
  { upper, arena }: { readonly upper: string; readonly arena: string },
): object {
  const elements = elementCount(tensor.shape)
  const quantization = tensor.type === 'float32' ? undefined : tensor.quantization
  const scale = quantization?.scales.length === 1 ? floatLiteral(quantization.scales[0] ?? 1) : ''
  const name = commentText(tensor.name)
  const type = `${tensor.type} ${tensor.shape.length === 0 ? 'scalar' : tensor.shape.join('x')}`
  const words = scale === '' ? [`${type} */`] : [`${type};`, 'real value = scale * (element - zero point) */']
  return {
    macro: `${upper}_${macroCase(what)}_${index}`,
    name,
    comment: fill([`"${name}":`, ...words], ' * ', { first: `/* ${what} ${index}, ` }),
    shapeList: tensor.shape.length === 0 ? '1' : tensor.shape.join(', '),
    rank: tensor.shape.length,
    elements,
    bytes: elements * (elementBytes(tensor.type) ?? 1),
    scale,
    zeroPoint: quantization?.zeroPoints[0] ?? 0,
    pointer: accessor(tensor, arena),
  }
}

/** `int8_t` where all tensors have that type, `void` where they differ. */
function commonType(tensors: readonly ProgramTensor[]): string {
  const types = new Set(tensors.map(({ type }) => cType(type)))
  return types.size === 1 ? ([...types][0] ?? 'void') : 'void'
}

/** The public functions. */
export function declarations(
  { name, inputs, outputs, feed }: Program,
  library: Library,
): Readonly<Record<string, string>> {
  const { sharedLast: shared = '' } = arenaFacts(library)
  const start = `${name}_context *context`
  const context = `${start}${shared}`
  const constant = `const ${start}${shared.replace(', ', ', const ')}`
  return {
    reset: declaration(`void ${name}_reset`, start),
    input: declaration(`${commonType(inputs)} *${name}_input`, `${context}, int index`),
    output: declaration(`const ${commonType(outputs)} *${name}_output`, `${constant}, int index`),
    invoke: declaration(`${name}_status ${name}_invoke`, context),
    push: declaration(
      `${name}_status ${name}_push`,
      `${context}, const ${feed ? cType(feed.target.type) : 'void'} *data, int units`,
    ),
  }
}
