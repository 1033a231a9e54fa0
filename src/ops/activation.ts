import type { Tensor } from '../ir/index.js'
import type { Constraint, Instance } from './definition.js'

/** Fused activation functions by their numbers in the schema's `ActivationFunctionType`. */
const ACTIVATIONS = ['NONE', 'RELU', 'RELU_N1_TO_1', 'RELU6', 'TANH', 'SIGN_BIT'] as const

export type Activation = (typeof ACTIVATIONS)[number] | 'UNKNOWN'

/** Closed range that outputs are limited to: quantized units for integers, real ones for floats. */
export interface Range {
  readonly min: number
  readonly max: number
}

/** Options of every operator that can limit its output. */
export interface Activated {
  readonly activation: Activation
  /** A further limit, in the output's own units, that a pass moved here from an operator behind. */
  readonly clamp?: Range
}

/** The activation of a schema number. */
export function parseActivation(value: number): Activation {
  return ACTIVATIONS[value] ?? 'UNKNOWN'
}

const REAL_RANGES: Partial<Record<Activation, Range>> = {
  NONE: { min: -Infinity, max: Infinity },
  RELU: { min: 0, max: Infinity },
  RELU_N1_TO_1: { min: -1, max: 1 },
  RELU6: { min: 0, max: 6 },
}

/** Rounds half away from zero, as C's `round` does. */
export function roundHalfAway(value: number): number {
  return Math.sign(value) * Math.floor(Math.abs(value) + 0.5)
}

/** `real / scale` rounded in float32, as TensorFlow Lite's activation ranges are. */
function steps(real: number, scale: number): number {
  return Number.isFinite(real) ? roundHalfAway(Math.fround(real / scale)) : real
}

/** Range of an integer type that eonc computes with. */
export function integerRange(type: string): Range {
  return type === 'int8' ? { min: -128, max: 127 } : { min: -(2 ** 31), max: 2 ** 31 - 1 }
}

/** The largest finite float32 and its negative: TensorFlow Lite limits outputs to these where no activation does. */
const FLOAT32_MAX = (2 - 2 ** -23) * 2 ** 127
const FLOAT32_RANGE: Range = { min: -FLOAT32_MAX, max: FLOAT32_MAX }

function intersect(a: Range, b: Range): Range {
  return { min: Math.max(a.min, b.min), max: Math.min(a.max, b.max) }
}

/** The range of values in `range` after they have been limited to `limits`. */
export function limitTo(range: Range, limits: Range): Range {
  const limited = (value: number): number => Math.min(limits.max, Math.max(limits.min, value))
  return { min: limited(range.min), max: limited(range.max) }
}

/** The range that an operator's output is limited to: by its type, its fused activation and a moved clamp. */
export function outputRange(instance: Instance<Activated>, output: Tensor): Range {
  const real = REAL_RANGES[instance.options.activation] ?? { min: -Infinity, max: Infinity }
  const clamp = instance.options.clamp ?? { min: -Infinity, max: Infinity }
  if (output.type === 'float32') return intersect(intersect(FLOAT32_RANGE, real), clamp)
  const scale = output.quantization?.scales[0] ?? 1
  const zeroPoint = output.quantization?.zeroPoints[0] ?? 0
  const activation = { min: zeroPoint + steps(real.min, scale), max: zeroPoint + steps(real.max, scale) }
  return limitTo(intersect(integerRange(output.type), activation), clamp)
}

/** Rules for a fused activation, shared by all operators that can have one. */
export const activationConstraints: readonly Constraint<Activated>[] = [
  {
    code: 'UNSUPPORTED_OPTION',
    rule: 'The fused activation is NONE, RELU, RELU_N1_TO_1 or RELU6',
    help: 'Use one of these, or put the activation into an operator of its own.',
    holds: ({ options }) => options.activation in REAL_RANGES,
    found: ({ options }) => `fused_activation_function = ${options.activation}`,
  },
  {
    code: 'UNSUPPORTED_QUANTIZATION',
    rule: 'The limits of the fused activation fit 32 bits in the quantization of the output',
    help: 'Quantize the model again with representative data: the output scale is far too small.',
    holds: ({ options, outputs }) => {
      const output = outputs[0]
      const limit = REAL_RANGES[options.activation]?.max ?? 0
      if (output?.type !== 'int8' || !Number.isFinite(limit)) return true
      return Math.abs(steps(limit, output.quantization?.scales[0] ?? 1)) <= 2 ** 31 - 1
    },
    found: ({ outputs }) => `output scale ${outputs[0]?.quantization?.scales[0]}`,
  },
]
