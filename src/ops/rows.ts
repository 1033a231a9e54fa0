import type { Tensor } from '../ir/index.js'
import { present } from './constraints.js'
import type { Instance } from './definition.js'

/** Rows are slices along this dimension of a tensor of batch 1. */
const ROW_DIMENSION = 1

/** Rows that a tensor has: 1 where it cannot be cut, as its batch is larger or it has fewer than three dimensions. */
export function rowCount({ shape }: Tensor): number {
  return shape.length > 2 && shape[0] === 1 ? (shape[ROW_DIMENSION] ?? 1) : 1
}

/** Extent of an input along the rows of an output that it may be broadcast to. */
function extentAlongRows(input: Tensor, output: Tensor): number {
  return input.shape[input.shape.length - output.shape.length + ROW_DIMENSION] ?? 1
}

/** True when an output row needs one row of this input; false when it needs all of it. */
export function isSliced(input: Tensor, output: Tensor): boolean {
  return rowCount(output) > 1 && extentAlongRows(input, output) === rowCount(output)
}

const oneRow = (tensor: Tensor): Tensor => ({
  ...tensor,
  shape: tensor.shape.map((extent, dimension) => (dimension === ROW_DIMENSION ? 1 : extent)),
})

/** The operator on one row of its output, and of each input that is cut into rows with it. */
export function rowInstance<Options>(instance: Instance<Options>): Instance<Options> {
  const output = present(instance.outputs[0])
  const inputs = instance.inputs.map((input) => (input && isSliced(input, output) ? oneRow(input) : input))
  return { ...instance, inputs, outputs: instance.outputs.map(oneRow) }
}

/** For element-wise operators: rows one by one, where the output has rows, and every input follows them or is the same for all. */
export function elementRows({ inputs, outputs }: Instance): 'elements' | undefined {
  const output = present(outputs[0])
  if (rowCount(output) === 1) return undefined
  const fits = inputs.every((input) => {
    if (input === undefined) return true
    const along = extentAlongRows(input, output)
    return along === 1 || (along === rowCount(output) && input.shape.length === output.shape.length)
  })
  return fits ? 'elements' : undefined
}

/** For operators that slide a window: rows one by one where the output has rows. */
export function windowRows({ outputs }: Instance): 'window' | undefined {
  return rowCount(present(outputs[0])) > 1 ? 'window' : undefined
}
