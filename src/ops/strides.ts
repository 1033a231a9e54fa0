/** Elements from one index of each dimension to the next, in a tensor that lies row by row. */
export function rowMajorStrides(shape: readonly number[]): readonly number[] {
  return shape.map((_, dimension) => shape.slice(dimension + 1).reduce((product, extent) => product * extent, 1))
}

/** The offset of each element of `shape`, in row-major order, when dimension d is stepped through by `strides[d]`. */
export function elementOffsets(shape: readonly number[], strides: readonly number[]): readonly number[] {
  return shape.reduce<readonly number[]>(
    (offsets, extent, dimension) => {
      const stride = strides[dimension] ?? 0
      return offsets.flatMap((offset) => Array.from({ length: extent }, (_, index) => offset + index * stride))
    },
    [0],
  )
}
