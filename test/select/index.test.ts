import t from 'tap'
import { builtinOperators, type KernelRequest, type OperatorDefinition } from '../../src/ops/index.js'
import { CPUS, GOALS, type KernelTarget, portableKernel, programSetsOf, selectKernels } from '../../src/select/index.js'
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

const PORTABLE = { set: 'portable', goal: 'balanced' } as const
const chosen = (target: KernelTarget = PORTABLE) => selectKernels(graph, builtinOperators, target)

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
  t.equal(portableKernel({ ...request, type: 's8' }).set, 'portable')
  t.equal(portableKernel({ ...request, type: 'b8' }).set, 'portable')
  for (const type of ['f32', 'f32_s8', 's8_f32']) t.equal(portableKernel({ ...request, type }).set, 'float32', type)
  t.end()
})

t.test('an operator may need several calls, all of which are chosen in order', (t) => {
  const request = (family: string, type: string): KernelRequest => ({ family, type, fields: {}, reads: [0] })
  const tanh = builtinOperators.get('TANH') as OperatorDefinition
  const double: OperatorDefinition = { ...tanh, lower: () => [request('first', 's8'), request('second', 'f32_s8')] }
  const [, , operator] = selectKernels(graph, new Map([...builtinOperators, ['TANH', double]]), PORTABLE)
  t.same(operator?.kernels, [
    { request: request('first', 's8'), set: 'portable', scratchBytes: 0 },
    { request: request('second', 'f32_s8'), set: 'float32', scratchBytes: 0 },
  ])
  t.end()
})

t.test('every processor has kernel sets, the portable one among those that are left to the preprocessor', (t) => {
  for (const cpu of CPUS) t.ok(programSetsOf(cpu).length > 0, cpu)
  t.equal(programSetsOf('any').at(-1), 'portable')
  t.same(programSetsOf('cortex-m4f'), ['dsp'])
  t.same(programSetsOf('cortex-m55'), ['mve'])
  t.same(programSetsOf('cortex-m0plus'), ['armv6m'])
  t.same(programSetsOf('cortex-m3'), ['portable'])
  t.end()
})

t.test('what a set has no fast way for is computed by the portable kernel, whatever the goal', (t) => {
  for (const goal of GOALS) t.same(chosen({ set: 'dsp', goal }), chosen(), goal)
  t.end()
})
