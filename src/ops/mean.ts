import type { Elements } from '../ir/index.js'
import { elementCount, newElements, toElements } from '../ir/index.js'
import { requantize } from './arithmetic/fixed-point.js'
import { quantizeMultiplier, type QuantizedMultiplier } from './arithmetic/quantized-multiplier.js'
import {
  arity,
  constantInput,
  factorInRange,
  inputType,
  maxRank,
  outputShape,
  perTensorQuantization,
  present,
  sameType,
  scaleOf,
  zeroPointOf,
} from './constraints.js'
import { lanewiseChannels } from './channel-flow.js'
import { requantizedRange, within32Bits } from './channel-ranges.js'
import type { Instance, OperatorDefinition } from './definition.js'
import { elementOffsets, rowMajorStrides } from './strides.js'

/** Options of MEAN. */
export interface MeanOptions {
  /** Reduced dimensions stay, with extent 1. */
  readonly keepDimensions: boolean
}

/** Three kept and three reduced groups of neighbouring dimensions are what six dimensions can alternate between. */
const MAX_RANK = 6
const LOOPS = 3
/** TensorFlow Lite Micro writes beyond its list of axes when a float32 model has more. */
const MAX_FLOAT_AXES = 4

/** The axes as the model lists them. */
function listedAxes({ inputs }: Instance): readonly number[] {
  const axes = present(inputs[1])
  return Array.from((axes.data && toElements('int32', axes.data)) ?? [])
}

/** Which dimensions of the input are reduced. Axes may be negative, and may be listed twice. */
function reducedDimensions(instance: Instance): readonly boolean[] {
  const { shape } = present(instance.inputs[0])
  const axes = new Set(listedAxes(instance).map((axis) => (axis < 0 ? axis + shape.length : axis)))
  return shape.map((_, dimension) => axes.has(dimension))
}

function inferShape(instance: Instance<MeanOptions>): readonly number[] {
  const reduced = reducedDimensions(instance)
  return present(instance.inputs[0]).shape.flatMap((extent, dimension) => {
    if (reduced[dimension] !== true) return [extent]
    return instance.options.keepDimensions ? [1] : []
  })
}

/** How many elements each mean is of. */
function reducedCount(instance: Instance): number {
  const reduced = reducedDimensions(instance)
  return elementCount(present(instance.inputs[0]).shape.filter((_, dimension) => reduced[dimension]))
}

/**
 * From the sum to the output: the ratio of scales divided by the number of elements. The division is done on the
 * multiplier, after as many bits as it takes away have been added in front, where the shift allows that.
 */
function meanScaling(instance: Instance): QuantizedMultiplier {
  const ratio = scaleOf(present(instance.inputs[0])) / scaleOf(present(instance.outputs[0]))
  const { multiplier, shift } = quantizeMultiplier(ratio)
  const count = reducedCount(instance)
  const bits = Math.min(31 - Math.clz32(count), 32, 31 + shift)
  return { multiplier: Number((BigInt(multiplier) << BigInt(bits)) / BigInt(count)), shift: shift - bits }
}

/** What is added to a sum so that it is one of real values: -zero point * elements, modulo 2^32. */
function sumOffset(instance: Instance): number {
  return Math.imul(-zeroPointOf(present(instance.inputs[0])), reducedCount(instance))
}

/** Loops over the dimensions that are reduced, or over those that are not, outermost first; neighbours are merged. */
function loopFields(instance: Instance, name: 'kept' | 'reduced'): Readonly<Record<string, number>> {
  const { shape } = present(instance.inputs[0])
  const reduced = reducedDimensions(instance)
  const strides = rowMajorStrides(shape)
  const loops: { readonly extent: number; readonly stride: number }[] = []
  shape.forEach((extent, dimension) => {
    if (extent === 1 || reduced[dimension] !== (name === 'reduced')) return
    const loop = { extent, stride: strides[dimension] ?? 0 }
    const outer = loops.at(-1)
    if (outer?.stride === loop.extent * loop.stride)
      loops[loops.length - 1] = { ...loop, extent: outer.extent * extent }
    else loops.push(loop)
  })
  const idle = Array.from({ length: LOOPS - loops.length }, () => ({ extent: 1, stride: 0 }))
  return Object.fromEntries(
    [...idle, ...loops].flatMap(({ extent, stride }, i) => [
      [`${name}_extent_${i}`, extent],
      [`${name}_stride_${i}`, stride],
    ]),
  )
}

/** Mean over some dimensions. */
export const mean: OperatorDefinition<MeanOptions> = {
  kind: 'MEAN',
  maxVersion: 3,
  summary: 'Mean over any dimensions, int8 and float32',
  parse: (table) => ({ keepDimensions: table.bool(0, false) }),
  constraints: [
    arity(2),
    inputType(0, 'input', ['int8', 'float32']),
    sameType,
    inputType(1, 'list of axes', ['int32']),
    constantInput(1, 'list of axes'),
    maxRank(MAX_RANK),
    {
      code: 'BAD_MODEL',
      rule: 'The axes are dimensions of the input',
      help: 'The file is damaged: export it again.',
      prerequisite: true,
      holds: (instance) => {
        const rank = present(instance.inputs[0]).shape.length
        return listedAxes(instance).every((axis) => axis >= -rank && axis < rank)
      },
      found: (instance) => `axes ${listedAxes(instance).join(', ')} of ${present(instance.inputs[0]).shape.length}`,
    },
    {
      code: 'UNSUPPORTED_OPTION',
      rule: `A float32 mean lists at most ${MAX_FLOAT_AXES} axes`,
      help: 'Reshape the tensor in the model: merge neighbouring dimensions.',
      holds: (instance) =>
        present(instance.inputs[0]).type !== 'float32' || listedAxes(instance).length <= MAX_FLOAT_AXES,
      found: (instance) => `${listedAxes(instance).length} axes`,
    },
    outputShape(inferShape),
    perTensorQuantization([0]),
    factorInRange('The input scale is below 2^30 times the output scale', meanScaling),
  ],
  channels(instance) {
    const input = present(instance.inputs[0])
    if (reducedDimensions(instance).at(-1) !== false) return undefined
    const count = reducedCount(instance)
    const zeroPoint = zeroPointOf(input)
    const stage = {
      ...meanScaling(instance),
      zeroPoint: zeroPointOf(present(instance.outputs[0])),
      limits: { min: -128, max: 127 },
    }
    return lanewiseChannels(input, (inputs) =>
      inputs.map(({ min, max }) => {
        const sum = { min: count * (min - zeroPoint), max: count * (max - zeroPoint) }
        return requantizedRange(within32Bits(sum), stage)
      }),
    )
  },
  accumulatorBytes(instance) {
    const [batches, rows, columns, channels] = reducedDimensions(instance)
    const { shape } = present(instance.inputs[0])
    const image = shape.length === 4 && shape[0] === 1 && batches === false
    return image && rows === true && columns === true && channels === false ? 4 * (shape[3] ?? 0) : undefined
  },
  dataFlow(instance) {
    const [batches, rows, columns, channels] = reducedDimensions(instance)
    const image = instance.inputs[0]?.shape.length === 4 && rows === true && columns === true && batches === false
    return {
      inputs: instance.inputs.map(() => ({ kind: 'whole' })),
      inPlace: [],
      lanewise: image && channels === false,
      accumulates: image,
    }
  },
  evaluate(instance, inputs) {
    const output = present(instance.outputs[0])
    const { shape } = present(instance.inputs[0])
    const reduced = reducedDimensions(instance)
    const keptShape = shape.map((extent, dimension) => (reduced[dimension] ? 1 : extent))
    const targets = elementOffsets(
      shape,
      rowMajorStrides(keptShape).map((stride, dimension) => (reduced[dimension] ? 0 : stride)),
    )
    const integer = output.type === 'int8'
    const sums = new Array<number>(elementCount(keptShape)).fill(0)
    const input = inputs[0] as Elements
    targets.forEach((target, i) => {
      const sum = (sums[target] ?? 0) + (input[i] ?? 0)
      sums[target] = integer ? sum | 0 : Math.fround(sum)
    })
    const result = newElements(output.type, sums.length) as Elements
    const { multiplier, shift } = integer ? meanScaling(instance) : { multiplier: 0, shift: 0 }
    const [offset, count] = [sumOffset(instance), reducedCount(instance)]
    sums.forEach((sum, i) => {
      const scaled = (): number => (requantize((sum + offset) | 0, multiplier, shift) + zeroPointOf(output)) | 0
      result[i] = integer ? Math.max(-128, Math.min(127, scaled())) : Math.fround(sum / count)
    })
    return [result]
  },
  lower(instance) {
    const output = present(instance.outputs[0])
    const request = { family: 'mean', reads: [0] }
    const reduction = { ...loopFields(instance, 'kept'), ...loopFields(instance, 'reduced') }
    if (output.type === 'float32') {
      return { ...request, type: 'f32', fields: { ...reduction, count: reducedCount(instance) } }
    }
    const integer = {
      sum_offset: sumOffset(instance),
      ...meanScaling(instance),
      output_zero_point: zeroPointOf(output),
    }
    return { ...request, type: 's8', fields: { ...reduction, ...integer } }
  },
}
