import t from 'tap'
import { fuseLookups } from '../../src/passes/fuse-lookups.js'
import { graphFrom, kinds } from '../support/graphs.js'
import { activation, chain, plain } from '../support/layers.js'
import { runUnchanged } from './unchanged.js'

const shape = [1, 300]

t.test('a chain of functions of one value becomes one table', (t) => {
  const tensors = [
    activation('x', shape),
    activation('a', shape, 0.1, 7),
    activation('b', shape, 1 / 256, -128),
    activation('y', shape, 1 / 128, 0),
  ]
  const graph = graphFrom(chain(tensors, [plain('QUANTIZE', 0, 1), plain('LOGISTIC', 1, 2), plain('TANH', 2, 3)]))
  t.same(kinds(runUnchanged(fuseLookups, graph)), ['LOOKUP'])
  t.end()
})

t.test('DEQUANTIZE followed by QUANTIZE becomes one table', (t) => {
  const tensors = [
    activation('x', shape),
    { name: 'real', type: 'float32', shape },
    activation('y', shape, 0.07, 3),
  ] as const
  const graph = graphFrom(chain(tensors, [plain('DEQUANTIZE', 0, 1), plain('QUANTIZE', 1, 2)]))
  t.same(kinds(runUnchanged(fuseLookups, graph)), ['LOOKUP'])
  t.end()
})

t.test('a function that changes nothing leaves no code', (t) => {
  const graph = graphFrom(chain([activation('x', shape), activation('y', shape)], [plain('QUANTIZE', 0, 1)]))
  t.same(kinds(runUnchanged(fuseLookups, graph)), ['RESHAPE'])
  t.end()
})

t.test('what lies between stays when it is an output', (t) => {
  const tensors = [activation('x', shape), activation('a', shape, 0.1, 7), activation('y', shape, 1 / 256, -128)]
  const spec = chain(tensors, [plain('QUANTIZE', 0, 1), plain('LOGISTIC', 1, 2)])
  const graph = graphFrom({ ...spec, outputs: [2, 1] })
  t.same(kinds(runUnchanged(fuseLookups, graph)), ['QUANTIZE', 'LOGISTIC'])
  t.end()
})
