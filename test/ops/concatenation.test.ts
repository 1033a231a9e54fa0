import t from 'tap'
import type { Tensor } from '../../src/ir/index.js'
import { concatenation, type ConcatenationOptions } from '../../src/ops/concatenation.js'
import type { Instance } from '../../src/ops/index.js'
import { brokenRules, evaluated, instance, tensor } from '../support/instances.js'

const of = (...shape: readonly number[]): Tensor => tensor({ shape, scale: 0.5, zeroPoint: 3 })
const joined = (inputs: readonly Tensor[], axis: number, output: Tensor): Instance<ConcatenationOptions> =>
  instance(concatenation, { inputs, outputs: [output], options: { axis, fusedActivation: 'NONE' } })

const tall = Int8Array.of(1, 2, 3, 4)
const narrow = Int8Array.of(5, 6)

t.test('puts inputs one behind the other along any axis', (t) => {
  t.same(evaluated(concatenation, joined([of(2, 2), of(1, 2)], 0, of(3, 2)), [tall, narrow]), [1, 2, 3, 4, 5, 6])
  t.same(evaluated(concatenation, joined([of(2, 2), of(2, 1)], 1, of(2, 3)), [tall, narrow]), [1, 2, 5, 3, 4, 6])
  t.same(evaluated(concatenation, joined([of(2, 1), of(2, 2)], -1, of(2, 3)), [narrow, tall]), [5, 1, 2, 6, 3, 4])
  t.same(evaluated(concatenation, joined([of(2), of(2)], 0, of(4)), [narrow, narrow]), [5, 6, 5, 6], 'one twice')
  t.end()
})

t.test('copies floats as they are', (t) => {
  const float = (...shape: readonly number[]): Tensor => tensor({ shape, type: 'float32' })
  const values = [Float32Array.of(1.5), Float32Array.of(-2, 0.25)]
  t.same(evaluated(concatenation, joined([float(1), float(2)], 0, float(3)), values), [1.5, -2, 0.25])
  t.end()
})

t.test('asks for one kernel call an input, in bytes', (t) => {
  const float = (...shape: readonly number[]): Tensor => tensor({ shape, type: 'float32' })
  const requests = concatenation.lower(joined([float(2, 3, 5), float(2, 4, 5)], 1, float(2, 7, 5)))
  const request = { family: 'concatenation', type: 'b8' }
  t.same(requests, [
    { ...request, reads: [0], fields: { blocks: 2, block_bytes: 60, stride: 140, offset: 0 } },
    { ...request, reads: [1], fields: { blocks: 2, block_bytes: 80, stride: 140, offset: 60 } },
  ])
  t.end()
})

t.test('refuses what the reference kernels do not compute', (t) => {
  const broken = (inputs: readonly Tensor[], output: Tensor, axis = 0): readonly string[] =>
    brokenRules(concatenation, joined(inputs, axis, output))
  const ten = new Array<Tensor>(10).fill(of(1))
  t.same(broken(ten, of(10)), [])
  t.same(broken([...ten, of(1)], of(11)), ['The operator has 1 to 10 inputs and 1 output'])
  t.same(broken([], of(1)), ['The operator has 1 to 10 inputs and 1 output'])
  const wide = tensor({ type: 'int16' })
  t.same(broken([wide, wide], wide), ['The first input is int8 or float32'])
  t.same(broken([of(1), tensor({ type: 'float32' })], of(2)), ['All inputs have the same type'])
  t.same(broken([of(1), of(1)], tensor({ type: 'float32' })), ['Input and output have the same type'])
  t.same(broken([of(1, 1, 1, 1, 1, 1, 1)], of(1)), ['Inputs have at most 6 dimensions'])
  t.same(broken([of(1, 2), of(2, 2)], of(3, 2), 2), ['The axis is a dimension of the inputs'])
  t.same(broken([of(1, 2), of(2, 2)], of(3, 2), -3), ['The axis is a dimension of the inputs'])
  t.same(broken([of(), of()], of(2)), ['The axis is a dimension of the inputs'])
  const shapes = 'The inputs have the same shape but for the axis'
  t.same(broken([of(1, 2), of(2, 3)], of(3, 2)), [shapes])
  t.same(broken([of(1, 2), of(2)], of(3, 2)), [shapes])
  t.same(broken([of(1, 2), of(1, 2)], of(3, 2)), ['The output has the shape that the operator computes'])
  t.end()
})

t.test('refuses int8 inputs that would have to be scaled', (t) => {
  const rule = 'All int8 inputs have scale and zero point of the output'
  const broken = (input: Tensor): readonly string[] => brokenRules(concatenation, joined([of(1), input], 0, of(2)))
  t.same(broken(of(1)), [])
  t.same(broken(tensor({ shape: [1], scale: 0.25, zeroPoint: 3 })), [rule])
  t.same(broken(tensor({ shape: [1], scale: 0.5, zeroPoint: 4 })), [rule])
  t.same(broken(tensor({ shape: [1] })), [rule])
  t.end()
})

t.test('refuses a fused activation', (t) => {
  const fused = instance(concatenation, {
    inputs: [of(1)],
    outputs: [of(1)],
    options: { axis: 0, fusedActivation: 'RELU' },
  })
  t.same(brokenRules(concatenation, fused), ['There is no fused activation'])
  t.end()
})
