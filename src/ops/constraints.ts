import type { ElementType, Tensor } from '../ir/index.js'
import type { QuantizedMultiplier } from './arithmetic/quantized-multiplier.js'
import type { Constraint, Instance } from './definition.js'

/** The first input or output that an instance is known to have, because a prerequisite constraint said so. */
export function present(tensor: Tensor | undefined): Tensor {
  if (tensor === undefined) throw new RangeError('a tensor that a constraint demands is missing')
  return tensor
}

/** Shape as users write it: `1x49x10x1`, or `scalar`. */
export function formatShape(shape: readonly number[]): string {
  return shape.length === 0 ? 'scalar' : shape.join('x')
}

/** `int8 1x49x10x1 "name"`, for messages. */
export function describeTensor(tensor: Tensor | undefined): string {
  return tensor === undefined ? 'nothing' : `${tensor.type} ${formatShape(tensor.shape)} "${tensor.name}"`
}

/** As many inputs and outputs as the operator needs; optional inputs come last and may be left out. */
export function arity(required: number, optional = 0, outputs = 1): Constraint {
  const inputs = optional === 0 ? `${required}` : `${required} to ${required + optional}`
  return {
    code: 'BAD_MODEL',
    rule: `The operator has ${inputs} ${required + optional === 1 ? 'input' : 'inputs'} and ${outputs} output`,
    help: 'The file is damaged, or of a converter that eonc does not know: export it again.',
    prerequisite: true,
    holds: (instance) =>
      instance.inputs.length >= required &&
      instance.inputs.length <= required + optional &&
      instance.inputs.slice(0, required).every((tensor) => tensor !== undefined) &&
      instance.outputs.length === outputs,
    found: ({ inputs, outputs }) => `${inputs.filter(Boolean).length} inputs and ${outputs.length} outputs`,
  }
}

const WAYS_OUT: Partial<Record<ElementType, string>> = {
  int16: 'Quantize to full int8: the int16x8 scheme is not supported.',
  uint8: 'Convert again with inference_input_type and inference_output_type int8.',
  float16: 'Convert again without float16 weights, or quantize to full int8.',
  int4: 'Quantize the weights to int8.',
}

/** What to do about an element type that eonc does not compute with. */
export function typeHelp(type: ElementType | undefined): string {
  return (
    (type && WAYS_OUT[type]) ??
    'Quantize the model to full int8 with a representative data set, or keep it all float32.'
  )
}

/** Input `index` (when present) has one of `types`. */
export function inputType(index: number, what: string, types: readonly ElementType[]): Constraint {
  return {
    code: 'UNSUPPORTED_TYPE',
    rule: `The ${what} is ${types.join(' or ')}`,
    help: typeHelp(undefined),
    prerequisite: true,
    holds: ({ inputs }) => inputs[index] === undefined || types.includes(inputs[index].type),
    found: ({ inputs }) => describeTensor(inputs[index]),
  }
}

/** Output 0 has the type of input 0. */
export const sameType: Constraint = {
  code: 'UNSUPPORTED_TYPE',
  rule: 'Input and output have the same type',
  help: typeHelp(undefined),
  prerequisite: true,
  holds: ({ inputs, outputs }) => inputs[0]?.type === outputs[0]?.type,
  found: ({ inputs, outputs }) => `${inputs[0]?.type} in, ${outputs[0]?.type} out`,
}

/** All inputs have the type of the first one. */
export const sameInputTypes: Constraint = {
  code: 'UNSUPPORTED_TYPE',
  rule: 'All inputs have the same type',
  help: typeHelp(undefined),
  prerequisite: true,
  holds: ({ inputs }) => inputs.every((input) => input?.type === inputs[0]?.type),
  found: ({ inputs }) => inputs.map(describeTensor).join(', '),
}

/** Input `index` is a constant when present. */
export function constantInput(index: number, what: string): Constraint {
  return {
    code: 'UNSUPPORTED_GRAPH',
    rule: `The ${what} is a constant`,
    help: 'Only constants known when the model is compiled can be used here.',
    prerequisite: true,
    holds: ({ inputs }) => inputs[index] === undefined || inputs[index].data !== undefined,
    found: ({ inputs }) => `${describeTensor(inputs[index])} is computed at run time`,
  }
}

/** Input `index` has `rank` dimensions. */
export function inputRank(index: number, what: string, rank: number): Constraint {
  return {
    code: 'UNSUPPORTED_SHAPE',
    rule: `The ${what} has ${rank} dimensions`,
    help: 'Reshape the tensor to this rank in the model.',
    prerequisite: true,
    holds: ({ inputs }) => inputs[index]?.shape.length === rank,
    found: ({ inputs }) => describeTensor(inputs[index]),
  }
}

/** No input has more than `most` dimensions. */
export function maxRank(most: number): Constraint {
  return {
    code: 'UNSUPPORTED_SHAPE',
    rule: `Inputs have at most ${most} dimensions`,
    help: 'Reshape the tensors in the model: merge neighbouring dimensions.',
    prerequisite: true,
    holds: ({ inputs }) => inputs.every((input) => (input?.shape.length ?? 0) <= most),
    found: ({ inputs }) => inputs.map(describeTensor).join(', '),
  }
}

/** Every int8 tensor among the data inputs and the outputs has one scale and one zero point. */
export function perTensorQuantization(inputs: readonly number[]): Constraint {
  const tensors = (instance: Instance) => [...inputs.map((index) => instance.inputs[index]), ...instance.outputs]
  const bad = (tensor: Tensor | undefined) => tensor?.type === 'int8' && tensor.quantization?.scales.length !== 1
  return {
    code: 'UNSUPPORTED_QUANTIZATION',
    rule: 'int8 activations are quantized per tensor, with one scale and one zero point',
    help: 'Quantize the model to full int8 with a representative data set.',
    prerequisite: true,
    holds: (instance) => !tensors(instance).some(bad),
    found: (instance) => {
      const tensor = tensors(instance).find(bad)
      return `${describeTensor(tensor)} with ${tensor?.quantization?.scales.length ?? 0} scales`
    },
  }
}

/** The largest left shift that the kernels can do: the factor 2^30 still fits 31 bits. */
export const MAX_LEFT_SHIFT = 30

/** The factor from what an int8 kernel accumulates to its output is one that kernels can scale by; `rule` says it in scales. */
export function factorInRange<Options>(
  rule: string,
  of: (instance: Instance<Options>) => QuantizedMultiplier,
): Constraint<Options> {
  return {
    code: 'UNSUPPORTED_QUANTIZATION',
    rule,
    help: 'Quantize the model again with representative data: its scales are out of proportion.',
    holds: (instance) => present(instance.outputs[0]).type === 'float32' || of(instance).shift <= MAX_LEFT_SHIFT,
    found: (instance) => `a factor of about 2^${of(instance).shift}`,
  }
}

/** The output has the shape that `infer` gives. */
export function outputShape<Options>(infer: (instance: Instance<Options>) => readonly number[]): Constraint<Options> {
  return {
    code: 'BAD_MODEL',
    rule: 'The output has the shape that the operator computes',
    help: 'The file is damaged: export it again.',
    prerequisite: true,
    holds: (instance) => formatShape(infer(instance)) === formatShape(present(instance.outputs[0]).shape),
    found: (instance) => `${describeTensor(instance.outputs[0])} instead of ${formatShape(infer(instance))}`,
  }
}

/** Same rule with another sentence for what was found or done, where the shared one is too general. */
export function withHelp<Options>(constraint: Constraint<Options>, help: string): Constraint<Options> {
  return { ...constraint, help }
}

/** Scale and zero point of a tensor that is quantized per tensor. */
export function scaleOf(tensor: Tensor): number {
  return tensor.quantization?.scales[0] ?? 1
}

export function zeroPointOf(tensor: Tensor): number {
  return tensor.quantization?.zeroPoints[0] ?? 0
}
