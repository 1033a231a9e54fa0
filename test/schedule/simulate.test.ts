import t from 'tap'
import { planModel } from '../../src/compile.js'
import { checkPlan } from '../../src/memory/index.js'
import { builtinOperators } from '../../src/ops/index.js'
import { activation, bias, chain, conv, weights } from '../support/layers.js'
import { type ModelSpec, type OperatorSpec, writeModel } from '../support/model-writer.js'
import { PLAN_OPTIONS } from '../support/programs.js'

const halving = (inputs: readonly number[], output: number): OperatorSpec => ({
  kind: 'CONV_2D',
  inputs,
  outputs: [output],
  options: { padding: 'SAME', strideW: 2, strideH: 2 },
})

const filled = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index)

/** A residual block that halves its rows, in which the skip is a 1x1 convolution to `channels`. */
function residual(channels: number): ModelSpec {
  return chain(
    [
      activation('x', [1, 32, 8, 16]),
      weights('w0', [16, 3, 3, 16]),
      bias('b0', filled(16)),
      activation('first', [1, 32, 8, 16]),
      weights('w1', [channels, 3, 3, 16]),
      bias('b1', filled(channels)),
      activation('half', [1, 16, 4, channels]),
      weights('w2', [channels, 3, 3, channels]),
      bias('b2', filled(channels)),
      activation('around', [1, 16, 4, channels]),
      weights('w3', [channels, 1, 1, 16]),
      bias('b3', filled(channels)),
      activation('skip', [1, 16, 4, channels]),
      activation('y', [1, 16, 4, channels]),
    ],
    [
      conv([0, 1, 2], 3, 'SAME'),
      halving([3, 4, 5], 6),
      conv([6, 7, 8], 9, 'SAME'),
      halving([3, 10, 11], 12),
      { kind: 'ADD', inputs: [9, 12], outputs: [13], options: {} },
    ],
  )
}

/** Rows that the ring of a tensor holds, when the input is pushed row by row. */
function ringRows(channels: number, name: string): number {
  const { graph, schedule, plan } = planModel(writeModel(residual(channels)), { ...PLAN_OPTIONS, input: 'stream' })
  t.same(checkPlan(graph, schedule, builtinOperators, plan), [], 'the plan is sound')
  const tensor = graph.tensors.findIndex((each) => each.name === name)
  const rowBytes = (graph.tensors[tensor]?.shape.slice(2) ?? []).reduce((a, b) => a * b, 1)
  return (plan.rings.get(tensor) ?? NaN) / rowBytes
}

t.test('a skip whose result is small runs as soon as it can, so that what it reads need not wait', (t) => {
  // the 3x3 convolution with stride 2 needs three rows; its own result waits for the row after it
  t.equal(ringRows(4, 'first'), 3)
  t.equal(ringRows(4, 'skip'), 2)
  t.end()
})

t.test('a skip whose result is large waits until it is asked for', (t) => {
  // no row of its result has to wait for the row after it
  t.equal(ringRows(64, 'skip'), 1)
  t.end()
})
