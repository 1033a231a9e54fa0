import t from 'tap'
import type { Tensor } from '../../src/ir/index.js'
import type { Instance } from '../../src/ops/index.js'
import { stridedSlice, type StridedSliceOptions } from '../../src/ops/strided-slice.js'
import { brokenRules, constant, evaluated, instance, optionsTable, tensor } from '../support/instances.js'

const options: StridedSliceOptions = { beginMask: 0, endMask: 0, shrinkAxisMask: 0, others: 0 }
const vector = (length: number): Tensor => tensor({ type: 'int32', shape: [length] })
const SCALAR = tensor({ type: 'int32', shape: [] })

/** A slice of a vector of 4. */
function slice(
  [begin, end, stride]: readonly [number, number, number],
  output: Tensor,
  changes: Partial<StridedSliceOptions> = {},
): Instance<StridedSliceOptions> {
  const constants = [begin, end, stride].map((value) => constant(Int32Array.of(value)))
  return instance(stridedSlice, {
    inputs: [vector(4), ...constants],
    outputs: [output],
    options: { ...options, ...changes },
  })
}

const taken = (layer: Instance<StridedSliceOptions>): readonly number[] =>
  evaluated(stridedSlice, layer, [Int32Array.of(10, 20, 30, 40)])

t.test('takes a part of a vector', (t) => {
  const expect = (layer: Instance<StridedSliceOptions>, expected: readonly number[]): void => {
    t.same(taken(layer), expected)
    t.same(brokenRules(stridedSlice, layer), [])
  }
  expect(slice([1, 3, 1], vector(2)), [20, 30])
  expect(slice([0, 4, 3], vector(2)), [10, 40])
  expect(slice([-3, -1, 1], vector(2)), [20, 30])
  expect(slice([-9, 9, 1], vector(4)), [10, 20, 30, 40])
  expect(slice([2, 3, 1], vector(3), { beginMask: 1 }), [10, 20, 30])
  expect(slice([2, 3, 1], vector(2), { endMask: 1 }), [30, 40])
  t.end()
})

t.test('takes one element where the dimension is dropped', (t) => {
  t.same(taken(slice([0, 1, 1], SCALAR, { shrinkAxisMask: 1 })), [10])
  t.same(taken(slice([-1, 0, 1], SCALAR, { shrinkAxisMask: 1 })), [40], 'whatever the end is')
  t.same(brokenRules(stridedSlice, slice([-1, 0, 1], SCALAR, { shrinkAxisMask: 1 })), [])
  t.end()
})

t.test('reads its masks', (t) => {
  t.same(stridedSlice.parse(optionsTable({ 0: 1, 1: 2, 4: 3 })), {
    beginMask: 1,
    endMask: 2,
    shrinkAxisMask: 3,
    others: 0,
  })
  for (const slot of [2, 3, 5]) t.not(stridedSlice.parse(optionsTable({ [slot]: 1 })).others, 0, `slot ${slot}`)
  t.equal(stridedSlice.compileTime, 'constants')
  t.end()
})

t.test('refuses anything else, each thing once', (t) => {
  const rule = 'The slice has a stride of at least 1, no ellipsis, no new dimension, and holds an element'
  const broken = (layer: Instance<StridedSliceOptions>): readonly string[] => brokenRules(stridedSlice, layer)
  t.same(broken(slice([3, 1, -1], vector(2))), [rule])
  t.same(broken(slice([3, 1, 1], vector(1))), [rule])
  t.same(broken(slice([4, 5, 1], SCALAR, { shrinkAxisMask: 1 })), [rule])
  t.same(broken(slice([0, 1, 1], vector(1), { others: 1 })), [rule])
  t.same(broken(slice([0, 2, 1], vector(1))), ['The output has the shape that the operator computes'])
  const one = constant(Int32Array.of(1))
  const of = (inputs: readonly Tensor[], output = vector(1)): Instance<StridedSliceOptions> =>
    instance(stridedSlice, { inputs, outputs: [output], options })
  t.same(broken(of([vector(4), one, one])), ['The operator has 4 inputs and 1 output'])
  t.same(broken(of([tensor({ scale: 1 }), one, one, one])), ['Shapes are int32'])
  t.same(broken(of([tensor({ type: 'int32', shape: [2, 2] }), one, one, one])), ['The input has 1 dimensions'])
  t.same(broken(of([vector(4), vector(1), one, one])), ['The begin is a constant'])
  t.same(broken(of([vector(4), one, vector(1), one])), ['The end is a constant'])
  t.same(broken(of([vector(4), one, one, vector(1)])), ['The stride is a constant'])
  t.end()
})
