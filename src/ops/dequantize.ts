import { elementCount } from '../ir/index.js'
import {
  arity,
  describeTensor,
  inputType,
  outputShape,
  perTensorQuantization,
  present,
  scaleOf,
  withHelp,
  zeroPointOf,
} from './constraints.js'
import type { OperatorDefinition } from './definition.js'
import { elementwiseFlow, int8Elements } from './lookup.js'
import { elementUnits } from './units.js'

/** From int8 to float32. */
export const dequantize: OperatorDefinition<null> = {
  kind: 'DEQUANTIZE',
  maxVersion: 6,
  summary: 'Real values of int8, as float32',
  parse: () => null,
  constraints: [
    arity(1),
    withHelp(
      inputType(0, 'input', ['int8']),
      'Convert the model again without float16 weights, or quantize it to full int8: only int8 can be dequantized.',
    ),
    {
      code: 'UNSUPPORTED_TYPE',
      rule: 'The output is float32',
      help: 'The file is damaged: export it again.',
      prerequisite: true,
      holds: ({ outputs }) => present(outputs[0]).type === 'float32',
      found: ({ outputs }) => describeTensor(outputs[0]),
    },
    outputShape(({ inputs }) => present(inputs[0]).shape),
    perTensorQuantization([0]),
  ],
  units: elementUnits,
  dataFlow: () => ({ ...elementwiseFlow, inPlace: [], lanewise: false }),
  evaluate(instance, [input]) {
    const tensor = present(instance.inputs[0])
    const [scale, zeroPoint] = [scaleOf(tensor), zeroPointOf(tensor)]
    return [Float32Array.from(int8Elements(input), (value) => scale * (value - zeroPoint))]
  },
  lower({ inputs }) {
    const input = present(inputs[0])
    const fields = { count: elementCount(input.shape), scale: scaleOf(input), zero_point: zeroPointOf(input) }
    return { family: 'dequantize', type: 's8_f32', fields, reads: [0] }
  },
}
