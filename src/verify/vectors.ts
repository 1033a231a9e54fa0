import { elementBytes, type Elements, type ElementType, InternalError, toBytes, toElements } from '../ir/index.js'
import type { TensorFacts } from '../plugin.js'

/** How the elements of an input are made: at random, then what is likely to saturate or to cancel out. */
const STYLES = ['random', 'random', 'least', 'most', 'alternating', 'small'] as const
type Style = (typeof STYLES)[number]

/** The range of the elements of a type. For floats, what trained networks are likely to see; a bool is 0 or 1. */
const RANGES: Partial<Record<ElementType, readonly [least: number, most: number]>> = {
  float32: [-4, 4],
  int8: [-128, 127],
  uint8: [0, 255],
  int16: [-32768, 32767],
  int32: [-100, 100],
  bool: [0, 1],
}

/** Numbers from 0 to 1, the same on every machine: a counter, mixed. */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x9e3779b9) | 0
    const mixed = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d)
    return ((Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39) ^ (mixed >>> 15)) >>> 0) / 2 ** 32
  }
}

function value(style: Style, index: number, random: () => number, [least, most]: readonly [number, number]): number {
  switch (style) {
    case 'random':
      return least + random() * (most - least)
    case 'least':
      return least
    case 'most':
      return most
    case 'alternating':
      return index % 2 === 0 ? least : most
    case 'small':
      return Math.max(least, Math.min(most, random() * 6 - 3))
  }
}

function elementsOf({ type, elements }: TensorFacts, style: Style, random: () => number): Elements {
  const range = RANGES[type]
  const made = range && toElements(type, new Uint8Array(elements * (elementBytes(type) ?? 0)))
  if (range === undefined || made === undefined) throw new InternalError(`no values for an input of type ${type}`)
  const whole = type === 'float32' ? (number: number) => number : Math.round
  return made.map((_: number, index: number) => whole(value(style, index, random, range)))
}

/** Inputs for a model, the same each time: for each inference the bytes of each input, extremes and random ones. */
export function inputVectors(inputs: readonly TensorFacts[]): readonly (readonly Uint8Array[])[] {
  const random = randomNumbers(20260101)
  return STYLES.map((style) => inputs.map((input) => toBytes(elementsOf(input, style, random))))
}
