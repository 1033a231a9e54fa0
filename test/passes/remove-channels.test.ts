import t, { type Test } from 'tap'
import { type Graph, NO_TENSOR, tensorAt, toElements } from '../../src/ir/index.js'
import { removeChannels } from '../../src/passes/remove-channels.js'
import type { OperatorSpec } from '../support/model-writer.js'
import { graphFrom, kinds } from '../support/graphs.js'
import { activation, chain } from '../support/layers.js'
import { Network, ZERO_POINT } from '../support/network.js'
import { runUnchanged } from './unchanged.js'

/** Shape of each operator's output, in order. */
const shapes = (graph: Graph): readonly string[] =>
  graph.operators.map(({ outputs }) => tensorAt(graph, outputs[0] ?? NO_TENSOR).shape.join('x'))

/** Runs the pass on the network, checks outputs on random and extreme inputs, and gives what is left. */
function removed(network: Network, ...outputs: readonly number[]): Graph {
  return runUnchanged(removeChannels, graphFrom(network.model(outputs)))
}

/** Elements of constant input `input` of operator `operator`. */
function constantOf(graph: Graph, operator: number, input: number): readonly number[] {
  const tensor = tensorAt(graph, graph.operators[operator]?.inputs[input] ?? NO_TENSOR)
  return Array.from((tensor.data && toElements(tensor.type, tensor.data)) ?? [])
}

/** Far below what weights can make up for: with RELU the channel is the zero point. */
const NEVER = -1_000_000
/** An accumulator that gives a value other than the zero point: 50 / 1000 = 0.02 * 50. */
const SOME = 500

/** Four channels: 0 and 3 vary, 1 is the zero point, and nobody reads 2 when `reads` is the weights behind it. */
const source = { outputs: 4, bias: [40, NEVER, 90, -20], activation: 'RELU' } as const
const reads = (output: number, input: number): number => (input === 2 ? 0 : output + 2 * input + 1)

t.test('a channel that is constant and one that nobody reads go, with their weights', (t) => {
  const net = new Network()
  const first = net.conv(net.input([1, 4, 4, 3]), source)
  const graph = removed(net, net.conv(first, { outputs: 2, kernel: 3, padding: 'SAME', weight: reads }))
  t.same(shapes(graph), ['1x4x4x2', '1x4x4x2'])
  t.equal(constantOf(graph, 0, 1).length, 2 * 3)
  t.same(constantOf(graph, 0, 2), [40, -20])
  t.equal(constantOf(graph, 1, 1).length, 2 * 9 * 2)
  t.end()
})

t.test('per-channel scales go with their channels', (t) => {
  const net = new Network()
  const first = net.conv(net.input([1, 4, 4, 3]), { ...source, scales: [0.01, 0.02, 0.03, 0.04] })
  const graph = removed(net, net.conv(first, { outputs: 2, weight: reads }))
  for (const input of [1, 2]) {
    const { quantization } = tensorAt(graph, graph.operators[0]?.inputs[input] ?? NO_TENSOR)
    t.equal(quantization?.scales.length, 2)
  }
  t.end()
})

t.test('a constant that is no zero point goes into the bias behind it', (t) => {
  const net = new Network()
  const weight = (output: number): number => (output === 1 ? 0 : 20)
  const first = net.conv(net.input([1, 4, 4, 2]), { outputs: 3, weight, bias: [0, SOME, 0] })
  const graph = removed(net, net.conv(first, { outputs: 2, kernel: 2, bias: [7, 8] }))
  t.same(shapes(graph), ['1x4x4x2', '1x3x3x2'])
  // the channel is 500 * 0.02 = 10 above the zero point; four taps of weights 17 + 5 + 1 and 31 + 17 + 5 + 1 - 40
  t.same(constantOf(graph, 1, 2), [7 + 4 * 10 * 23, 8 + 4 * 10 * 14])
  t.end()
})

t.test('beside padding it stays, but what it was computed from goes', (t) => {
  const net = new Network()
  const first = net.conv(net.input([1, 4, 4, 2]), { outputs: 3 })
  // channel 1 of the second layer is always 127, and the only one to read channel 2 of the first
  const weight = (output: number, input: number): number => ((output === 1) === (input === 2) ? 9 : 0)
  const second = net.conv(first, { outputs: 3, weight, bias: [0, 1_000_000, 0] })
  const graph = removed(net, net.conv(second, { outputs: 2, kernel: 3, padding: 'SAME' }))
  t.same(shapes(graph), ['1x4x4x2', '1x4x4x3', '1x4x4x2'])
  t.same(constantOf(graph, 1, 1), [9, 9, 0, 0, 9, 9])
  t.end()
})

/** One weight between the first input and the channel, so that only its largest value can lift the channel. */
function atThreshold(bias: number): Graph {
  const net = new Network()
  const weight = (output: number, input: number): number => (output === 0 || input === 0 ? 50 : 0)
  const first = net.conv(net.input([1, 3, 3, 2]), { outputs: 2, weight, bias: [0, bias], activation: 'RELU' })
  return removed(net, net.conv(first, { outputs: 1, kernel: 2 }))
}

t.test('a channel that one single input value lifts from its constant stays', (t) => {
  // (127 + 3) * 50 + bias, times 0.02: half a step is 25
  const threshold = 25 - 130 * 50
  t.same(shapes(atThreshold(threshold - 1)), ['1x3x3x1', '1x2x2x1'])
  t.same(shapes(atThreshold(threshold)), ['1x3x3x2', '1x2x2x1'])
  t.end()
})

t.test('a channel whose accumulator may wrap around stays', (t) => {
  const net = new Network()
  const first = net.conv(net.input([1, 3, 3, 2]), { outputs: 2, bias: [0, 2 ** 31 - 50], activation: 'RELU' })
  t.same(shapes(removed(net, net.conv(first, { outputs: 1 }))), ['1x3x3x2', '1x3x3x1'])
  t.end()
})

/** Operators that channels run through side by side. */
const LANEWISE: readonly (readonly [name: string, operator: Omit<OperatorSpec, 'outputs' | 'inputs'>])[] = [
  ['LOGISTIC', { kind: 'LOGISTIC' }],
  ['RELU6', { kind: 'RELU6' }],
  ['LEAKY_RELU', { kind: 'LEAKY_RELU', options: { alpha: -0.5 } }],
  ['QUANTIZE', { kind: 'QUANTIZE' }],
]

/** The network with the layer that reads `input`, of weights `reads`, behind it. */
function behind(net: Network, input: number): Graph {
  return removed(net, net.conv(input, { outputs: 2, weight: reads }))
}

for (const [name, operator] of LANEWISE) {
  t.test(`channels go through ${name}`, (t) => {
    const net = new Network()
    const first = net.conv(net.input([1, 4, 4, 3]), source)
    const quantization = name === 'LOGISTIC' ? ([1 / 256, -128] as const) : ([0.05, ZERO_POINT] as const)
    const output = net.tensor([1, 4, 4, 4], ...quantization)
    net.operators.push({ ...operator, inputs: [first], outputs: [output] } as OperatorSpec)
    t.same(shapes(behind(net, output)), ['1x4x4x2', '1x4x4x2', '1x4x4x2'])
    t.end()
  })
}

for (const kind of ['AVERAGE_POOL_2D', 'MAX_POOL_2D'] as const) {
  t.test(`channels go through ${kind}`, (t) => {
    const net = new Network()
    const first = net.conv(net.input([1, 5, 5, 3]), source)
    const options = { padding: 'SAME', strideW: 2, strideH: 2, filterW: 3, filterH: 3 } as const
    const pooled = net.operator({ kind, inputs: [first], options }, [1, 3, 3, 4])
    t.same(shapes(behind(net, pooled)), ['1x5x5x2', '1x3x3x2', '1x3x3x2'])
    t.end()
  })
}

t.test('channels go through DEPTHWISE_CONV_2D', (t) => {
  const net = new Network()
  const first = net.conv(net.input([1, 4, 4, 3]), source)
  const second = net.depthwise(first, { outputs: 1, kernel: 3, padding: 'SAME', bias: [1, 2, 3, 4] })
  const graph = behind(net, second)
  t.same(shapes(graph), ['1x4x4x2', '1x4x4x2', '1x4x4x2'])
  t.same(constantOf(graph, 1, 2), [1, 4])
  t.end()
})

t.test('with a depth multiplier all that comes from a channel goes, or nothing', (t) => {
  const net = new Network()
  const first = net.conv(net.input([1, 4, 4, 3]), { outputs: 3 })
  const second = net.depthwise(first, { outputs: 2 })
  // reads 0 and 1 of the first channel, 2 of the second, and nothing of the third
  const weight = (_: number, input: number): number => (input <= 2 ? 1 + input : 0)
  const graph = removed(net, net.conv(second, { outputs: 2, weight }))
  t.same(shapes(graph), ['1x4x4x2', '1x4x4x4', '1x4x4x2'])
  t.match(graph.operators[1], { options: { depthMultiplier: 2 } })
  t.end()
})

t.test('of what comes from a single channel, any part may go', (t) => {
  const net = new Network()
  const first = net.depthwise(net.input([1, 4, 4, 1]), { ...source, kernel: 3 })
  const graph = behind(net, first)
  t.same(shapes(graph), ['1x2x2x2', '1x2x2x2'])
  t.match(graph.operators[0], { options: { depthMultiplier: 2 } })
  t.end()
})

t.test('groups go as a whole', (t) => {
  const net = new Network()
  const first = net.conv(net.input([1, 4, 4, 3]), { outputs: 6 })
  const second = net.conv(first, { outputs: 6, groups: 3, kernel: 3 })
  const weight = (_: number, input: number): number => (input === 0 || input === 4 ? 3 : 0)
  const graph = removed(net, net.conv(second, { outputs: 1, weight }))
  t.same(shapes(graph), ['1x4x4x4', '1x2x2x4', '1x2x2x1'])
  t.end()
})

t.test('channels go through MEAN', (t) => {
  const net = new Network()
  const first = net.conv(net.input([1, 4, 4, 3]), source)
  const axes = net.integers([2], [1, 2])
  const means = net.operator({ kind: 'MEAN', inputs: [first, axes], options: { keepDims: false } }, [1, 4])
  t.same(shapes(removed(net, net.dense(means, { outputs: 2, weight: reads }))), ['1x4x4x2', '1x2', '1x2'])
  t.end()
})

t.test('they do not go through a mean over channels', (t) => {
  const net = new Network()
  const first = net.conv(net.input([1, 4, 4, 3]), source)
  const axes = net.integers([1], [3])
  const means = net.operator({ kind: 'MEAN', inputs: [first, axes], options: { keepDims: true } }, [1, 4, 4, 1])
  t.same(shapes(removed(net, net.conv(means, { outputs: 2 })))[0], '1x4x4x4')
  t.end()
})

t.test('channels go through RESHAPE into a dense layer', (t) => {
  const net = new Network()
  const first = net.conv(net.input([1, 3, 3, 3]), source)
  const flat = net.operator({ kind: 'RESHAPE', inputs: [first], options: {} }, [1, 36])
  const weight = (output: number, input: number): number => reads(output, input % 4)
  const graph = removed(net, net.dense(flat, { outputs: 2, weight }))
  t.same(shapes(graph), ['1x3x3x2', '1x18', '1x2'])
  t.equal(constantOf(graph, 2, 1).length, 36)
  t.end()
})

t.test('a channel that is read at one of its places stays at all of them', (t) => {
  const net = new Network()
  const first = net.conv(net.input([1, 3, 3, 3]), { outputs: 4 })
  const flat = net.operator({ kind: 'RESHAPE', inputs: [first], options: {} }, [1, 36])
  const weight = (_: number, input: number): number => (input === 6 || input % 4 === 0 ? 5 : 0)
  t.same(shapes(removed(net, net.dense(flat, { outputs: 2, weight }))), ['1x3x3x2', '1x18', '1x2'])
  t.end()
})

t.test('channels go through a RESHAPE that makes some of a vector', (t) => {
  const net = new Network()
  // of 8 elements, those of channel 1 of 4 are nobody's
  const first = net.dense(net.input([1, 5]), { outputs: 8 })
  const image = net.operator({ kind: 'RESHAPE', inputs: [first], options: {} }, [1, 2, 1, 4])
  const weight = (_: number, input: number): number => (input === 1 ? 0 : 5)
  t.same(shapes(removed(net, net.conv(image, { outputs: 1, weight }))), ['1x6', '1x2x1x3', '1x2x1x1'])
  t.end()
})

t.test('a dense layer takes images as they are', (t) => {
  const net = new Network()
  const first = net.conv(net.input([1, 3, 3, 3]), source)
  const weight = (output: number, input: number): number => reads(output, input % 4)
  t.same(shapes(removed(net, net.dense(first, { outputs: 2, weight }))), ['1x3x3x2', '1x2'])
  t.end()
})

for (const kind of ['ADD', 'SUB', 'MUL'] as const) {
  t.test(`channels of both operands of ${kind} go together, and a constant operand with them`, (t) => {
    const net = new Network()
    const image = net.input([1, 4, 4, 3])
    const sum = net.operator(
      { kind, inputs: [net.conv(image, source), net.conv(image, source)], options: { activation: 'NONE' } },
      [1, 4, 4, 4],
    )
    const offsets = net.constant([4], [10, 20, 30, 40])
    const moved = net.operator({ kind, inputs: [sum, offsets], options: { activation: 'NONE' } }, [1, 4, 4, 4])
    const graph = behind(net, moved)
    t.same(shapes(graph), ['1x4x4x2', '1x4x4x2', '1x4x4x2', '1x4x4x2', '1x4x4x2'])
    t.same(constantOf(graph, 3, 1), [10, 40])
    t.end()
  })
}

t.test('an operand that is stretched over all channels stays', (t) => {
  const net = new Network()
  const image = net.input([1, 4, 4, 3])
  const mask = net.conv(image, { outputs: 1 })
  const masked = net.operator(
    { kind: 'MUL', inputs: [net.conv(image, source), mask], options: { activation: 'NONE' } },
    [1, 4, 4, 4],
  )
  t.same(shapes(behind(net, masked)), ['1x4x4x1', '1x4x4x2', '1x4x4x2', '1x4x4x2'])
  t.end()
})

t.test('along residuals, a channel goes where all branches can do without it', (t) => {
  const net = new Network()
  const image = net.input([1, 4, 4, 3])
  const options = { activation: 'NONE' } as const
  const trunk = net.conv(image, { outputs: 4, bias: [0, NEVER, 0, NEVER], activation: 'RELU' })
  const wide = net.conv(trunk, { outputs: 8, activation: 'RELU6' })
  // channel 1 varies in a branch, channel 3 is constant in it too
  const weight = (output: number): number => (output === 3 ? 0 : 2 + output)
  const branch = net.conv(net.depthwise(wide, { outputs: 1, kernel: 3, padding: 'SAME' }), { outputs: 4, weight })
  const sum = net.operator({ kind: 'ADD', inputs: [trunk, branch], options }, [1, 4, 4, 4])
  const graph = removed(net, net.conv(sum, { outputs: 2, kernel: 3, padding: 'SAME' }))
  t.same(shapes(graph), ['1x4x4x3', '1x4x4x8', '1x4x4x8', '1x4x4x3', '1x4x4x3', '1x4x4x2'])
  t.end()
})

t.test('CONCATENATION of channels loses those of each part', (t) => {
  const net = new Network()
  const image = net.input([1, 4, 4, 3])
  const both = net.operator(
    { kind: 'CONCATENATION', inputs: [net.conv(image, source), net.conv(image, source)], options: { axis: -1 } },
    [1, 4, 4, 8],
  )
  const weight = (output: number, input: number): number => reads(output, input % 4)
  const graph = removed(net, net.conv(both, { outputs: 2, weight }))
  t.same(shapes(graph), ['1x4x4x2', '1x4x4x2', '1x4x4x4', '1x4x4x2'])
  t.end()
})

t.test('a part of a CONCATENATION goes as a whole, with the layers that it comes from', (t) => {
  const net = new Network()
  const image = net.input([1, 4, 4, 3])
  const dead = net.conv(net.conv(image, { outputs: 5, bias: [9, 8, 7, 6, 5] }), { outputs: 4, kernel: 1 })
  const fixed = net.constant([1, 4, 4, 1], new Array<number>(16).fill(5))
  const parts = [dead, net.conv(image, source), fixed]
  const both = net.operator({ kind: 'CONCATENATION', inputs: parts, options: { axis: 3 } }, [1, 4, 4, 9])
  const weight = (output: number, input: number): number => (input >= 4 ? reads(output, input % 4) : 0)
  const graph = removed(net, net.conv(both, { outputs: 2, weight }))
  t.same(kinds(graph), ['CONV_2D', 'RESHAPE', 'CONV_2D'])
  t.same(shapes(graph), ['1x4x4x2', '1x4x4x2', '1x4x4x2'])
  t.end()
})

t.test('CONCATENATION of rows loses what no part needs', (t) => {
  const net = new Network()
  const image = net.input([1, 4, 4, 3])
  const other = { ...source, bias: [0, NEVER, 0, NEVER] }
  const both = net.operator(
    { kind: 'CONCATENATION', inputs: [net.conv(image, source), net.conv(image, other)], options: { axis: 1 } },
    [1, 8, 4, 4],
  )
  t.same(shapes(behind(net, both)), ['1x4x4x2', '1x4x4x2', '1x8x4x2', '1x8x4x2'])
  t.end()
})

t.test('PAD of rows, with the zero point, and of channels', (t) => {
  const net = new Network()
  const first = net.conv(net.input([1, 4, 4, 3]), source)
  const paddings = net.integers([4, 2], [0, 0, 1, 1, 0, 2, 1, 2])
  const padded = net.operator({ kind: 'PAD', inputs: [first, paddings], options: {} }, [1, 6, 6, 7])
  // channels 1 to 4 of 7 are those of the layer
  const weight = (output: number, input: number): number => (input === 3 ? 0 : output + input + 1)
  const graph = removed(net, net.conv(padded, { outputs: 2, weight }))
  t.same(shapes(graph), ['1x4x4x2', '1x6x6x2', '1x6x6x2'])
  t.same(constantOf(graph, 1, 1), [0, 0, 1, 1, 0, 2, 0, 0])
  t.end()
})

t.test('a constant beside a PAD of another value varies', (t) => {
  const net = new Network()
  const first = net.conv(net.input([1, 4, 4, 3]), source)
  const paddings = net.integers([4, 2], [0, 0, 1, 1, 0, 0, 0, 0])
  const value = net.constant([1], [50])
  const padded = net.operator({ kind: 'PADV2', inputs: [first, paddings, value], options: {} }, [1, 6, 4, 4])
  t.same(shapes(behind(net, padded)), ['1x4x4x3', '1x6x4x3', '1x6x4x2'])
  t.end()
})

t.test('SOFTMAX needs all of its input', (t) => {
  const net = new Network()
  const first = net.conv(net.input([1, 2, 2, 3]), source)
  const output = net.tensor([1, 2, 2, 4], 1 / 256, -128)
  net.operators.push({ kind: 'SOFTMAX', inputs: [first], outputs: [output], options: { beta: 1 } })
  t.same(shapes(behind(net, output)), ['1x2x2x4', '1x2x2x4', '1x2x2x2'])
  t.end()
})

t.test('inputs and outputs of the model keep their shapes', (t) => {
  const net = new Network()
  const image = net.input([1, 4, 4, 4])
  const first = net.conv(image, { outputs: 4, weight: reads, bias: [1, NEVER, 2, 3], activation: 'RELU' })
  const graph = removed(net, net.conv(first, { outputs: 2, weight: reads }), first)
  t.same(shapes(graph), ['1x4x4x4', '1x4x4x2'])
  t.same(tensorAt(graph, image).shape, [1, 4, 4, 4])
  t.end()
})

t.test('a channel stays when one of two readers needs it', (t) => {
  const net = new Network()
  const first = net.conv(net.input([1, 4, 4, 3]), { outputs: 4 })
  const only = (channel: number) => (_: number, input: number) => (input === channel ? 6 : 0)
  const left = net.conv(first, { outputs: 1, weight: only(1) })
  const right = net.conv(first, { outputs: 1, weight: only(3) })
  t.same(shapes(removed(net, left, right)), ['1x4x4x2', '1x4x4x1', '1x4x4x1'])
  t.end()
})

t.test('outputs that never change need no layers before them', (t: Test) => {
  const net = new Network()
  const first = net.conv(net.input([1, 4, 4, 3]), { outputs: 5 })
  const graph = removed(net, net.conv(first, { outputs: 2, bias: [NEVER, NEVER], activation: 'RELU' }))
  t.same(shapes(graph).at(-1), '1x4x4x2')
  t.ok(tensorAt(graph, graph.operators[0]?.outputs[0] ?? NO_TENSOR).shape.at(-1) === 1)
  t.end()
})

t.test('a layer on a constant keeps it whole', (t) => {
  const net = new Network()
  const values = Array.from({ length: 12 }, (_, i) => i)
  const fixed = net.conv(net.constant([1, 2, 2, 3], values), { outputs: 4 })
  const varying = net.conv(net.input([1, 2, 2, 3]), { outputs: 4 })
  const sum = net.operator({ kind: 'ADD', inputs: [fixed, varying], options: { activation: 'NONE' } }, [1, 2, 2, 4])
  t.same(shapes(behind(net, sum)), ['1x2x2x3', '1x2x2x3', '1x2x2x3', '1x2x2x2'])
  t.end()
})

t.test('where everything is needed, and on float32, nothing changes', (t) => {
  const net = new Network()
  const needed = graphFrom(net.model([net.conv(net.conv(net.input([1, 4, 4, 3]), { outputs: 4 }), { outputs: 2 })]))
  t.equal(runUnchanged(removeChannels, needed), needed)
  const real = { ...activation('x', [1, 4]), type: 'float32' } as const
  const reals = graphFrom(chain([real, { ...real, name: 'y' }], [{ kind: 'RELU', inputs: [0], outputs: [1] }]))
  t.equal(runUnchanged(removeChannels, reals), reals)
  t.end()
})
