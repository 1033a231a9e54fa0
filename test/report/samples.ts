import { activation, bias, chain, conv, plain, weights } from '../support/layers.js'
import type { ModelSpec } from '../support/model-writer.js'

/** Three operators around a skip connection, on an image of 6 rows of 20 bytes. */
export const residual: ModelSpec = {
  tensors: [
    activation('x', [1, 6, 5, 4]),
    weights('w', [4, 3, 3, 4]),
    bias('b', [1, 2, 3, 4]),
    activation('c', [1, 6, 5, 4], 0.4, 1),
    activation('r', [1, 6, 5, 4], 0.3, 1),
    activation('y', [1, 6, 5, 4], 0.5, 1),
  ],
  operators: [
    conv([0, 1, 2], 3, 'SAME'),
    plain('RELU', 3, 4),
    { kind: 'ADD', inputs: [0, 4], outputs: [5], options: {} },
  ],
  inputs: [0],
  outputs: [5],
}

/** A convolution and the mean of all that it gives, on an image of `rows` rows of 24 bytes. */
export const pooledImage = (rows: number): ModelSpec =>
  chain(
    [
      activation('x', [1, rows, 6, 4]),
      weights('w', [4, 3, 3, 4]),
      bias('b', [1, 2, 3, 4]),
      activation('c', [1, rows, 6, 4], 0.4, 1),
      activation('y', [1, 1, 1, 4], 0.4, 1),
    ],
    [
      conv([0, 1, 2], 3, 'SAME'),
      {
        kind: 'AVERAGE_POOL_2D',
        inputs: [3],
        outputs: [4],
        options: { padding: 'VALID', strideW: 1, strideH: 1, filterW: 6, filterH: rows },
      },
    ],
  )

export const pooled: ModelSpec = pooledImage(8)
