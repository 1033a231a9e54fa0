import t from 'tap'
import type { Tensor } from '../../src/ir/index.js'
import type { Instance } from '../../src/ops/index.js'
import { pack, type PackOptions } from '../../src/ops/pack.js'
import { brokenRules, constant, evaluated, instance, optionsTable, tensor } from '../support/instances.js'

const number = (value: number): Tensor => constant(Int32Array.of(value), { shape: [] })
const vector = (length: number): Tensor => tensor({ type: 'int32', shape: [length] })
const packed = (inputs: readonly Tensor[], output: Tensor, axis = 0): Instance<PackOptions> =>
  instance(pack, { inputs, outputs: [output], options: { axis } })

t.test('makes a vector of numbers', (t) => {
  const layer = packed([number(1), number(-1)], vector(2))
  t.same(evaluated(pack, layer, [Int32Array.of(1), Int32Array.of(-1)]), [1, -1])
  t.same(brokenRules(pack, layer), [])
  t.same(brokenRules(pack, packed([number(1)], vector(1), -1)), [])
  t.same(pack.parse(optionsTable({ 0: 2, 1: -1 })), { axis: -1 })
  t.equal(pack.compileTime, 'constants')
  t.end()
})

t.test('refuses anything else, each thing once', (t) => {
  const scalars = ['PACK makes a vector of scalars']
  t.same(brokenRules(pack, packed([vector(2), vector(2)], tensor({ type: 'int32', shape: [2, 2] }))), scalars)
  t.same(brokenRules(pack, packed([number(1), number(2)], vector(2), 1)), scalars)
  const real = tensor({ type: 'float32', shape: [] })
  t.same(brokenRules(pack, packed([real, real], vector(2))), ['Shapes are int32'])
  t.same(brokenRules(pack, packed([number(1), number(2)], vector(3))), [
    'The output has the shape that the operator computes',
  ])
  t.end()
})
