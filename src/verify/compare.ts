import { type ElementType, toElements } from '../ir/index.js'
import type { TensorFacts } from '../plugin.js'

/** Floats may be off by this share of the largest absolute value of their tensor. Everything else is exact. */
const FLOAT32_TOLERANCE = 1e-5

function tensorDifference(type: ElementType, expected: Uint8Array, actual: Uint8Array): string | undefined {
  const [want, got] = [toElements(type, expected), toElements(type, actual)]
  if (want === undefined || got?.length !== want.length)
    return `${got?.length ?? 0} elements instead of ${want?.length ?? 0}`
  const largest = Array.from(want).reduce(
    (most, each) => (Number.isFinite(each) ? Math.max(most, Math.abs(each)) : most),
    0,
  )
  const tolerance = type === 'float32' ? FLOAT32_TOLERANCE * largest : 0
  const wrong = [...want.keys()].filter((i) => {
    const [a = NaN, b = NaN] = [want[i], got[i]]
    return !(Object.is(a, b) || a === b || Math.abs(a - b) <= tolerance)
  })
  const [first] = wrong
  if (first === undefined) return undefined
  return `element ${first} is ${got[first] ?? NaN} instead of ${want[first] ?? NaN} (${wrong.length} of ${want.length} differ)`
}

/** The first difference between outputs of several inferences, as a sentence; undefined when they agree. */
export function outputDifference(
  outputs: readonly TensorFacts[],
  expected: readonly (readonly Uint8Array[])[],
  actual: readonly (readonly Uint8Array[])[],
): string | undefined {
  for (const [vector, tensors] of expected.entries()) {
    for (const [index, { type }] of outputs.entries()) {
      const [want, got] = [tensors[index], actual[vector]?.[index]]
      if (want === undefined || got === undefined) return `inference ${vector} has no output ${index}`
      const found = tensorDifference(type, want, got)
      if (found !== undefined) return `inference ${vector}, output ${index} (${type}): ${found}`
    }
  }
  return undefined
}
