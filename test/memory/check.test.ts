import { readFileSync } from 'node:fs'
import t from 'tap'
import type { Graph, TensorIndex } from '../../src/ir/index.js'
import { checkPlan, planMemory } from '../../src/memory/index.js'
import { builtinOperators } from '../../src/ops/index.js'
import { scheduleLayers } from '../../src/schedule/index.js'
import { graphFrom, graphOf } from '../support/graphs.js'
import { activation, bias, chain, conv, plain, weights } from '../support/layers.js'
import { sharedModels } from '../support/shared.js'

const stagesOf = (graph: Graph) => scheduleLayers(graph.operators.map((operator) => ({ operator, kernels: [] })))

function clobbersAt(graph: Graph, offsets: ReadonlyMap<TensorIndex, number>, bytes: number) {
  return checkPlan(graph, stagesOf(graph), builtinOperators, offsets, bytes)
}

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

t.test('the plan of a residual block is sound', (t) => {
  const plan = planMemory(residual, stagesOf(residual), builtinOperators)
  t.equal(plan.bytes, 240)
  t.same(clobbersAt(residual, plan.offsets, plan.bytes), [])
  t.end()
})

t.test('every offset that is moved into a live tensor is caught', (t) => {
  const plan = planMemory(residual, stagesOf(residual), builtinOperators)
  // the input and the result of the convolution are live together: any overlap loses something
  for (let shift = -119; shift < 120; shift += 7) {
    const offsets = new Map(plan.offsets)
    offsets.set(3, Math.max(0, (plan.offsets.get(0) ?? 0) + shift))
    offsets.set(4, offsets.get(3) ?? 0)
    t.not(clobbersAt(residual, offsets, 1000).length, 0, `shifted by ${shift}`)
  }
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
  const [clobber] = clobbersAt(graph, new Map([[0, 0], [3, 0]]), 64) // prettier-ignore
  t.match(clobber, { operator: 'CONV_2D', tensor: 0, holds: 3 })
  t.end()
})

t.test('an element-wise operator may run in place, but not one byte off', (t) => {
  const graph = graphFrom(chain([activation('x', [1, 9]), activation('y', [1, 9], 0.1, 0)], [plain('QUANTIZE', 0, 1)]))
  t.same(clobbersAt(graph, new Map([[0, 0], [1, 0]]), 16), []) // prettier-ignore
  t.match(clobbersAt(graph, new Map([[0, 0], [1, 1]]), 16), [{ tensor: 0, byte: 1 }]) // prettier-ignore
  t.end()
})

t.test('a tensor that leaves the arena is caught', (t) => {
  const graph = graphFrom(chain([activation('x', [1, 9]), activation('y', [1, 9], 0.1, 0)], [plain('QUANTIZE', 0, 1)]))
  t.throws(() => clobbersAt(graph, new Map([[0, 0], [1, 8]]), 16), RangeError) // prettier-ignore
  t.end()
})

t.test('the plans of real models are sound', { skip: sharedModels().length === 0 && 'needs ../shared' }, (t) => {
  for (const path of sharedModels().filter((name) => name.endsWith('_int8.tflite'))) {
    const graph = graphOf(readFileSync(path))
    const plan = planMemory(graph, stagesOf(graph), builtinOperators)
    t.same(clobbersAt(graph, plan.offsets, plan.bytes), [], path)
  }
  t.end()
})
