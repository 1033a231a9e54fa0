import type { Elements } from '../ir/index.js'
import { elementCount, newElements } from '../ir/index.js'
import { expOnNegative, multiplyHigh, oneOverOnePlus, roundingShiftRight } from './arithmetic/fixed-point.js'
import { inputRadius, type QuantizedMultiplier, softmaxMultiplier } from './arithmetic/quantized-multiplier.js'
import { arity, inputType, perTensorQuantization, present, sameType, scaleOf, zeroPointOf } from './constraints.js'
import type { Instance, OperatorDefinition } from './definition.js'
import { elementUnits } from './units.js'

/** Options of SOFTMAX: outputs are exp(beta * x) / sum over the last dimension. */
export interface SoftmaxOptions {
  readonly beta: number
}

/** Integer bits of the scaled difference to the maximum. */
const DIFFERENCE_BITS = 5
/** Integer bits of the sum of exponentials. */
const SUM_BITS = 12
/** Results on int8 are at most so far apart. */
const MAX_DISTANCE = 255
/** With more elements the sum of exponentials could leave its integer bits. */
const MAX_DEPTH = 2 ** SUM_BITS

function rowsOf(instance: Instance): { readonly rows: number; readonly depth: number } {
  const shape = present(instance.inputs[0]).shape
  const depth = shape.at(-1) ?? 1
  return { rows: elementCount(shape) / depth, depth }
}

/** What scales differences to the maximum. */
const differenceScale = ({ inputs, options }: Instance<SoftmaxOptions>): QuantizedMultiplier =>
  softmaxMultiplier(options.beta, scaleOf(present(inputs[0])), DIFFERENCE_BITS)

/** exp of each difference to the maximum that is not negligible, in Q0: entry i is for a difference of -i. */
function exponentials(instance: Instance<SoftmaxOptions>): Int32Array {
  const { multiplier, shift } = differenceScale(instance)
  const entries = Math.min(255, inputRadius(DIFFERENCE_BITS, shift)) + 1
  return Int32Array.from({ length: entries }, (_, i) =>
    expOnNegative(multiplyHigh(Math.imul(-i, 2 ** shift), multiplier), DIFFERENCE_BITS),
  )
}

function evaluateInteger(table: Int32Array, input: Elements, output: Elements, from: number, depth: number): void {
  const row = Array.from(input.subarray(from, from + depth))
  const max = row.reduce((a, b) => Math.max(a, b), -128)
  let sum = 0
  for (const value of row) sum = (sum + roundingShiftRight(table[max - value] ?? 0, SUM_BITS)) | 0
  const headroom = Math.clz32(sum)
  const scale = oneOverOnePlus((sum * 2 ** headroom - 2 ** 31) | 0)
  const exponent = SUM_BITS - headroom + 31 - 8
  row.forEach((value, i) => {
    const exponential = table[max - value]
    const scaled =
      exponential === undefined ? -128 : roundingShiftRight(multiplyHigh(scale, exponential), exponent) - 128
    output[from + i] = Math.max(-128, Math.min(127, scaled))
  })
}

/**
 * How far apart the results of two elements are, by how far apart the elements are, up to where it stays 255. The results
 * are half of it and half of its negative, rounded down. That holds unless both are rounded up, which is rare: undefined.
 */
function resultDistances(table: Int32Array): Uint8Array | undefined {
  const results = Array.from({ length: MAX_DISTANCE + 1 }, (_, difference) => {
    const pair = Int8Array.of(127, 127 - difference)
    evaluateInteger(table, pair, pair, 0, 2)
    const [larger = 0, smaller = 0] = pair
    return { larger, smaller, distance: larger - smaller }
  })
  if (results.some(({ larger, smaller, distance }) => larger !== distance >> 1 || smaller !== -distance >> 1))
    return undefined
  const entries = 1 + results.findLastIndex(({ distance }) => distance < MAX_DISTANCE)
  return Uint8Array.from(results.slice(0, entries), ({ distance }) => distance)
}

function evaluateReal(beta: number, input: Elements, output: Elements, from: number, depth: number): void {
  const row = Array.from(input.subarray(from, from + depth))
  const max = row.reduce((a, b) => Math.max(a, b), -Infinity)
  const powers = row.map((value) => Math.fround(Math.exp(Math.fround(Math.fround(value - max) * beta))))
  const sum = powers.reduce((a, b) => Math.fround(a + b), 0)
  powers.forEach((power, i) => (output[from + i] = Math.fround(power / sum)))
}

/** Softmax over the last dimension. */
export const softmax: OperatorDefinition<SoftmaxOptions> = {
  kind: 'SOFTMAX',
  maxVersion: 3,
  summary: 'Softmax over the last dimension, int8 and float32',
  parse: (table) => ({ beta: table.float32(0, 0) }),
  constraints: [
    arity(1),
    inputType(0, 'input', ['int8', 'float32']),
    sameType,
    perTensorQuantization([0]),
    {
      code: 'BAD_MODEL',
      rule: 'Input and output have the same shape, of at least one dimension',
      help: 'The file is damaged: export it again.',
      prerequisite: true,
      holds: ({ inputs, outputs }) =>
        present(inputs[0]).shape.length >= 1 && present(inputs[0]).shape.join() === present(outputs[0]).shape.join(),
    },
    {
      code: 'UNSUPPORTED_QUANTIZATION',
      rule: 'An int8 output has scale 1/256 and zero point -128',
      help: 'Quantize the model again with the current converter.',
      holds: ({ outputs }) => {
        const output = present(outputs[0])
        return output.type !== 'int8' || (scaleOf(output) === 1 / 256 && zeroPointOf(output) === -128)
      },
      found: ({ outputs }) => `scale ${scaleOf(present(outputs[0]))}, zero point ${zeroPointOf(present(outputs[0]))}`,
    },
    {
      code: 'UNSUPPORTED_SHAPE',
      rule: `An int8 softmax runs over at most ${MAX_DEPTH} elements`,
      help: 'Leave the softmax out of the model: it does not change which class is the largest.',
      holds: ({ inputs }) => present(inputs[0]).type !== 'int8' || (present(inputs[0]).shape.at(-1) ?? 0) <= MAX_DEPTH,
      found: ({ inputs }) => `${present(inputs[0]).shape.at(-1)} elements`,
    },
    {
      code: 'UNSUPPORTED_OPTION',
      rule: 'beta is positive, and beta times the input scale is at least 2^-26 on int8',
      help: 'Use a larger beta, or quantize the input of the softmax with a larger scale.',
      holds: ({ inputs, options }) =>
        present(inputs[0]).type === 'int8'
          ? options.beta * scaleOf(present(inputs[0])) * 2 ** (31 - DIFFERENCE_BITS) > 1
          : Number.isFinite(options.beta),
      found: ({ inputs, options }) => `beta ${options.beta}, input scale ${scaleOf(present(inputs[0]))}`,
    },
  ],
  units: elementUnits,
  dataFlow: (instance) => {
    const { depth } = rowsOf(instance)
    const vectors = { kind: 'vectors', input: depth, output: depth } as const
    return { inputs: [vectors], inPlace: [0], lanewise: false, accumulates: false }
  },
  evaluate(instance, inputs) {
    const output = present(instance.outputs[0])
    const result = newElements(output.type, elementCount(output.shape)) as Elements
    const { rows, depth } = rowsOf(instance)
    const integer = output.type === 'int8'
    const table = integer ? exponentials(instance) : new Int32Array()
    for (let row = 0; row < rows; row += 1) {
      if (integer) evaluateInteger(table, inputs[0] as Elements, result, row * depth, depth)
      else evaluateReal(instance.options.beta, inputs[0] as Elements, result, row * depth, depth)
    }
    return [result]
  },
  lower(instance) {
    const { rows, depth } = rowsOf(instance)
    const request = { family: 'softmax', reads: [0] }
    if (present(instance.outputs[0]).type === 'float32') {
      return { ...request, type: 'f32', fields: { rows, depth, beta: instance.options.beta } }
    }
    const table = exponentials(instance)
    const { multiplier, shift } = differenceScale(instance)
    const fields = { rows, multiplier, shift, difference_min: 1 - table.length }
    const distances = depth === 2 ? resultDistances(table) : undefined
    return distances === undefined
      ? { ...request, type: 's8', fields: { ...fields, depth, exponentials: table, entries: table.length } }
      : {
          ...request,
          family: 'binary_softmax',
          type: 's8',
          fields: { ...fields, distances, entries: distances.length },
        }
  },
}
