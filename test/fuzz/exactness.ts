/** Which tensors have one right value for each element, and which may differ by rounding. */
import type { ModelSpec, OperatorSpec, TensorSpec } from '../support/model-writer.js'

/** Operators whose float32 results depend on the order of sums, or on the math library. */
const ROUNDING_KINDS: ReadonlySet<string | number> = new Set([
  'AVERAGE_POOL_2D',
  'CONV_2D',
  'DEPTHWISE_CONV_2D',
  'FULLY_CONNECTED',
  'LOGISTIC',
  'MEAN',
  'SOFTMAX',
  'TANH',
])

/**
 * Tensors that are computed from rounded floats. Those of type float32 have a tolerance; int8 ones may be off by one,
 * where a QUANTIZE has rounded such a float.
 */
export function inexactTensors(
  tensors: readonly TensorSpec[],
  operators: readonly OperatorSpec[],
): ReadonlySet<number> {
  const inexact = new Set<number>()
  for (const { kind, inputs, outputs } of operators) {
    const rounds = ROUNDING_KINDS.has(kind) && outputs.some((index) => tensors[index]?.type === 'float32')
    if (rounds || inputs.some((index) => inexact.has(index))) for (const index of outputs) inexact.add(index)
  }
  return inexact
}

/** Whether one tensor is computed from rounded floats. */
export function derivesFromInexact(
  tensors: readonly TensorSpec[],
  operators: readonly OperatorSpec[],
  tensor: number,
): boolean {
  return inexactTensors(tensors, operators).has(tensor)
}

/** Steps by which each output of a model may be off: 0 for exact integers, 1 for rounded ones; null for float32. */
export function outputTolerances({ tensors, operators, outputs }: ModelSpec): readonly (0 | 1 | null)[] {
  const inexact = inexactTensors(tensors, operators)
  return outputs.map((index) => (tensors[index]?.type === 'float32' ? null : inexact.has(index) ? 1 : 0))
}
