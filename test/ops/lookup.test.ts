import t from 'tap'
import { builtinOperators, checkGraph, parseGraph } from '../../src/ops/index.js'
import { applyTable, clampOf, lookup, lookupTable, lowerTable, tabulate } from '../../src/ops/lookup.js'
import { relu } from '../../src/ops/relu.js'
import { reshape } from '../../src/ops/reshape.js'
import { softmax } from '../../src/ops/softmax.js'
import { readModel } from '../../src/tflite/index.js'
import { brokenRules, evaluated, instance, lowered, tensor } from '../support/instances.js'
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
  t.equal(lowered(lookup, made).family, 'lookup')
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
  const vector = tensor({ scale: 1 / 256, zeroPoint: -128 })
  const global = instance(softmax, { inputs: [vector], outputs: [vector], options: { beta: 1 } })
  t.equal(lookupTable(softmax, global), undefined, 'each element needs all others')
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
