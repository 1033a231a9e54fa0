import { readFileSync } from 'node:fs'
import t from 'tap'
import type { Graph, TensorIndex } from '../../src/ir/index.js'
import { checkPlan, type Clobber, type MemoryPlan, planLeastMemory, planMemory } from '../../src/memory/index.js'
import type { PlannedSchedule } from '../../src/memory/index.js'
import { builtinOperators, type OperatorDefinition } from '../../src/ops/index.js'
import { type Schedule, schedulerOf } from '../../src/schedule/index.js'
import { selectKernels } from '../../src/select/index.js'
import { graphFrom, graphOf } from '../support/graphs.js'
import { activation, bias, chain, conv, plain, weights } from '../support/layers.js'
import { scheduled } from '../support/plans.js'
import { sharedModels } from '../support/shared.js'

const TARGET = { set: 'portable', goal: 'balanced' } as const

const check = (graph: Graph, schedule: Schedule, plan: MemoryPlan): readonly Clobber[] =>
  checkPlan(graph, schedule, builtinOperators, plan)

/** What is lost when tensors lie elsewhere than planned. */
function clobbersAt(
  graph: Graph,
  offsets: readonly (readonly [TensorIndex, number])[],
  bytes: number,
): readonly Clobber[] {
  const schedule = scheduled(graph)
  const plan = planMemory(graph, schedule)
  return check(graph, schedule, { ...plan, offsets: new Map([...plan.offsets, ...offsets]), bytes })
}

/** As the compiler plans it. */
const planned = (graph: Graph): PlannedSchedule =>
  planLeastMemory(graph, schedulerOf(graph, selectKernels(graph, builtinOperators, TARGET), builtinOperators))

/** The same schedule with another number of results that wait. */
const withDelay = ({ stages, ...schedule }: Schedule, delay: number): Schedule => ({
  ...schedule,
  stages: stages.map((stage) => ({ ...stage, flows: stage.flows.map((flow) => ({ ...flow, lanes: { delay } })) })),
})

const residual = graphFrom({
  tensors: [
    activation('x', [1, 6, 5, 4]),
    weights('w', [4, 3, 3, 4]),
    bias('b', [1, 2, 3, 4]),
    activation('c', [1, 6, 5, 4], 0.4, 1),
    activation('r', [1, 6, 5, 4], 0.3, 1),
    activation('y', [1, 6, 5, 4], 0.5, 1),
  ],
  operators: [
    conv([0, 1, 2], 3, 'SAME'),
    plain('RELU', 3, 4),
    { kind: 'ADD', inputs: [0, 4], outputs: [5], options: {} },
  ],
  inputs: [0],
  outputs: [5],
})

t.test('a kernel with an order of its own may lie on nothing that it reads', (t) => {
  const graph = graphFrom({
    tensors: [activation('x', [1, 4, 4, 4]), activation('y', [1, 4, 4, 4])],
    operators: [plain('RELU', 0, 1)],
    inputs: [0],
    outputs: [1],
  })
  const selected = selectKernels(graph, builtinOperators, TARGET).map(({ kernels, ...rest }) => ({
    ...rest,
    kernels: kernels.map((kernel) => ({ ...kernel, unordered: true })),
  }))
  const { schedule, plan } = planLeastMemory(graph, schedulerOf(graph, selected, builtinOperators, { longest: 1 }))
  t.same(plan.bytes, 128, 'input and output side by side')
  t.same(check(graph, schedule, plan), [])
  const onInput = { ...plan, offsets: new Map([...plan.offsets, [1, plan.offsets.get(0) ?? NaN]]) }
  t.match(check(graph, schedule, onInput), [{ operator: 'RELU', tensor: 0, byte: 0, holds: 1 }])
  t.same(check(graph, planned(graph).schedule, onInput), [], 'which is sound element by element')
  t.end()
})

t.test('the plan of a residual block is sound, and a cascade', (t) => {
  const schedule = scheduled(residual)
  const plan = planMemory(residual, schedule)
  t.ok(schedule.stages.some(({ flows }) => flows.length > 1))
  t.ok(plan.bytes < 240, 'less than two tensors')
  t.same(check(residual, schedule, plan), [])
  t.end()
})

t.test('every ring that is a row too short is caught', (t) => {
  const schedule = scheduled(residual)
  const plan = planMemory(residual, schedule)
  t.not(plan.rings.size, 0)
  for (const [tensor, bytes] of plan.rings) {
    if (bytes <= 20) continue
    const rings = new Map(plan.rings).set(tensor, bytes - 20)
    t.not(check(residual, schedule, { ...plan, rings }).length, 0, `tensor ${tensor}`)
  }
  t.end()
})

t.test('a ring of a tensor that an operator by itself writes whole is caught', (t) => {
  const graph = graphFrom(chain([activation('x', [1, 9]), activation('y', [1, 9], 0.1, 0)], [plain('QUANTIZE', 0, 1)]))
  const schedule = scheduled(graph)
  const plan = planMemory(graph, schedule)
  t.same(check(graph, schedule, plan), [])
  t.match(check(graph, schedule, { ...plan, rings: new Map([[1, 3]]) }), [{ operator: 'QUANTIZE', tensor: 1, byte: 3 }])
  t.end()
})

t.test('every buffer that is moved onto a live one is caught', (t) => {
  const schedule = scheduled(residual)
  const plan = planMemory(residual, schedule)
  const input = plan.offsets.get(0) ?? 0
  for (const tensor of [3, 4]) {
    const offsets = new Map(plan.offsets).set(tensor, input + 60)
    t.not(check(residual, schedule, { ...plan, offsets, bytes: 1000 }).length, 0, `tensor ${tensor}`)
  }
  t.end()
})

t.test('steps in another order are caught', (t) => {
  const schedule = scheduled(residual)
  const plan = planMemory(residual, schedule)
  const stages = schedule.stages.map((stage) => ({
    ...stage,
    simulation: { ...stage.simulation, steps: [...stage.simulation.steps].reverse() },
  }))
  t.not(check(residual, { ...schedule, stages }, plan).length, 0)
  t.end()
})

const pooled = graphFrom(
  chain(
    [activation('x', [1, 5, 4, 3]), activation('y', [1, 5, 4, 3])],
    [
      {
        kind: 'AVERAGE_POOL_2D',
        inputs: [0],
        outputs: [1],
        options: { padding: 'SAME', strideH: 1, strideW: 1, filterH: 3, filterW: 3 },
      },
    ],
  ),
)

t.test('an operator that runs lane by lane over its input is replayed so', (t) => {
  const { schedule, plan } = planned(pooled)
  t.same(schedule.stages[0]?.flows[0]?.lanes, { delay: 5 })
  t.equal(plan.bytes, 60 + 5)
  t.same(check(pooled, schedule, plan), [])
  const lost = { operator: 'AVERAGE_POOL_2D', tensor: 0, byte: 0, holds: 1 }
  t.match(check(pooled, withDelay(schedule, 4), plan), [lost], 'the second row needs the first pixel')
  t.match(check(pooled, withDelay(schedule, 0), plan), [lost])
  t.same(check(pooled, withDelay(schedule, 6), { ...plan, bytes: 66 }), [], 'a longer queue does no harm')
  t.throws(() => check(pooled, withDelay(schedule, 6), plan), RangeError, 'where it has room')
  t.end()
})

t.test('so is its queue, which lies apart from all else', (t) => {
  const { schedule, plan } = planned(pooled)
  const scratch = (offset: number): MemoryPlan => ({ ...plan, scratch: new Map([[0, offset]]) })
  t.match(check(pooled, schedule, scratch(8)), [{ stage: 0 }])
  t.throws(() => check(pooled, schedule, scratch(64)), RangeError)
  t.end()
})

t.test('an operator whose channels need one another cannot run lane by lane', (t) => {
  const { schedule, plan } = planned(pooled)
  const definition = builtinOperators.get('AVERAGE_POOL_2D') as OperatorDefinition
  const dataFlow: OperatorDefinition['dataFlow'] = (instance) => ({ ...definition.dataFlow(instance), lanewise: false })
  const operators = new Map(builtinOperators).set('AVERAGE_POOL_2D', { ...definition, dataFlow })
  t.match(checkPlan(pooled, schedule, operators, plan), [{ tensor: 0, byte: 0, holds: 1 }])
  t.end()
})

t.test('a convolution in place of its own input is caught', (t) => {
  const tensors = [
    activation('x', [1, 4, 4, 2]),
    weights('w', [2, 3, 3, 2]),
    bias('b', [1, 2]),
    activation('y', [1, 4, 4, 2], 0.3, 0),
  ]
  const graph = graphFrom(chain(tensors, [conv([0, 1, 2], 3, 'SAME')]))
  t.match(clobbersAt(graph, [[0, 0], [3, 0]], 64), [{ operator: 'CONV_2D', tensor: 0, holds: 3 }]) // prettier-ignore
  t.end()
})

t.test('an element-wise operator may run in place, but not one byte off', (t) => {
  const graph = graphFrom(chain([activation('x', [1, 9]), activation('y', [1, 9], 0.1, 0)], [plain('QUANTIZE', 0, 1)]))
  t.same(clobbersAt(graph, [[0, 0], [1, 0]], 16), []) // prettier-ignore
  t.match(clobbersAt(graph, [[0, 0], [1, 1]], 16), [{ tensor: 0, byte: 1 }]) // prettier-ignore
  t.throws(() => clobbersAt(graph, [[0, 0], [1, 8]], 16), RangeError, 'it leaves the arena') // prettier-ignore
  t.end()
})

t.test('the plans of real models are sound', { skip: sharedModels().length === 0 && 'needs ../shared' }, (t) => {
  for (const path of sharedModels().filter((name) => name.endsWith('_int8.tflite'))) {
    const graph = graphOf(readFileSync(path))
    const schedule = scheduled(graph)
    t.same(check(graph, schedule, planMemory(graph, schedule)), [], path)
  }
  t.end()
})
