import t from 'tap'
import { type Elements, InternalError, type Tensor } from '../../src/ir/index.js'
import { expandDims } from '../../src/ops/expand-dims.js'
import type { Instance, OperatorDefinition } from '../../src/ops/index.js'
import { reshape } from '../../src/ops/reshape.js'
import { squeeze, type SqueezeOptions } from '../../src/ops/squeeze.js'
import { brokenRules, constant, evaluated, instance, optionsTable, tensor } from '../support/instances.js'

const of = (...shape: readonly number[]): Tensor => tensor({ shape, scale: 0.5 })
const integers = (...values: readonly number[]): Tensor => constant(Int32Array.from(values))

const reshaped = (output: Tensor, ...inputs: readonly Tensor[]): Instance<null> =>
  instance(reshape, { inputs, outputs: [output], options: null })
const squeezed = (input: Tensor, dimensions: readonly number[], output: Tensor): Instance<SqueezeOptions> =>
  instance(squeeze, { inputs: [input], outputs: [output], options: { dimensions } })
const expanded = (input: Tensor, axis: Tensor, output: Tensor): Instance<null> =>
  instance(expandDims, { inputs: [input, axis], outputs: [output], options: null })

t.test('the elements stay as they are', (t) => {
  const six = Int8Array.of(1, 2, 3, 4, 5, 6)
  t.same(evaluated(reshape, reshaped(of(3, 2), of(2, 3)), [six]), [...six])
  t.same(evaluated(squeeze, squeezed(of(1, 6, 1), [], of(6)), [six]), [...six])
  t.same(evaluated(expandDims, expanded(of(6), integers(0), of(1, 6)), [six, Int32Array.of(0)]), [...six])
  t.end()
})

t.test('the output may take over the storage of the input, and that is all', (t) => {
  const layer = reshaped(of(3, 2), of(2, 3), integers(3, 2))
  t.same(reshape.dataFlow(layer), {
    inputs: [{ kind: 'elementwise' }, { kind: 'whole' }],
    inPlace: [0],
    lanewise: false,
    accumulates: false,
  })
  const check = <Options>(definition: OperatorDefinition<Options>, given: Instance<Options>): void => {
    t.equal(definition.aliases, true)
    t.throws(() => definition.lower(given), InternalError, `${definition.kind} has no kernel`)
  }
  check(reshape, layer)
  check(squeeze, squeezed(of(1, 6), [0], of(6)))
  check(expandDims, expanded(of(6), integers(0), of(1, 6)))
  t.end()
})

t.test('RESHAPE: the shape is that of the output, whatever its option or its input says', (t) => {
  t.same(brokenRules(reshape, reshaped(of(3, 2), of(2, 3))), [])
  t.same(brokenRules(reshape, reshaped(of(3, 2), of(2, 3), integers(-1, 2))), [])
  t.same(brokenRules(reshape, reshaped(of(), of(1, 1, 1))), [])
  t.equal(reshape.parse(optionsTable({ 0: [3, 2] })), null)
  t.end()
})

t.test('RESHAPE: refuses what changes elements', (t) => {
  t.same(brokenRules(reshape, reshaped(of(3, 2))), ['The operator has 1 to 2 inputs and 1 output'])
  t.same(brokenRules(reshape, reshaped(tensor({ type: 'float32', shape: [3, 2] }), of(2, 3))), [
    'Input and output have the same type',
  ])
  t.same(brokenRules(reshape, reshaped(of(3, 3), of(2, 3))), ['Input and output have as many elements'])
  t.end()
})

t.test('SQUEEZE: drops the listed extents of 1, or all of them', (t) => {
  t.same(brokenRules(squeeze, squeezed(of(1, 2, 1, 3, 1), [], of(2, 3))), [])
  t.same(brokenRules(squeeze, squeezed(of(1, 2, 1, 3, 1), [0, 2], of(2, 3, 1))), [])
  t.same(brokenRules(squeeze, squeezed(of(1, 2, 1, 3, 1), [-1, 2], of(1, 2, 3))), [])
  t.same(brokenRules(squeeze, squeezed(of(1, 1), [], of())), [])
  t.same(squeeze.parse(optionsTable({ 0: [0, -1] })), { dimensions: [0, -1] })
  t.same(squeeze.parse(optionsTable({})), { dimensions: [] })
  t.end()
})

t.test('SQUEEZE: refuses to drop anything else', (t) => {
  const dimensions = ['The dimensions to drop are dimensions of the input, of extent 1']
  t.same(brokenRules(squeeze, squeezed(of(1, 2, 1), [1], of(1, 1))), dimensions)
  t.same(brokenRules(squeeze, squeezed(of(1, 2, 1), [3], of(1, 2))), dimensions)
  t.same(brokenRules(squeeze, squeezed(of(1, 2, 1), [-4], of(1, 2))), dimensions)
  t.same(brokenRules(squeeze, squeezed(of(1, 2, 1), [0], of(1, 2, 1))), [
    'The output has the shape that the operator computes',
  ])
  t.same(brokenRules(squeeze, squeezed(of(1, 2), [], tensor({ type: 'int16', shape: [2] }))), [
    'Input and output have the same type',
  ])
  t.end()
})

t.test('EXPAND_DIMS: adds an extent of 1 at the axis, which may be counted from behind', (t) => {
  t.same(brokenRules(expandDims, expanded(of(2, 3), integers(0), of(1, 2, 3))), [])
  t.same(brokenRules(expandDims, expanded(of(2, 3), integers(2), of(2, 3, 1))), [])
  t.same(brokenRules(expandDims, expanded(of(2, 3), integers(-1), of(2, 3, 1))), [])
  t.same(brokenRules(expandDims, expanded(of(2, 3), integers(-3), of(1, 2, 3))), [])
  t.same(brokenRules(expandDims, expanded(of(), constant(Int32Array.of(0), { shape: [] }), of(1))), [])
  t.end()
})

t.test('EXPAND_DIMS: refuses other axes, and axes that are not known', (t) => {
  const broken = (input: Tensor, axis: Tensor, output: Tensor): readonly string[] =>
    brokenRules(expandDims, expanded(input, axis, output))
  const axis = ['The axis is one number, and a dimension of the output']
  t.same(broken(of(2, 3), integers(3), of(2, 3, 1)), axis)
  t.same(broken(of(2, 3), integers(-4), of(1, 2, 3)), axis)
  t.same(broken(of(2, 3), integers(0, 1), of(1, 2, 3)), axis)
  t.same(broken(of(2, 3), integers(1), of(1, 2, 3)), ['The output has the shape that the operator computes'])
  t.same(broken(of(2, 3), tensor({ type: 'int32', shape: [1] }), of(1, 2, 3)), ['The axis is a constant'])
  t.same(broken(of(2, 3), tensor({ type: 'int64', shape: [1] }), of(1, 2, 3)), ['The axis is int32'])
  const [input, output] = [tensor({ type: 'uint8', shape: [2] }), tensor({ type: 'uint8', shape: [1, 2] })]
  t.same(broken(input, integers(0), output), ['The input is int8 or float32 or int16'])
  t.end()
})

t.test('what comes out are the very elements that went in', (t) => {
  const elements: Elements = Float32Array.of(-0, NaN)
  const pair = tensor({ type: 'float32', shape: [2] })
  t.equal(reshape.evaluate(reshaped(tensor({ type: 'float32', shape: [1, 2] }), pair), [elements])[0], elements)
  t.end()
})
