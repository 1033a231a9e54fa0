import t from 'tap'
import { callsOf, type Program } from '../../src/lower/index.js'
import { activation, bias, chain, conv, plain, weights } from '../support/layers.js'
import type { ModelSpec, OperatorSpec, TensorSpec } from '../support/model-writer.js'
import { loweredFrom, programFrom } from '../support/programs.js'

const reshape = (input: number, output: number): OperatorSpec => ({
  kind: 'RESHAPE',
  inputs: [input],
  outputs: [output],
})
const add = (a: number, b: number, output: number): OperatorSpec => ({
  kind: 'ADD',
  inputs: [a, b],
  outputs: [output],
  options: {},
})

const convolution = chain(
  [
    activation('x', [1, 4, 4, 2]),
    weights('w', [3, 1, 1, 2]),
    bias('b', [1, 2, 3]),
    activation('y', [1, 4, 4, 3], 0.2, 0),
  ],
  [conv([0, 1, 2], 3)],
)

/** Where inputs and outputs are found: the offset, or the constant. */
const places = ({ inputs, outputs }: Program): readonly unknown[] =>
  [...inputs, ...outputs].map(({ placement }) => (placement.kind === 'arena' ? placement.offset : placement))

t.test('a call names its kernel, its parameters and its tensors', (t) => {
  const program = programFrom(convolution)
  const [call] = callsOf(program)
  t.match(call, {
    operator: { index: 0, kind: 'CONV_2D' },
    name: 'op0',
    family: 'conv_2d',
    type: 's8',
    set: 'portable',
    fields: { output_channels: 3, weights: { constant: 'op0_weights' }, bias: { constant: 'op0_bias' } },
    inputs: [{ type: 'int8' }],
    output: { type: 'int8' },
  })
  t.equal(call?.inputs.length, 1, 'weights and bias are parameters')
  t.same(call?.comment, ['0 CONV_2D "y"', 'int8 1x4x4x2, int8 3x1x1x2, int32 3 -> int8 1x4x4x3'])
  t.end()
})

t.test('inputs and outputs keep what an application has to know of them', (t) => {
  const { name, inputs, outputs } = programFrom(convolution)
  t.equal(name, 'net')
  t.match(inputs, [{ name: 'x', type: 'int8', shape: [1, 4, 4, 2], quantization: { zeroPoints: [-3] } }])
  t.match(outputs, [{ name: 'y', shape: [1, 4, 4, 3], quantization: { scales: [Math.fround(0.2)] } }])
  t.end()
})

t.test('the arena is as large as its tensors, in whole words, and never empty', (t) => {
  t.match(programFrom(chain([activation('x', [1, 5]), activation('y', [1, 5], 0.1, 0)], [plain('QUANTIZE', 0, 1)])), {
    arenaBytes: 8,
    arenaAlignment: 4,
  })
  const constant = { ...activation('k', [3]), data: Int8Array.of(1, 2, 3) }
  t.match(programFrom({ tensors: [constant], operators: [], inputs: [], outputs: [0] }), { arenaBytes: 4, stages: [] })
  t.end()
})

t.test('equal constants of several operators are stored once', (t) => {
  const tensors = [
    activation('x', [1, 4]),
    weights('w', [4, 4]),
    bias('b', [1, 2, 3, 4]),
    activation('h', [1, 4]),
    weights('same', [4, 4]),
    activation('y', [1, 4]),
  ]
  const dense = (inputs: readonly number[], output: number): OperatorSpec => ({
    kind: 'FULLY_CONNECTED',
    inputs,
    outputs: [output],
    options: {},
  })
  const program = programFrom(chain(tensors, [dense([0, 1, 2], 3), dense([3, 4, 2], 5)]))
  const [first, second] = callsOf(program)
  t.same(first?.fields['weights'], { constant: 'op0_weights' })
  t.same(second?.fields, first?.fields)
  t.same(
    program.constants.filter(({ values }) => values.length === 16).map(({ name }) => name),
    ['op0_weights'],
  )
  t.equal(new Set(program.constants.map(({ name }) => name)).size, program.constants.length)
  t.end()
})

t.test('an operand that is a constant comes from ROM', (t) => {
  const constant = { ...activation('k', [1, 4], 0.1, 0), data: Int8Array.of(1, 2, 3, 4) }
  const program = programFrom(chain([activation('x', [1, 4]), constant, activation('y', [1, 4])], [add(0, 1, 2)]))
  const [call] = callsOf(program)
  t.match(call?.inputs, [{ placement: { kind: 'arena' } }, { placement: { kind: 'constant', name: 'tensor1' } }])
  t.same(program.constants.find(({ name }) => name === 'tensor1')?.values, Int8Array.of(1, 2, 3, 4))
  t.end()
})

t.test('an output may be a constant, an input, or another shape of an input', (t) => {
  const constant = { ...activation('k', [4]), data: Int8Array.of(1, 2, 3, 4) }
  const spec: ModelSpec = {
    tensors: [activation('x', [1, 4]), constant, activation('r', [2, 2])],
    operators: [reshape(0, 2)],
    inputs: [0],
    outputs: [0, 1, 2],
  }
  const program = programFrom(spec)
  t.same(callsOf(program), [])
  t.same(places(program), [0, 0, { kind: 'constant', name: 'output1' }, 0])
  t.same(
    program.outputs.map(({ shape }) => shape),
    [[1, 4], [4], [2, 2]],
  )
  t.end()
})

t.test('tensors without quantization have none', (t) => {
  const real = (name: string): TensorSpec => ({ name, type: 'float32', shape: [2] })
  const { inputs } = programFrom(chain([real('x'), real('y')], [plain('RELU', 0, 1)]))
  t.notOk('quantization' in (inputs[0] ?? {}))
  t.end()
})

t.test('an operator of several calls is commented once, and numbers its parameters', (t) => {
  const tensors = [activation('a', [2, 2]), activation('b', [2, 3]), activation('y', [2, 5])]
  const program = programFrom({
    tensors,
    operators: [{ kind: 'CONCATENATION', inputs: [0, 1], outputs: [2], options: { axis: 1 } }],
    inputs: [0, 1],
    outputs: [2],
  })
  const calls = callsOf(program)
  t.same(
    calls.map(({ name, comment }) => [name, comment.length]),
    [
      ['op0_0', 2],
      ['op0_1', 0],
    ],
  )
  t.end()
})

t.test('comments have the index of the file, though operators before were folded', (t) => {
  const constant = { ...activation('k', [1, 4], 0.3, 1), data: Int8Array.of(1, 2, 3, 4) }
  const tensors = [activation('x', [1, 4]), constant, activation('q', [1, 4], 0.1, 0), activation('y', [1, 4])]
  const program = programFrom(chain(tensors, [plain('QUANTIZE', 1, 2), add(0, 2, 3)]))
  t.match(callsOf(program), [{ name: 'op1', comment: ['1 ADD "y"', 'int8 1x4, int8 1x4 -> int8 1x4'] }])
  t.end()
})

t.test('every stage runs its own calls, and a chain of windows may run row by row', (t) => {
  const image = (name: string, channels: number): TensorSpec => activation(name, [1, 32, 32, channels], 0.2, 0)
  const tensors = [
    image('x', 1),
    weights('w1', [8, 3, 3, 1]),
    bias(
      'b1',
      Array.from({ length: 8 }, (_, i) => i),
    ),
    image('wide', 8),
    weights('w2', [1, 3, 3, 8]),
    bias('b2', [3]),
    image('y', 1),
  ]
  const program = programFrom(chain(tensors, [conv([0, 1, 2], 3, 'SAME'), conv([3, 4, 5], 6, 'SAME')]))
  t.ok(program.arenaBytes < 32 * 32 * 8, 'the wide tensor never exists whole')
  const [stage] = program.stages
  if (stage?.kind !== 'cascade') return t.fail('a cascade', { stage })
  t.equal(program.stages.length, 1)
  t.same(
    stage.units.map((calls) => calls.map(({ name, form }) => [name, form])),
    [[['op0', 'row']], [['op1', 'row']]],
  )
  t.match(stage.comment, [/^\d+ of 32 rows of "wide"$/])
  t.ok(stage.turns.list.every((turn) => Number.isInteger(turn) && turn >= 0 && turn <= 255))
  t.end()
})

t.test('an operator that runs lane by lane is a call of its own form, on one place for input and output', (t) => {
  const tensors = [
    activation('x', [1, 5, 4, 3]),
    weights('w', [1, 3, 3, 3]),
    bias('b', [1, 2, 3]),
    activation('y', [1, 5, 4, 3], 0.2, 0),
  ]
  const options = { padding: 'SAME', strideW: 1, strideH: 1, depthMultiplier: 1 } as const
  const spec = chain(tensors, [{ kind: 'DEPTHWISE_CONV_2D', inputs: [0, 1, 2], outputs: [3], options }])
  const { program } = loweredFrom(spec, { optimize: 'ram' })
  const [call] = callsOf(program)
  t.match(call, { form: 'lanes', set: 'portable', delay: 5, scratch: 60 })
  t.match(call?.comment.at(-1), '(in place, channel by channel, 5 behind)')
  t.match([call?.inputs[0]?.placement, call?.output.placement], [{ offset: 0 }, { offset: 0 }])
  t.equal(program.arenaBytes, 68)
  t.end()
})

t.test('a convolution whose window is all of its input is a dense layer, and may take it into accumulators', (t) => {
  const image = (name: string, channels: number): TensorSpec => activation(name, [1, 12, 12, channels], 0.2, 0)
  const zeros = (count: number): number[] => Array.from({ length: count }, () => 0)
  const tensors = [
    image('x', 1),
    weights('w1', [8, 3, 3, 1]),
    bias('b1', zeros(8)),
    image('wide', 8),
    weights('w2', [2, 12, 12, 8]),
    bias('b2', zeros(2)),
    activation('y', [1, 1, 1, 2], 2, 0),
  ]
  const program = programFrom(chain(tensors, [conv([0, 1, 2], 3, 'SAME'), conv([3, 4, 5], 6, 'VALID')]))
  t.same(
    callsOf(program).map(({ name, family, form }) => [name, family, form]),
    [
      ['op0', 'conv_2d', 'row'],
      ['op1', 'fully_connected', 'accumulate'],
    ],
  )
  t.end()
})
