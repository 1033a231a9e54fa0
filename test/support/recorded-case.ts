/**
 * A model with what it computes, in a folder of its own: `model.tflite`, and `vectors.json` as described by
 * `RecordedVectors`. The fuzzing saves models that fail like this; such a folder in `test/regression/` is a test.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ElementType, newElements, toBytes, toElements } from '../../src/ir/tensor.js'

/** Elements of one tensor; numbers that JSON does not have are text. */
type Numbers = readonly (number | string)[]

/** What `vectors.json` holds. */
export interface RecordedVectors {
  /** What went wrong, and where. */
  readonly description: string
  /** Codes of the diagnostics that refuse the model; the rest is then left out. */
  readonly refused?: readonly string[]
  readonly inputTypes?: readonly ElementType[]
  readonly outputTypes?: readonly ElementType[]
  /** Steps that integers of each output may be off by, null for float32. */
  readonly tolerances?: readonly (0 | 1 | null)[]
  /** For each vector, for each input, its elements. */
  readonly inputs?: readonly (readonly Numbers[])[]
  /** What the oracle computes from them. */
  readonly outputs?: readonly (readonly Numbers[])[]
}

/** Bytes of all tensors of a vector, for each vector. */
export type VectorBytes = readonly (readonly Uint8Array[])[]

/** The elements of vectors as they stand in `vectors.json`. */
export function toNumbers(vectors: VectorBytes, types: readonly ElementType[]): readonly (readonly Numbers[])[] {
  return vectors.map((vector) =>
    vector.map((bytes, index) =>
      Array.from(toElements(types[index] ?? 'uint8', bytes) ?? [], (value) =>
        Number.isFinite(value) && !Object.is(value, -0) ? value : String(Object.is(value, -0) ? '-0' : value),
      ),
    ),
  )
}

/** The bytes of what stands in `vectors.json`. */
export function fromNumbers(
  vectors: readonly (readonly Numbers[])[],
  types: readonly ElementType[],
): readonly (readonly Uint8Array[])[] {
  return vectors.map((vector) =>
    vector.map((numbers, index) => {
      const elements = newElements(types[index] ?? 'uint8', numbers.length)
      if (elements === undefined) throw new Error(`no elements of ${types[index] ?? 'no type'}`)
      elements.set(numbers.map(Number))
      return toBytes(elements)
    }),
  )
}

/** JSON with a line for each entry, and for each vector. */
function toText(vectors: RecordedVectors): string {
  const indented = JSON.stringify(vectors, undefined, 1)
  return `${indented.replace(/\n {3,}/g, ' ').replace(/\n {2}(?=[\]}])/g, ' ')}\n`
}

/** Writes a case into a folder, which is made when missing. */
export async function writeCase(folder: string, model: Uint8Array, vectors: RecordedVectors): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'model.tflite'), model)
  await writeFile(join(folder, 'vectors.json'), toText(vectors))
}

/** Reads a case from a folder. */
export async function readCase(
  folder: string,
): Promise<{ readonly model: Uint8Array; readonly vectors: RecordedVectors }> {
  const text = await readFile(join(folder, 'vectors.json'), 'utf8')
  return { model: await readFile(join(folder, 'model.tflite')), vectors: JSON.parse(text) as RecordedVectors }
}
