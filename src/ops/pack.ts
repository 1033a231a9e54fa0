import { elementCount } from '../ir/index.js'
import { outputShape, present } from './constraints.js'
import { int32Only, shapeOperator } from './shape-arithmetic.js'

/** Options of PACK: inputs are stacked along a new dimension `axis`. */
export interface PackOptions {
  readonly axis: number
}

/** Numbers as a vector. */
export const pack = shapeOperator<PackOptions>({
  kind: 'PACK',
  maxVersion: 4,
  summary: 'int32 numbers as a vector, computed at compile time',
  compileTime: 'constants',
  parse: (table) => ({ axis: table.int32(1, 0) }),
  constraints: [
    {
      code: 'UNSUPPORTED_SHAPE',
      rule: 'PACK makes a vector of scalars',
      help: 'Export the model with a fixed batch size, or use CONCATENATION.',
      prerequisite: true,
      holds: ({ inputs, outputs, options }) =>
        outputs.length === 1 &&
        inputs.every((tensor) => tensor?.shape.length === 0) &&
        (options.axis === 0 || options.axis === -1),
      found: ({ inputs, options }) =>
        `inputs ${inputs.map((tensor) => tensor?.shape.join('x')).join(', ')}, axis ${options.axis}`,
    },
    int32Only('tensors'),
    outputShape(({ inputs }) => [inputs.length]),
  ],
  evaluate: ({ outputs }, inputs) => [
    Int32Array.from({ length: elementCount(present(outputs[0]).shape) }, (_, i) => inputs[i]?.[0] ?? 0),
  ],
})
