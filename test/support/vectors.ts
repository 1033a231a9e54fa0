import { inspect } from '../../src/index.js'
import type { Vector } from './firmware.js'
import { runOracle } from './oracle.js'
import { seededRandom, type Random } from './random.js'

/** An input as far as data for it are concerned. */
interface InputTensor {
  readonly type: string
  readonly elements: number
  /** The integer that stands for 0. */
  readonly zeroPoint: number
}

/** How the elements of an input are spread: over the whole range twice, around the zero point, at the range's ends. */
const spreads: readonly ((random: Random, zeroPoint: number) => number)[] = [
  (random) => random.between(-128, 127),
  (random) => random.between(-128, 127),
  (random, zeroPoint) => Math.max(-128, Math.min(127, zeroPoint + random.between(-12, 12))),
  (random) => random.pick([-128, 127]),
]

/** How many vectors differ in kind. */
export const vectorKinds = spreads.length

/**
 * Inputs for a model, the same on every machine: raw bytes of each input, `count` times. An int8 input covers its
 * range, a float32 input that from -2 to 2.
 * @throws Error when the model cannot be read or has inputs of other types
 */
export function inputVectors(model: Uint8Array, count: number): readonly (readonly Uint8Array[])[] {
  const random = seededRandom(20261101)
  const inputs = inputsOf(model)
  return Array.from({ length: count }, (_, index) =>
    inputs.map(({ type, elements, zeroPoint }) => {
      const spread = spreads[index % spreads.length]!
      return encode(
        type,
        Array.from({ length: elements }, () => spread(random, zeroPoint)),
      )
    }),
  )
}

/**
 * Vectors of a model with the oracle's outputs, run in order on one interpreter.
 * @param workDir a folder of its own for the files of the oracle
 * @throws Error when the oracle does not run the model
 */
export async function oracleVectors(model: Uint8Array, count: number, workDir: string): Promise<readonly Vector[]> {
  const inputs = inputVectors(model, count)
  const [result] = await runOracle([{ model, vectors: inputs }], workDir)
  if (result?.status !== 'ok') throw new Error(`the oracle does not run the model: ${result?.message ?? ''}`)
  return inputs.map((given, index) => ({ inputs: given, outputs: result.vectors[index] ?? [] }))
}

function inputsOf(model: Uint8Array): readonly InputTensor[] {
  const inspection = inspect(model)
  if (!inspection.ok) throw new Error('the model cannot be read')
  return inspection.inputs.map((index) => {
    const tensor = inspection.tensors[index]!
    return {
      type: tensor.type,
      elements: tensor.shape.reduce((product, size) => product * size, 1),
      zeroPoint: tensor.quantization?.zeroPoints[0] ?? 0,
    }
  })
}

/** The bytes of an input from values of -128 to 127. */
function encode(type: string, values: readonly number[]): Uint8Array {
  switch (type) {
    case 'int8':
      return new Uint8Array(Int8Array.from(values).buffer)
    case 'float32':
      return new Uint8Array(Float32Array.from(values, (value) => value / 64).buffer)
    default:
      throw new Error(`no data are made for inputs of type ${type}`)
  }
}
