import { readModel } from '../../src/tflite/index.js'
import type { Random } from '../support/random.js'

/** Bytes to mutate in place, with the positions that hold structure rather than constant data. */
export interface Subject {
  readonly name: string
  readonly file: Uint8Array
  readonly structure: readonly number[]
}

/** A change of a subject: the damaged file, and how to take the damage back. */
export interface Mutation {
  readonly file: Uint8Array
  undo(): void
}

/** A valid file as a subject. Weights are most of a file, and damage to them tells a reader nothing. */
export function toSubject(name: string, file: Uint8Array): Subject {
  const isData = new Uint8Array(file.length)
  for (const graph of readModel(file).graphs) {
    for (const { data } of graph.tensors) {
      if (data === undefined) continue
      const start = data.byteOffset - file.byteOffset
      isData.fill(1, start, start + data.length)
    }
  }
  const positions = Array.from(isData, (flag, position) => (flag === 0 ? position : -1))
  return { name, file, structure: positions.filter((position) => position >= 0) }
}

/** Values that offsets, lengths, indices and extents break at. */
const EXTREMES = [
  ...[0, 1, 2, 3, 4, 5, 8, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000],
  ...[0x3fffffff, 0x40000000, 0x7ffffffc, 0x7fffffff, 0x80000000, 0x80000001, 0xfffffff0, 0xfffffffe, 0xffffffff],
]

/** Damages a subject at random, in one place or a few, in a way that can be taken back. */
export function mutate(subject: Subject, random: Random): Mutation {
  const { file } = subject
  const saved: (readonly [position: number, bytes: Uint8Array])[] = []
  const write = (position: number, bytes: Uint8Array): void => {
    const end = Math.min(position + bytes.length, file.length)
    saved.push([position, file.slice(position, end)])
    file.set(bytes.subarray(0, end - position), position)
  }
  do damage(subject, random, write)
  while (random.chance(0.3))
  const length = random.chance(0.03) ? random.below(file.length) : file.length
  return {
    file: file.subarray(0, length),
    undo: () => {
      for (const [position, bytes] of saved.toReversed()) file.set(bytes, position)
    },
  }
}

function damage(subject: Subject, random: Random, write: (position: number, bytes: Uint8Array) => void): void {
  const { file } = subject
  const position = random.chance(0.9) ? random.pick(subject.structure) : random.below(file.length)
  switch (random.below(5)) {
    case 0:
      return write(position, Uint8Array.of((file[position] ?? 0) ^ (1 << random.below(8))))
    case 1:
      return write(position, Uint8Array.of(random.below(256)))
    case 2: {
      const value = random.chance(0.7) ? random.pick(EXTREMES) : random.below(2 * file.length)
      return write(position & ~3, new Uint8Array(Uint32Array.of(value).buffer))
    }
    case 3: {
      const value = random.chance(0.5) ? random.pick(EXTREMES) : random.below(64)
      return write(position & ~1, new Uint8Array(Uint16Array.of(value).buffer))
    }
    default: {
      // A piece of the file put elsewhere in it: tables and vectors where others belong.
      const from = random.pick(subject.structure)
      return write(position, file.slice(from, from + random.between(1, 64)))
    }
  }
}
