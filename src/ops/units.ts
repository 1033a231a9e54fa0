import type { Tensor } from '../ir/index.js'
import { present } from './constraints.js'
import type { Granularity, Instance, Units } from './definition.js'

/**
 * Leading dimensions behind the batch along which a tensor is cut into pieces that lie one after the other; 0 where it
 * cannot be cut, as its batch is larger than 1 or it has channels alone. Rows are cut along the outermost dimension
 * that has several positions: a sequence that is one row high comes position by position.
 */
function cutDimensions({ shape }: Tensor, granularity: Granularity): number {
  if (shape[0] !== 1) return 0
  const positions = shape.slice(1, -1)
  const outermost = positions.findIndex((extent) => extent > 1)
  if (outermost < 0 || granularity === 'row') return outermost + 1
  // a pixel is what lies at one position of two dimensions
  return outermost === 0 && (positions[1] ?? 1) > 1 ? 2 : outermost + 1
}

const piecesAlong = ({ shape }: Tensor, dimensions: number): number =>
  shape.slice(1, 1 + dimensions).reduce((a, b) => a * b, 1)

/** Rows or pixels of a tensor: 1 where it cannot be cut. */
export function pieceCount(tensor: Tensor, granularity: Granularity): number {
  return piecesAlong(tensor, cutDimensions(tensor, granularity))
}

/** How an input goes with an output that is cut along some dimensions: piece by piece, the same for all, or neither. */
function follows(input: Tensor, output: Tensor, dimensions: number): 'sliced' | 'same' | 'neither' {
  const missing = output.shape.length - input.shape.length
  const extents = output.shape.slice(1, 1 + dimensions)
  const own = extents.map((_, i) => input.shape[i + 1 - missing] ?? 1)
  if (own.every((extent) => extent === 1)) return 'same'
  return missing === 0 && own.every((extent, i) => extent === extents[i]) ? 'sliced' : 'neither'
}

/** True when an output piece needs one piece of this input; false when it needs all of it. */
export function isSliced(input: Tensor, output: Tensor, { dimensions }: Units): boolean {
  return follows(input, output, dimensions) === 'sliced'
}

/** The operator on one piece of its output, and of each input that is cut into pieces with it. */
export function pieceInstance<Options>(instance: Instance<Options>, units: Units): Instance<Options> {
  const output = present(instance.outputs[0])
  const onePiece = (tensor: Tensor): Tensor => ({
    ...tensor,
    shape: tensor.shape.map((extent, axis) => (axis >= 1 && axis <= units.dimensions ? 1 : extent)),
  })
  const inputs = instance.inputs.map((input) => (input && isSliced(input, output, units) ? onePiece(input) : input))
  return { ...instance, inputs, outputs: instance.outputs.map(onePiece) }
}

function unitsAlong(form: Units['form'], output: Tensor, dimensions: number): Units | undefined {
  const count = piecesAlong(output, dimensions)
  return count > 1 ? { form, dimensions, count } : undefined
}

/**
 * For element-wise operators: pieces one by one, where every input follows them or is the same for all; rows where that
 * does not hold for pixels. No dimension from `axis` on is cut.
 */
export function elementUnits(
  { inputs, outputs }: Instance,
  granularity: Granularity,
  axis = Infinity,
): Units | undefined {
  const output = present(outputs[0])
  const fits = (dimensions: number): boolean =>
    dimensions < axis &&
    inputs.every((input) => input === undefined || follows(input, output, dimensions) !== 'neither')
  const cuts = [cutDimensions(output, granularity), cutDimensions(output, 'row')]
  const dimensions = cuts.find(fits)
  return dimensions === undefined ? undefined : unitsAlong('elements', output, dimensions)
}

/** For operators that slide a window: pieces one by one where the output has several. */
export function windowUnits({ outputs }: Instance, granularity: Granularity): Units | undefined {
  const output = present(outputs[0])
  return unitsAlong('window', output, cutDimensions(output, granularity))
}
