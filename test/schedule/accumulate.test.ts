import t from 'tap'
import { planModel } from '../../src/compile.js'
import { GRANULARITIES } from '../../src/ops/index.js'
import type { OperatorFlow } from '../../src/schedule/index.js'
import { activation, bias, chain, conv, integers, weights } from '../support/layers.js'
import { type OperatorSpec, type TensorSpec, writeModel } from '../support/model-writer.js'
import { PLAN_OPTIONS } from '../support/programs.js'

/** Bytes of a piece that the last operator takes into accumulators, behind a convolution to 40 x 8 pixels of 4 channels. */
function pieceOf(tensors: readonly TensorSpec[], operators: readonly OperatorSpec[], ram: 'row' | 'pixel'): number {
  const model = chain(
    [
      activation('x', [1, 40, 8, 2]),
      weights('w', [4, 3, 3, 2]),
      bias('b', [1, 2, 3, 4]),
      activation('y', [1, 40, 8, 4], 0.3, 2),
      ...tensors,
    ],
    [conv([0, 1, 2], 3, 'SAME'), ...operators],
  )
  const { schedule } = planModel(writeModel(model), { ...PLAN_OPTIONS, cpu: 'host', ram })
  const flow: OperatorFlow | undefined = schedule.stages.at(-1)?.flows.at(-1)
  return flow === undefined || flow.accumulatorBytes === 0 ? NaN : (flow.inputs[0]?.pieceBytes ?? NaN)
}

t.test('pieces of another shape are taken together, so that they are whole pixels', (t) => {
  const tensors = [
    integers('shape', [4], [1, 40, 4, 8]),
    activation('reshaped', [1, 40, 4, 8], 0.3, 2),
    activation('z', [1, 1, 1, 8], 0.3, 2),
  ]
  const options = { padding: 'VALID', strideW: 1, strideH: 1, filterH: 40, filterW: 4 } as const
  const operators: readonly OperatorSpec[] = [
    { kind: 'RESHAPE', inputs: [3, 4], outputs: [5] },
    { kind: 'AVERAGE_POOL_2D', inputs: [5], outputs: [6], options },
  ]
  t.equal(pieceOf(tensors, operators, 'row'), 32)
  t.equal(pieceOf(tensors, operators, 'pixel'), 8, 'two pixels of the convolution are one')
  t.end()
})

const window = (size: readonly number[], options: object = {}): readonly [TensorSpec[], OperatorSpec[]] => {
  const tensors = [weights('v', [1, ...size, 4]), bias('c', [1, 2, 3, 4], 0.006), activation('z', [1, 1, 1, 4], 3, 2)]
  const common = { padding: 'VALID', strideW: 50, strideH: 50, depthMultiplier: 1, ...options } as const
  return [tensors, [{ kind: 'DEPTHWISE_CONV_2D', inputs: [3, 4, 5], outputs: [6], options: common }]]
}

t.test('convolutions with one output position take their input piece by piece', (t) => {
  const windows = [
    window([40, 8]),
    window([33, 5]),
    window([14, 3], { dilationH: 3, dilationW: 2 }),
    window([41, 9], { padding: 'SAME' }),
  ]
  for (const [tensors, operators] of windows) {
    t.same(
      GRANULARITIES.map((ram) => pieceOf(tensors, operators, ram)),
      [32, 4],
    )
    const [filter, , z] = tensors as [TensorSpec, TensorSpec, TensorSpec]
    const dense = [
      weights('v', [3, ...filter.shape.slice(1)]),
      bias('c', [1, 2, 3], 0.006),
      { ...z, shape: [1, 1, 1, 3] },
    ]
    const convolutions = operators.map((operator) => ({ ...operator, kind: 'CONV_2D' }) as OperatorSpec)
    t.same(
      GRANULARITIES.map((ram) => pieceOf(dense, convolutions, ram)),
      [32, 4],
    )
  }
  t.end()
})
