import t from 'tap'
import type { Tensor } from '../../src/ir/index.js'
import { shape } from '../../src/ops/shape.js'
import { brokenRules, evaluated, instance, tensor } from '../support/instances.js'

const integers = (length: number): Tensor => tensor({ type: 'int32', shape: [length] })

t.test('gives the extents of a tensor of any type, whatever its elements', (t) => {
  for (const type of ['int8', 'float32', 'string'] as const) {
    const layer = instance(shape, {
      inputs: [tensor({ type, shape: [1, 49, 10] })],
      outputs: [integers(3)],
      options: null,
    })
    t.same(evaluated(shape, layer, [undefined]), [1, 49, 10])
    t.same(brokenRules(shape, layer), [], type)
  }
  t.end()
})

t.test('is known when the model is compiled', (t) => {
  t.equal(shape.compileTime, 'shapes')
  t.end()
})

t.test('refuses other types and lengths, each once', (t) => {
  const broken = (inputs: readonly Tensor[], output: Tensor): readonly string[] =>
    brokenRules(shape, instance(shape, { inputs, outputs: [output], options: null }))
  t.same(broken([], integers(2)), ['The operator has 1 input and 1 output'])
  t.same(broken([tensor()], tensor({ type: 'int64', shape: [2] })), ['Shapes are int32'])
  t.same(broken([tensor()], integers(3)), ['The output has the shape that the operator computes'])
  t.end()
})
