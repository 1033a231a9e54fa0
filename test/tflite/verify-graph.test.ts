import t from 'tap'
import type { ModelSpec, OperatorSpec } from '../support/model-writer.js'
import { addModel, findingsOf } from './findings-of.js'

/** `x` -> RELU -> `a` -> RELU -> `b`, beside a constant `c` and a variable `v`, with changes. */
function chain(changes: Partial<ModelSpec> = {}): ModelSpec {
  const shape = [1, 4]
  return {
    tensors: [
      { name: 'x', type: 'float32', shape },
      { name: 'a', type: 'float32', shape },
      { name: 'b', type: 'float32', shape },
      { name: 'c', type: 'float32', shape, data: [1, 2, 3, 4] },
      { name: 'v', type: 'float32', shape, isVariable: true },
    ],
    operators: [relu(0, 1), relu(1, 2)],
    inputs: [0],
    outputs: [2],
    ...changes,
  }
}

function relu(input: number, output: number): OperatorSpec {
  return { kind: 'RELU', inputs: [input], outputs: [output] }
}

const FIRST = 'at subgraph 0, operator 0 RELU "a"'
const ORDER = 'BAD_MODEL: Operators stand behind those whose outputs they read'
const ONCE = 'BAD_MODEL: Operators write each tensor once, and no constants'
const INPUTS = 'BAD_MODEL: Inputs of a graph are listed once and are not constant'
const INDICES = 'BAD_MODEL: Tensor indices lie within the list of tensors'

const CASES: readonly (readonly [name: string, changes: Partial<ModelSpec>, findings: readonly string[]])[] = [
  ['a chain is in order', {}, []],
  ['an input may be an output', { outputs: [0, 2] }, []],
  ['an output may be listed twice', { outputs: [2, 2] }, []],
  ['a constant may be an output', { outputs: [2, 3] }, []],
  ['a variable has a value and may be written', { operators: [relu(4, 4), relu(4, 2)] }, []],
  ['a variable may be an input', { inputs: [0, 4] }, []],
  [
    'an operator may have no outputs',
    { operators: [relu(0, 1), relu(1, 2), { kind: 'CALL_ONCE', inputs: [], outputs: [] }] },
    [],
  ],
  [
    'a custom operator may read scratch memory that nothing writes',
    { operators: [{ kind: 'CUSTOM', customCode: 'npu', inputs: [0, 1], outputs: [2] }] },
    [],
  ],
  [
    'operators in the wrong order',
    { operators: [relu(1, 2), relu(0, 1)] },
    [`${ORDER}, tensor 1 is written later at subgraph 0, operator 0 RELU "b", tensor 1 "a"`],
  ],
  [
    'a custom operator that reads what is written later',
    { operators: [{ kind: 'CUSTOM', customCode: 'npu', inputs: [1], outputs: [2] }, relu(0, 1)] },
    [`${ORDER}, tensor 1 is written later at subgraph 0, operator 0 npu "b", tensor 1 "a"`],
  ],
  [
    'an operator that reads its own output',
    { operators: [relu(1, 1), relu(1, 2)] },
    [`${ORDER}, tensor 1 is written later ${FIRST}, tensor 1 "a"`],
  ],
  [
    'a tensor that is never written',
    { operators: [relu(1, 2)] },
    [`${ORDER}, tensor 1 is never written at subgraph 0, operator 0 RELU "b", tensor 1 "a"`],
  ],
  [
    'a tensor that is written twice',
    { operators: [relu(0, 1), relu(0, 1), relu(1, 2)] },
    [`${ONCE}, tensor 1 already has a value at subgraph 0, operator 1 RELU "a", tensor 1 "a"`],
  ],
  [
    'an operator that writes an input',
    { operators: [relu(3, 0), relu(0, 1), relu(1, 2)] },
    [`${ONCE}, tensor 0 already has a value at subgraph 0, operator 0 RELU "x", tensor 0 "x"`],
  ],
  [
    'an operator that writes a constant',
    { operators: [relu(0, 1), relu(1, 2), relu(1, 3)] },
    [`${ONCE}, tensor 3 is constant at subgraph 0, operator 2 RELU "c", tensor 3 "c"`],
  ],
  ['an input that is constant', { inputs: [0, 3] }, [`${INPUTS}, tensor 3 in inputs at subgraph 0, tensor 3 "c"`]],
  ['an input that is listed twice', { inputs: [0, 0] }, [`${INPUTS}, tensor 0 in inputs at subgraph 0, tensor 0 "x"`]],
  [
    'an output that is never written',
    { operators: [relu(0, 1)] },
    ['BAD_MODEL: Outputs of a graph have a value, tensor 2 is never written at subgraph 0, tensor 2 "b"'],
  ],
  ['no outputs', { outputs: [] }, ['BAD_MODEL: A model has an output, no outputs at subgraph 0']],
  [
    'indices out of range',
    { inputs: [5], outputs: [-1], operators: [relu(-2, 1), relu(1, -1), relu(7, 2)] },
    [
      `${INDICES}, 5 in inputs, of 5 tensors at subgraph 0`,
      `${INDICES}, -1 in outputs, of 5 tensors at subgraph 0`,
      `${INDICES}, -2 in inputs, of 5 tensors ${FIRST}`,
      `${INDICES}, -1 in outputs, of 5 tensors at subgraph 0, operator 1 RELU ""`,
      `${INDICES}, 7 in inputs, of 5 tensors at subgraph 0, operator 2 RELU "b"`,
    ],
  ],
]

for (const [name, changes, findings] of CASES) {
  t.test(`${findings.length > 0 ? 'refuses ' : ''}${name}`, (t) => {
    t.same(findingsOf(chain(changes)), findings)
    t.end()
  })
}

t.test('reads and verifies every subgraph', (t) => {
  const body = { tensors: [], operators: [], inputs: [3], outputs: [] }
  t.same(findingsOf({ ...addModel(), subgraphs: [body] }), [`${INDICES}, 3 in inputs, of 0 tensors at subgraph 1`])
  t.end()
})

t.test('reports all that is found, up to a limit', (t) => {
  const bad = (count: number): ModelSpec => chain({ outputs: new Array<number>(count).fill(99) })
  t.equal(findingsOf(bad(49)).length, 49)
  t.equal(findingsOf(bad(1000)).length, 50)
  t.end()
})

t.test('reports the findings of tensors, operators and order together', (t) => {
  const model = chain({ operators: [relu(1, 2), { kind: 999, inputs: [0], outputs: [1] }] })
  const [first, ...others] = model.tensors
  const tensors = [{ ...first!, type: 'int8' as const, quantization: { scales: [-1] } }, ...others]
  t.same(
    findingsOf({ ...model, tensors }).map((finding) => finding.slice(0, finding.indexOf(':'))),
    ['BAD_MODEL', 'UNSUPPORTED_OPERATOR', 'BAD_MODEL'],
  )
  t.end()
})
