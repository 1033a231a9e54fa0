import { rowMajorStrides } from './strides.js'

/** A loop over elements of the output, with the elements that one round moves on by in each input. */
interface Loop {
  readonly extent: number
  readonly stride1: number
  readonly stride2: number
}

/** `shape` with extents of 1 in front, up to `rank` dimensions. */
function extended(shape: readonly number[], rank: number): readonly number[] {
  return [...new Array<number>(rank - shape.length).fill(1), ...shape]
}

/** The shape that two shapes are stretched to, as NumPy does it; undefined when they do not go together. */
export function broadcastShape(a: readonly number[], b: readonly number[]): readonly number[] | undefined {
  const rank = Math.max(a.length, b.length)
  const [first, second] = [extended(a, rank), extended(b, rank)]
  const fits = first.every((extent, i) => extent === second[i] || extent === 1 || second[i] === 1)
  return fits ? first.map((extent, i) => (extent === 1 ? (second[i] ?? 1) : extent)) : undefined
}

/** Elements of `shape` from one index of each dimension of `output` to the next: 0 where it is stretched. */
export function broadcastStrides(shape: readonly number[], output: readonly number[]): readonly number[] {
  const full = extended(shape, output.length)
  return rowMajorStrides(full).map((stride, i) => (full[i] === 1 && output[i] !== 1 ? 0 : stride))
}

/** Loops over the output's elements in order, innermost first, as few as they can be; at least one. */
function broadcastLoops(a: readonly number[], b: readonly number[], output: readonly number[]): readonly Loop[] {
  const [strides1, strides2] = [broadcastStrides(a, output), broadcastStrides(b, output)]
  const loops: Loop[] = []
  for (let dimension = output.length - 1; dimension >= 0; dimension -= 1) {
    const loop = {
      extent: output[dimension] ?? 1,
      stride1: strides1[dimension] ?? 0,
      stride2: strides2[dimension] ?? 0,
    }
    if (loop.extent === 1) continue
    const inner = loops.at(-1)
    const continues =
      inner && loop.stride1 === inner.extent * inner.stride1 && loop.stride2 === inner.extent * inner.stride2
    if (inner && continues) loops[loops.length - 1] = { ...inner, extent: inner.extent * loop.extent }
    else loops.push(loop)
  }
  return loops.length > 0 ? loops : [{ extent: 1, stride1: 1, stride2: 1 }]
}

/** Kernel parameters of a broadcast of inputs `a` and `b` to the shape `output`, as all such kernels name them. */
export function broadcastFields(
  a: readonly number[],
  b: readonly number[],
  output: readonly number[],
): Readonly<Record<string, number | Int32Array>> {
  const [row, ...loops] = broadcastLoops(a, b, output) as [Loop, ...Loop[]]
  const outer = loops.length > 0 ? loops : [{ extent: 1, stride1: 0, stride2: 0 }]
  // when a loop moves on, the one inside it has moved on as often as it has rounds: that way lies behind already
  const moves = outer.map(({ extent, stride1, stride2 }, i) => {
    const inner = outer[i - 1] ?? { extent: 0, stride1: 0, stride2: 0 }
    return [extent, stride1 - inner.extent * inner.stride1, stride2 - inner.extent * inner.stride2]
  })
  return {
    outer: Int32Array.from(moves.flat()),
    dimensions: outer.length,
    rows: outer.reduce((product, { extent }) => product * extent, 1),
    row: row.extent,
    step_1: row.stride1,
    step_2: row.stride2,
  }
}
