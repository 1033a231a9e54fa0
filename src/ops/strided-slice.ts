import { toElements, type Tensor } from '../ir/index.js'
import { arity, constantInput, inputRank, outputShape, present } from './constraints.js'
import type { Instance } from './definition.js'
import { int32Only, shapeOperator } from './shape-arithmetic.js'

/** Options of STRIDED_SLICE; a mask has one bit for each dimension. */
export interface StridedSliceOptions {
  /** Begin, or end, is left out: the slice reaches from the first element, or to the last. */
  readonly beginMask: number
  readonly endMask: number
  /** The dimension is dropped, as one element is taken of it. */
  readonly shrinkAxisMask: number
  /** Masks and flags that are not supported. */
  readonly others: number
}

const first = (tensor: Tensor | undefined): number => {
  const values = tensor?.data && toElements(tensor.type, tensor.data)
  return values?.[0] ?? 0
}

/** Positions that a slice takes of a vector. Negative ones count from the end; what lies outside is cut off. */
function positions({ inputs, options }: Instance<StridedSliceOptions>): readonly number[] {
  const length = present(inputs[0]).shape[0] ?? 0
  const stride = first(inputs[3])
  const absolute = (position: number): number => (position < 0 ? position + length : position)
  const begin = absolute(first(inputs[1]))
  if (options.shrinkAxisMask & 1) return begin >= 0 && begin < length ? [begin] : []
  const from = options.beginMask & 1 ? 0 : Math.max(0, begin)
  const to = options.endMask & 1 ? length : Math.min(length, absolute(first(inputs[2])))
  return Array.from({ length: Math.max(0, Math.ceil((to - from) / stride)) }, (_, i) => from + i * stride)
}

/** A part of a vector. */
export const stridedSlice = shapeOperator<StridedSliceOptions>({
  kind: 'STRIDED_SLICE',
  maxVersion: 8,
  summary: 'A part of an int32 vector, computed at compile time',
  compileTime: 'constants',
  parse: (table) => ({
    beginMask: table.int32(0, 0),
    endMask: table.int32(1, 0),
    shrinkAxisMask: table.int32(4, 0),
    others: table.int32(2, 0) | table.int32(3, 0) | Number(table.bool(5, false)),
  }),
  constraints: [
    arity(4),
    int32Only('tensors'),
    inputRank(0, 'input', 1),
    ...['begin', 'end', 'stride'].map((what, i) => constantInput(i + 1, what)),
    {
      code: 'UNSUPPORTED_OPTION',
      rule: 'The slice has a stride of at least 1, no ellipsis, no new dimension, and holds an element',
      help: 'Export the model with a fixed batch size, so that it computes with no shapes.',
      prerequisite: true,
      holds: (instance) =>
        instance.options.others === 0 && first(instance.inputs[3]) >= 1 && positions(instance).length > 0,
    },
    outputShape((instance) => (instance.options.shrinkAxisMask & 1 ? [] : [positions(instance).length])),
  ],
  evaluate: (instance, [input]) => [Int32Array.from(positions(instance), (position) => input?.[position] ?? 0)],
})
