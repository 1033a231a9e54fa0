import t from 'tap'
import { conv2d } from '../../src/ops/conv-2d.js'
import { builtinOperators, parseGraph } from '../../src/ops/index.js'
import { applyTable, clampOf, lookup, lookupTable, lowerTable, tabulate } from '../../src/ops/lookup.js'
import { relu } from '../../src/ops/relu.js'
import { reshape } from '../../src/ops/reshape.js'
import { checkGraph } from '../../src/ops/index.js'
import { readModel } from '../../src/tflite/index.js'
import { brokenRules, evaluated, instance, tensor } from '../support/instances.js'
import { writeModel } from '../support/model-writer.js'

const halved = tabulate((value) => Math.trunc(value / 2))

t.test('a table holds the saturated result of each value', (t) => {
  const doubled = tabulate((value) => value * 2)
  t.equal(doubled.length, 256)
  t.same(Array.from(applyTable(doubled, Int8Array.of(-128, -3, 0, 63, 64))), [-128, -6, 0, 126, 127])
  t.end()
})

t.test('a clamp is told from other functions', (t) => {
  t.same(clampOf(tabulate((value) => value)), { min: -128, max: 127 })
  t.same(clampOf(tabulate((value) => Math.max(-3, Math.min(40, value)))), { min: -3, max: 40 })
  t.same(clampOf(tabulate(() => 7)), { min: 7, max: 7 })
  t.equal(clampOf(halved), undefined)
  t.equal(clampOf(tabulate((value) => -value)), undefined)
  t.end()
})

t.test('a clamp needs no table in the output', (t) => {
  const clamped = lowerTable(
    tabulate((value) => Math.max(0, value)),
    9,
  )
  t.same([clamped.family, clamped.fields], ['clamp', { clamp_min: 0, clamp_max: 127, count: 9 }])
  t.same(lowerTable(halved, 9), { family: 'lookup', type: 's8', fields: { table: halved, count: 9 }, reads: [0] })
  t.end()
})

t.test('LOOKUP applies its table', (t) => {
  const made = instance(lookup, { inputs: [tensor()], outputs: [tensor()], options: { table: halved } })
  t.same(evaluated(lookup, made, [Int8Array.of(-128, -1, 5, 127)]), [-64, 0, 2, 63])
  t.same(brokenRules(lookup, made), [])
  t.equal(lookupTable(lookup, made)?.join(), halved.join())
  t.equal(lookup.lower(made).family, 'lookup')
  t.end()
})

t.test('any operator of one int8 value has a table, in whatever shape', (t) => {
  const quantized = { scale: 0.5, zeroPoint: -3, shape: [2, 3, 1] }
  const made = instance(relu, { inputs: [tensor(quantized)], outputs: [tensor(quantized)], options: null })
  const table = lookupTable(relu, made)
  t.equal(table?.join(), tabulate((value) => Math.max(-3, value)).join())
  t.end()
})

t.test('other operators have none', (t) => {
  const real = tensor({ type: 'float32' })
  t.equal(lookupTable(relu, instance(relu, { inputs: [real], outputs: [real], options: null })), undefined, 'float32')
  const shaped = instance(reshape, { inputs: [tensor()], outputs: [tensor()], options: null })
  t.equal(lookupTable(reshape, shaped), undefined, 'another shape')
  const [data, filter] = [tensor({ shape: [1, 1, 1, 1] }), tensor({ shape: [1, 1, 1, 1], data: new Uint8Array(1) })]
  const options = conv2d.parse({
    present: false,
    int32: (_, fallback) => fallback,
    int8: (_, fallback) => fallback,
    float32: (_, fallback) => fallback,
    bool: (_, fallback) => fallback,
    int32s: () => undefined,
  })
  t.equal(lookupTable(conv2d, instance(conv2d, { inputs: [data, filter], outputs: [data], options })), undefined)
  t.end()
})

t.test('a custom operator of this name is refused', (t) => {
  const quantization = { scales: [1] }
  const tensors = [
    { name: 'x', type: 'int8', shape: [1, 4], quantization },
    { name: 'y', type: 'int8', shape: [1, 4], quantization },
  ] as const
  const operators = [{ kind: 'CUSTOM', customCode: 'LOOKUP', inputs: [0], outputs: [1] }]
  const [source] = readModel(writeModel({ tensors, operators, inputs: [0], outputs: [1] })).graphs
  if (source === undefined) throw new Error('a model without a graph')
  const { graph } = parseGraph(source, builtinOperators)
  const codes = checkGraph(graph, builtinOperators).map(({ code }) => code)
  t.same(codes, ['UNSUPPORTED_OPERATOR'])
  t.end()
})
