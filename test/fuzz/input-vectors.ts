/** What random models are run on. */
import { elementCount, type ElementType } from '../../src/ir/tensor.js'
import type { ModelSpec } from '../support/model-writer.js'
import { type Random, seededRandom } from '../support/random.js'
import { uniform } from './quantization.js'

/** How the elements of one vector are made: at random, then what is likely to saturate or to cancel out. */
const STYLES = ['random', 'random', 'least', 'most', 'alternating', 'small'] as const
type Style = (typeof STYLES)[number]

export const VECTORS = STYLES.length

function byte(random: Random, style: Style, index: number): number {
  switch (style) {
    case 'least':
      return -128
    case 'most':
      return 127
    case 'alternating':
      return index % 2 === 0 ? -128 : 127
    case 'small':
      return random.between(-3, 3)
    case 'random':
      return random.between(-128, 127)
  }
}

function real(random: Random, style: Style, index: number): number {
  switch (style) {
    case 'least':
      return 0
    case 'most':
      return 4
    case 'alternating':
      return index % 2 === 0 ? -4 : 4
    case 'small':
      return random.chance(0.2) ? -0 : uniform(random, -1e-3, 1e-3)
    case 'random':
      return uniform(random, -4, 4)
  }
}

/** Elements of types that only damaged models have as inputs: small numbers that fit all of them. */
function other(type: ElementType, count: number): Uint8Array {
  if (type === 'int64') return new Uint8Array(BigInt64Array.from({ length: count }, (_, i) => BigInt(i % 3)).buffer)
  if (type === 'int32') return new Uint8Array(Int32Array.from({ length: count }, (_, i) => i % 3).buffer)
  if (type === 'int16') return new Uint8Array(Int16Array.from({ length: count }, (_, i) => i % 3).buffer)
  return Uint8Array.from({ length: count }, (_, i) => i % 2)
}

function elements(random: Random, type: ElementType, count: number, style: Style): Uint8Array {
  const length = { length: count }
  if (type === 'int8') return new Uint8Array(Int8Array.from(length, (_, i) => byte(random, style, i)).buffer)
  if (type === 'float32') return new Uint8Array(Float32Array.from(length, (_, i) => real(random, style, i)).buffer)
  return other(type, count)
}

/** Vectors for a model: the bytes of each input, in order. */
export function inputVectors(model: ModelSpec, seed: number): readonly (readonly Uint8Array[])[] {
  const random = seededRandom(seed)
  return STYLES.map((style) =>
    model.inputs.map((index) => {
      const { type, shape } = model.tensors[index] ?? { type: 'int8', shape: [] }
      return elements(random, type, elementCount(shape), style)
    }),
  )
}
