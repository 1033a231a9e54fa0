/** Comparison of outputs: integers exactly, float32 within the project's tolerance. */
import { type Elements, type ElementType, toElements } from '../../src/ir/tensor.js'
import type { ModelSpec } from '../support/model-writer.js'
import { outputTolerances } from './exactness.js'

/** |ours - oracle| may be this share of the largest absolute value of the oracle's tensor. */
const FLOAT32_TOLERANCE = 1e-5

/** What outputs are compared by. */
export interface OutputFormat {
  readonly type: ElementType
  /** Steps that an integer may be off by; null for float32. */
  readonly tolerance: 0 | 1 | null
}

/** The formats of a model's outputs, in order. */
export function outputFormats(model: ModelSpec): readonly OutputFormat[] {
  const tolerances = outputTolerances(model)
  return model.outputs.map((index, i) => ({
    type: model.tensors[index]?.type ?? 'int8',
    tolerance: tolerances[i] ?? null,
  }))
}

function limit(expected: Elements, tolerance: OutputFormat['tolerance']): number {
  if (tolerance !== null) return tolerance
  let most = 0
  for (const value of expected) if (Number.isFinite(value)) most = Math.max(most, Math.abs(value))
  return FLOAT32_TOLERANCE * most
}

/** The first difference between two outputs, as a sentence; undefined when they agree. */
export function difference(expected: Uint8Array, actual: Uint8Array, format: OutputFormat): string | undefined {
  const [want, got] = [toElements(format.type, expected), toElements(format.type, actual)]
  if (want === undefined || got === undefined) return `outputs of type ${format.type} cannot be compared`
  if (want.length !== got.length) return `${got.length} elements instead of ${want.length}`
  const most = limit(want, format.tolerance)
  let wrong = 0
  let first = ''
  for (let i = 0; i < want.length; i += 1) {
    const [a = NaN, b = NaN] = [want[i], got[i]]
    if (a === b || (Number.isNaN(a) && Number.isNaN(b)) || Math.abs(a - b) <= most) continue
    if (wrong === 0) first = `element ${i} is ${b} instead of ${a}`
    wrong += 1
  }
  return wrong === 0 ? undefined : `${first} (${wrong} of ${want.length} elements differ)`
}

/** The first difference between two lists of vectors of outputs. `actual` may have fewer vectors, given by `indices`. */
export function vectorDifference(
  expected: readonly (readonly Uint8Array[])[],
  actual: readonly (readonly Uint8Array[])[],
  formats: readonly OutputFormat[],
  indices: readonly number[] = expected.map((_, index) => index),
): string | undefined {
  for (const [position, vector] of indices.entries()) {
    for (const [output, format] of formats.entries()) {
      const want = expected[vector]?.[output] ?? new Uint8Array()
      const found = difference(want, actual[position]?.[output] ?? new Uint8Array(), format)
      if (found !== undefined) return `vector ${vector}, output ${output} (${format.type}): ${found}`
    }
  }
  return undefined
}
