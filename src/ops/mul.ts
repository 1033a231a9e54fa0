import type { Elements } from '../ir/index.js'
import { outputRange } from './activation.js'
import { requantize } from './arithmetic/fixed-point.js'
import { quantizeMultiplier, type QuantizedMultiplier } from './arithmetic/quantized-multiplier.js'
import {
  binaryChannels,
  binaryConstraints,
  binaryFields,
  binaryFlow,
  evaluateBinary,
  parseBinary,
  type BinaryOptions,
} from './binary.js'
import { factorInRange, present, scaleOf, zeroPointOf } from './constraints.js'
import { uniformRanges } from './channel-ranges.js'
import type { Instance, OperatorDefinition } from './definition.js'
import { elementUnits } from './units.js'

function productScaling({ inputs, outputs }: Instance): QuantizedMultiplier {
  const [scale1, scale2] = [scaleOf(present(inputs[0])), scaleOf(present(inputs[1]))]
  return quantizeMultiplier((scale1 * scale2) / scaleOf(present(outputs[0])))
}

/** The largest product of two int8 values less their zero points. */
const MAX_PRODUCT = 255 * 255

function product(instance: Instance<BinaryOptions>, inputs: readonly (Elements | undefined)[]): readonly Elements[] {
  const output = present(instance.outputs[0])
  if (output.type === 'float32') return evaluateBinary(instance, inputs, (a, b) => Math.fround(a * b))
  const { multiplier, shift } = productScaling(instance)
  const [zeroPoint1, zeroPoint2] = instance.inputs.map((tensor) => zeroPointOf(present(tensor)))
  return evaluateBinary(instance, inputs, (a, b) => {
    const scaled = requantize((a - (zeroPoint1 ?? 0)) * (b - (zeroPoint2 ?? 0)), multiplier, shift)
    return (scaled + zeroPointOf(output)) | 0
  })
}

/** Product of two tensors, element by element, with broadcasting. */
export const mul: OperatorDefinition<BinaryOptions> = {
  kind: 'MUL',
  maxVersion: 7,
  summary: 'Product of two tensors element by element, int8 and float32, with broadcasting',
  parse: parseBinary,
  constraints: [
    ...binaryConstraints,
    factorInRange('The product of the input scales is below 2^30 times the output scale', productScaling),
  ],
  units: elementUnits,
  dataFlow: binaryFlow,
  channels(instance) {
    const flow = binaryChannels(instance, product)
    // beyond, results may wrap, and any of them is possible
    if (MAX_PRODUCT * 2 ** Math.max(0, productScaling(instance).shift) < 2 ** 30) return flow
    const output = present(instance.outputs[0])
    return { ...flow, ranges: () => uniformRanges(output, outputRange(instance, output)) }
  },
  evaluate: product,
  lower(instance) {
    const request = { family: 'mul', reads: [0, 1] }
    const output = present(instance.outputs[0])
    if (output.type === 'float32') return { ...request, type: 'f32', fields: binaryFields(instance) }
    const { multiplier, shift } = productScaling(instance)
    return {
      ...request,
      type: 's8',
      fields: {
        ...binaryFields(instance),
        multiplier,
        shift,
        zero_point_1: zeroPointOf(present(instance.inputs[0])),
        zero_point_2: zeroPointOf(present(instance.inputs[1])),
        output_zero_point: zeroPointOf(output),
      },
    }
  },
}
