import { aliasOperator } from './alias.js'
import { arity, describeTensor, outputShape, present, sameType } from './constraints.js'
import type { Instance } from './definition.js'

/** Options of SQUEEZE. */
export interface SqueezeOptions {
  /** Dimensions to drop, negative ones counted from the last; none: all of extent 1. */
  readonly dimensions: readonly number[]
}

/** The listed dimensions, counted from the first. */
function listed({ inputs, options }: Instance<SqueezeOptions>): readonly number[] {
  const rank = present(inputs[0]).shape.length
  return options.dimensions.map((dimension) => (dimension < 0 ? dimension + rank : dimension))
}

function inferShape(instance: Instance<SqueezeOptions>): readonly number[] {
  const dropped = listed(instance)
  return present(instance.inputs[0]).shape.filter((extent, dimension) =>
    dropped.length === 0 ? extent !== 1 : !dropped.includes(dimension),
  )
}

/** Drops extents of 1. */
export const squeeze = aliasOperator<SqueezeOptions>({
  kind: 'SQUEEZE',
  maxVersion: 2,
  summary: 'Extents of 1 dropped, any type; no code and no memory',
  parse: (table) => ({ dimensions: table.int32s(0) ?? [] }),
  constraints: [
    arity(1),
    sameType,
    {
      code: 'BAD_MODEL',
      rule: 'The dimensions to drop are dimensions of the input, of extent 1',
      help: 'The file is damaged: export it again.',
      prerequisite: true,
      holds: (instance) => {
        const { shape } = present(instance.inputs[0])
        return listed(instance).every((dimension) => shape[dimension] === 1)
      },
      found: ({ inputs, options }) => `dimensions ${options.dimensions.join(', ')} of ${describeTensor(inputs[0])}`,
    },
    outputShape(inferShape),
  ],
})
