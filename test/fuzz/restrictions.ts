/** What eonc refuses on purpose though the oracle computes something. */
import type { Diagnostic } from '../../src/ir/index.js'

/**
 * Rules that may refuse any model: the oracle shifts by more bits than there are, converts numbers to integers that they
 * do not fit, or writes beyond its lists.
 */
const UNDEFINED: readonly RegExp[] = [
  /^A float32 mean lists at most 4 axes$/,
  /^Scales of input, weights and output give a factor below 2\^30$/,
  /^The limit 6 fits 32 bits in the quantization of the input$/,
  /^The limits of the fused activation fit 32 bits in the quantization of the output$/,
  /^The scale of an int8 input is at least 2\^-28 and below 2\^35$/,
  /^The [a-z0-9 ]+ (is|are) below 2\^30 times (that of the output|the output scale)/,
]

/**
 * Rules that may refuse models that are damaged: what the oracle does with them is undefined behaviour or makes no
 * sense, or eonc does not support it.
 */
const DAMAGED: readonly RegExp[] = [
  // Not supported.
  /^Inputs and outputs of a model have a type that eonc computes with$/,
  /^The [a-z ]+ is a constant$/,
  /^The bias is int32 for int8 inputs and float32 for float32 inputs$/,
  /^The operator [A-Z_]+ is not supported$/,
  /^int8 weights are symmetric: their zero points are 0$/,
  // The oracle takes an activation that it does not know as none, and quantization that is missing as a scale of 0.
  /^The fused activation is NONE, RELU, RELU_N1_TO_1 or RELU6$/,
  /^alpha is finite$/,
  /^int8 activations are quantized per tensor, with one scale and one zero point$/,
  // The oracle reads or writes beyond its tensors, divides by zero, or computes nothing.
  /^All inputs have the same type$/,
  /^Input and output have the same type$/,
  /^Strides and dilations are from 1 to /,
  /^The (first )?(input|output) is (int8|float32)/,
  /^The window has at least one row and one column$/,
]

/** Rules of a refusal that are not known to be intended. A damaged file may contradict itself in any way. */
export function unintended(diagnostics: readonly Diagnostic[], damaged: boolean): readonly Diagnostic[] {
  const intended = damaged ? [...UNDEFINED, ...DAMAGED] : UNDEFINED
  return diagnostics.filter(({ code, rule }) => {
    if (damaged && (code === 'BAD_MODEL' || code === 'BAD_FILE')) return false
    return !intended.some((pattern) => pattern.test(rule))
  })
}
