import t from 'tap'
import type { Operator, OptionsTable } from '../../src/ir/graph.js'
import { builtinOperatorCode, builtinOperatorName, builtinOptionsType } from '../../src/tflite/builtin-operators.js'
import { readModel } from '../../src/tflite/index.js'
import { int32s, int8 } from '../support/flatbuffer-writer.js'
import { type ModelSpec, type OperatorSpec, writeModel } from '../support/model-writer.js'
import { addModel, findingsOf, thrownBy } from './findings-of.js'
import { SAMPLES } from './samples.js'

function firstOperator(model: ModelSpec): Operator<OptionsTable> {
  const operator = readModel(writeModel(model)).graphs[0]?.operators[0]
  if (operator === undefined) throw new RangeError('no operator')
  return operator
}

function optionsOf(sample: keyof typeof SAMPLES): OptionsTable {
  const model = SAMPLES[sample]
  if (model === undefined) throw new RangeError(`no sample ${sample}`)
  return firstOperator(model).options
}

function withOperator(operator: Partial<OperatorSpec>): ModelSpec {
  return { ...addModel(), operators: [{ kind: 'ADD', inputs: [0, 1], outputs: [2], ...operator } as OperatorSpec] }
}

t.test('reads kind, version, inputs and outputs', (t) => {
  t.match(firstOperator(addModel()), { kind: 'ADD', index: 0, version: 2, inputs: [0, 1], outputs: [2] })
  t.match(firstOperator(withOperator({ inputs: [0, -1] })), { inputs: [0, -1] }, 'an input that is left out')
  t.end()
})

t.test('reads the codes of old files and of new ones', (t) => {
  t.equal(firstOperator({ ...withOperator({ kind: 'HARD_SWISH' }), codes: 'old' }).kind, 'HARD_SWISH')
  t.equal(firstOperator(withOperator({ kind: 'HARD_SWISH' })).kind, 'HARD_SWISH')
  t.equal(firstOperator(withOperator({ kind: 'BROADCAST_TO' })).kind, 'BROADCAST_TO', 'a code above 127')
  t.end()
})

t.test('custom operators have their own names, which are never taken for builtin ones', (t) => {
  t.equal(firstOperator(withOperator({ kind: 'CUSTOM', customCode: 'SignalRfft' })).kind, 'SignalRfft')
  t.equal(firstOperator(withOperator({ kind: 'CUSTOM', customCode: 'CONV_2D' })).kind, 'CUSTOM CONV_2D')
  t.equal(firstOperator(withOperator({ kind: 'CUSTOM' })).kind, 'CUSTOM')
  t.end()
})

t.test("knows the schema's operators by code and name", (t) => {
  t.same([0, 3, 127, 209, 210, -1].map(builtinOperatorName), [
    'ADD',
    'CONV_2D',
    undefined,
    'STABLEHLO_CASE',
    undefined,
    undefined,
  ])
  t.same(['ADD', 'LEAKY_RELU', 'HARD_TANH'].map(builtinOperatorCode), [0, 98, undefined])
  t.same([3, 14, 150, 209, 210].map(builtinOptionsType), [1, 0, 116, 0, 0])
  t.end()
})

t.test('reads options by the position of their fields', (t) => {
  const conv = optionsOf('CONV_2D')
  t.same(
    [conv.int8(0, 9), conv.int32(1, 9), conv.int32(2, 9), conv.int8(3, 9), conv.int32(4, 9), conv.int32(5, 9)],
    [0, 2, 1, 3, 1, 2],
  )
  t.equal(conv.int8(6, 5), 5, 'an absent field gives its fallback')
  t.equal(optionsOf('SOFTMAX').float32(0, 1), 0.5)
  t.equal(optionsOf('FULLY_CONNECTED').bool(2, false), true)
  t.equal(optionsOf('FULLY_CONNECTED').bool(3, false), false)
  t.equal(optionsOf('FULLY_CONNECTED').bool(3, true), true)
  t.same(optionsOf('RESHAPE').int32s(0), [1, 2, -1])
  t.equal(optionsOf('PAD').int32s(0), undefined)
  t.equal(optionsOf('PAD').present, true)
  t.end()
})

t.test('an operator without options gives fallbacks', (t) => {
  const options = optionsOf('DEQUANTIZE')
  t.same(
    [
      options.present,
      options.int8(0, 1),
      options.int32(0, 2),
      options.float32(0, 3),
      options.bool(0, true),
      options.int32s(0),
    ],
    [false, 1, 2, 3, true, undefined],
  )
  t.end()
})

t.test('options of operators that have none in the schema are passed over', (t) => {
  const options = { rawType: 11, fields: [int8(1)] }
  t.equal(firstOperator(withOperator({ kind: 'LOGISTIC', options })).options.present, false)
  t.end()
})

t.test('an option that is not what is asked for is refused when it is read', (t) => {
  const { options } = firstOperator(
    withOperator({ options: { rawType: 11, fields: [int8(1), int32s(new Array(300).fill(1))] } }),
  )
  t.match(
    thrownBy(() => options.int32s(1)),
    [{ code: 'BAD_FILE', found: '300 elements in field 1' }],
  )
  t.match(
    thrownBy(() => options.int32s(0)),
    [{ code: 'BAD_FILE' }],
    'a number is no vector',
  )
  t.end()
})

const FAULTS: readonly (readonly [name: string, operator: Partial<OperatorSpec>, finding: string])[] = [
  [
    'an operator code that is not listed',
    { codeIndex: 5 },
    'BAD_MODEL: Operators refer to a listed operator code, opcode_index = 5 of 1 at subgraph 0, operator 0 unknown "y"',
  ],
  [
    'an operator that the schema does not have',
    { kind: 999 },
    'UNSUPPORTED_OPERATOR: Operators are builtin ones of the schema, or custom, operator code 999 at subgraph 0, operator 0 unknown "y"',
  ],
  [
    'the code that only stands for greater ones',
    { kind: 127 },
    'UNSUPPORTED_OPERATOR: Operators are builtin ones of the schema, or custom, operator code 127 at subgraph 0, operator 0 unknown "y"',
  ],
  [
    'options of another kind of operator',
    { options: { rawType: 5, fields: [] } },
    'BAD_MODEL: The options of an operator are of its kind, builtin_options_type = 5 where 11 belongs at subgraph 0, operator 0 ADD "y"',
  ],
]

for (const [name, operator, finding] of FAULTS) {
  t.test(`refuses ${name}`, (t) => {
    t.same(findingsOf(withOperator(operator)), [finding])
    t.end()
  })
}
