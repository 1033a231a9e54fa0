import t from 'tap'
import { foldPadding } from '../../src/passes/fold-padding.js'
import { graphFrom, kinds } from '../support/graphs.js'
import { activation, bias, chain, conv, integers, pad, weights } from '../support/layers.js'
import { runUnchanged } from './unchanged.js'

const paddings = integers('paddings', [4, 2], [0, 0, 1, 2, 3, 0, 0, 0])

function padThenConv(padding: 'SAME' | 'VALID', padded = activation('padded', [1, 8, 8, 2])) {
  const output = padding === 'SAME' ? [1, 8, 8, 3] : [1, 6, 6, 3]
  return chain(
    [
      activation('x', [1, 5, 5, 2]),
      paddings,
      padded,
      weights('w', [3, 3, 3, 2]),
      bias('b', [100, -50, 7]),
      activation('y', output, 0.2, 4),
    ],
    [pad(0, 1, 2), conv([2, 3, 4], 5, padding)],
  )
}

for (const padding of ['SAME', 'VALID'] as const) {
  t.test(`PAD goes into a ${padding} convolution behind it`, (t) => {
    t.same(kinds(runUnchanged(foldPadding, graphFrom(padThenConv(padding)))), ['CONV_2D'])
    t.end()
  })
}

t.test('PAD stays when the padded tensor has another quantization', (t) => {
  const graph = graphFrom(padThenConv('VALID', activation('padded', [1, 8, 8, 2], 0.05, 5)))
  t.same(kinds(runUnchanged(foldPadding, graph)), ['PAD', 'CONV_2D'])
  t.end()
})

t.test('PAD stays when its output is read elsewhere', (t) => {
  const spec = padThenConv('VALID')
  const graph = graphFrom({ ...spec, outputs: [...spec.outputs, 2] })
  t.same(kinds(runUnchanged(foldPadding, graph)), ['PAD', 'CONV_2D'])
  t.end()
})

t.test('PAD of channels stays', (t) => {
  const channels = integers('paddings', [4, 2], [0, 0, 0, 0, 0, 0, 1, 0])
  const tensors = [
    activation('x', [1, 4, 4, 1]),
    channels,
    activation('padded', [1, 4, 4, 2]),
    weights('w', [1, 2, 2, 2]),
    bias('b', [5]),
    activation('y', [1, 3, 3, 1], 0.2, 4),
  ]
  const graph = graphFrom(chain(tensors, [pad(0, 1, 2), conv([2, 3, 4], 5)]))
  t.same(kinds(runUnchanged(foldPadding, graph)), ['PAD', 'CONV_2D'])
  t.end()
})
