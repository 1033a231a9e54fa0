/** AVERAGE_POOL_2D and MAX_POOL_2D at their edges. */
import type { Activation } from '../../support/model-options.js'
import type { ModelSpec } from '../../support/model-writer.js'
import { type Geometry, GEOMETRIES, positions } from './convolution-edges.js'
import { activation, type EdgeCase, edgeCase, type Expectation, layer, type Type } from './edge-case.js'

const KINDS = ['AVERAGE_POOL_2D', 'MAX_POOL_2D'] as const

interface Pool extends Geometry, Expectation {
  readonly kind: (typeof KINDS)[number]
  readonly type?: Type
  readonly zeroPoints?: readonly [input: number, output: number]
  readonly scales?: readonly [input: number, output: number]
  readonly activation?: Activation
}

function pool(options: Pool): ModelSpec {
  const { kind, type = 'int8', input, filter, stride = [1, 1], padding } = options
  const { zeroPoints = [-5, -5], scales = [0.5, 0.5], activation: fused = 'NONE' } = options
  const [batches, height, width, channels] = input
  const rows = positions(padding, height, filter[0], stride[0])
  const columns = positions(padding, width, filter[1], stride[1])
  const [filterH, filterW] = filter
  const [strideH, strideW] = stride
  return layer(
    kind,
    {
      input: activation(type, input, { scale: scales[0], zeroPoint: zeroPoints[0] }),
      output: activation(type, [batches, rows, columns, channels], { scale: scales[1], zeroPoint: zeroPoints[1] }),
    },
    { version: 2, options: { padding, filterH, filterW, strideH, strideW, activation: fused } },
  )
}

/** Pools have no dilation. */
const POOLED: Readonly<Record<string, Geometry & Expectation>> = {
  ...Object.fromEntries(Object.entries(GEOMETRIES).filter(([, { dilation }]) => dilation === undefined)),
  'the whole input': { input: [2, 5, 7, 3], filter: [5, 7], padding: 'VALID' },
  '35 elements with halves': { input: [1, 6, 8, 1], filter: [2, 2], padding: 'VALID' },
}

const square: Geometry = { input: [1, 3, 4, 2], filter: [2, 2], padding: 'SAME' }
const EQUAL = 'Input and output have the same scale and zero point'

const VALUES: Readonly<Record<string, Omit<Pool, 'kind' | keyof Geometry>>> = {
  RELU: { activation: 'RELU' },
  RELU6: { activation: 'RELU6', zeroPoints: [100, 100], scales: [0.1, 0.1] },
  'RELU6, float32': { activation: 'RELU6', type: 'float32' },
  RELU_N1_TO_1: { activation: 'RELU_N1_TO_1', zeroPoints: [127, 127], scales: [0.02, 0.02] },
  'RELU_N1_TO_1, float32': { activation: 'RELU_N1_TO_1', type: 'float32' },
  'RELU with a zero point of -128': { activation: 'RELU', zeroPoints: [-128, -128] },
  'scales 10^-6 apart': { scales: [1, 1 + 2 ** -20] },
  'scales further apart': { scales: [1, 1 + 2 ** -19], refused: EQUAL },
  'zero points apart': { zeroPoints: [1, 2], refused: EQUAL },
}

export const poolingEdges: readonly EdgeCase[] = KINDS.flatMap((kind) => [
  ...Object.entries(POOLED).flatMap(([name, geometry], index) => [
    edgeCase(`${kind} int8, ${name}`, geometry, pool({ kind, ...geometry })),
    ...(index % 2 === 0
      ? [edgeCase(`${kind} float32, ${name}`, geometry, pool({ kind, ...geometry, type: 'float32' }))]
      : []),
  ]),
  ...Object.entries(VALUES).map(([name, options]) =>
    edgeCase(`${kind}, ${name}`, options, pool({ kind, ...square, ...options })),
  ),
])
