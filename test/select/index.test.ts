import t from 'tap'
import { builtinOperators, type KernelRequest, type OperatorDefinition } from '../../src/ops/index.js'
import { CPUS, GOALS, selectKernels, setOf } from '../../src/select/index.js'
import { graphFrom } from '../support/graphs.js'
import { activation, chain, plain } from '../support/layers.js'
import type { ModelSpec } from '../support/model-writer.js'

const shape = [1, 6]
const real = (name: string) => ({ name, type: 'float32', shape }) as const

const spec: ModelSpec = chain(
  [real('x'), activation('q', shape), activation('r', [6]), activation('t', [6], 1 / 128, 0), real('y')],
  [
    plain('QUANTIZE', 0, 1),
    { kind: 'RESHAPE', inputs: [1], outputs: [2] },
    plain('TANH', 2, 3),
    plain('DEQUANTIZE', 3, 4),
  ],
)
const graph = graphFrom({ ...spec, tensors: spec.tensors.with(4, { ...real('y'), shape: [6] }) })

const chosen = (cpu: (typeof CPUS)[number] = 'any', goal: (typeof GOALS)[number] = 'balanced') =>
  selectKernels(graph, builtinOperators, cpu, goal)

t.test('every operator gets its kernels, one that only gives another shape none', (t) => {
  t.same(
    chosen().map(({ operator, kernels }) => [operator.kind, kernels.map(({ request, set }) => [request.family, set])]),
    [
      ['QUANTIZE', [['quantize', 'float32']]],
      ['RESHAPE', []],
      ['TANH', [['lookup', 'portable']]],
      ['DEQUANTIZE', [['dequantize', 'float32']]],
    ],
  )
  t.same(
    chosen().map(({ operator }) => operator),
    graph.operators,
  )
  t.end()
})

t.test('the set is float32 wherever the kernel computes with floats', (t) => {
  const request = { family: 'f', fields: {}, reads: [] }
  t.equal(setOf({ ...request, type: 's8' }), 'portable')
  t.equal(setOf({ ...request, type: 'b8' }), 'portable')
  for (const type of ['f32', 'f32_s8', 's8_f32']) t.equal(setOf({ ...request, type }), 'float32', type)
  t.end()
})

t.test('an operator may need several calls, all of which are chosen in order', (t) => {
  const request = (family: string, type: string): KernelRequest => ({ family, type, fields: {}, reads: [0] })
  const tanh = builtinOperators.get('TANH') as OperatorDefinition
  const double: OperatorDefinition = { ...tanh, lower: () => [request('first', 's8'), request('second', 'f32_s8')] }
  const [, , operator] = selectKernels(graph, new Map([...builtinOperators, ['TANH', double]]), 'any', 'balanced')
  t.same(operator?.kernels, [
    { request: request('first', 's8'), set: 'portable' },
    { request: request('second', 'f32_s8'), set: 'float32' },
  ])
  t.end()
})

t.test('there is one choice today, whatever the processor and the goal', (t) => {
  for (const cpu of CPUS) for (const goal of GOALS) t.same(chosen(cpu, goal), chosen(), `${cpu}, ${goal}`)
  t.end()
})
