import t from 'tap'
import { fuseActivations } from '../../src/passes/fuse-activations.js'
import { graphFrom, kinds } from '../support/graphs.js'
import { activation, bias, chain, conv, plain, weights } from '../support/layers.js'
import { runUnchanged } from './unchanged.js'

const before = [activation('x', [1, 4, 4, 2]), weights('w', [3, 1, 1, 2]), bias('b', [9, -9, 0])]
const shape = [1, 4, 4, 3]

t.test('a RELU in the same quantization becomes a limit of the convolution before it', (t) => {
  const tensors = [...before, activation('c', shape, 0.1, -20), activation('y', shape, 0.1, -20)]
  const graph = graphFrom(chain(tensors, [conv([0, 1, 2], 3), plain('RELU', 3, 4)]))
  t.same(kinds(runUnchanged(fuseActivations, graph)), ['CONV_2D', 'RESHAPE'])
  t.end()
})

t.test('RELU and RELU6 become one limit', (t) => {
  const tensors = [
    ...before,
    activation('c', shape, 0.1, 0),
    activation('r', shape, 0.1, 0),
    activation('y', shape, 0.1, 0),
  ]
  const graph = graphFrom(chain(tensors, [conv([0, 1, 2], 3), plain('RELU', 3, 4), plain('RELU6', 4, 5)]))
  // the second has an alias before it: fuse-lookups is what joins the two first
  t.same(kinds(runUnchanged(fuseActivations, graph)), ['CONV_2D', 'RESHAPE', 'RELU6'])
  t.end()
})

t.test('a RELU that also rescales stays', (t) => {
  const tensors = [...before, activation('c', shape, 0.1, -20), activation('y', shape, 0.05, -20)]
  const graph = graphFrom(chain(tensors, [conv([0, 1, 2], 3), plain('RELU', 3, 4)]))
  t.same(kinds(runUnchanged(fuseActivations, graph)), ['CONV_2D', 'RELU'])
  t.end()
})

t.test('a RELU stays when what it limits is read elsewhere', (t) => {
  const tensors = [...before, activation('c', shape, 0.1, -20), activation('y', shape, 0.1, -20)]
  const spec = chain(tensors, [conv([0, 1, 2], 3), plain('RELU', 3, 4)])
  t.same(kinds(runUnchanged(fuseActivations, graphFrom({ ...spec, outputs: [4, 3] }))), ['CONV_2D', 'RELU'])
  t.end()
})
