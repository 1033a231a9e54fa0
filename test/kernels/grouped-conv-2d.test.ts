import { join } from 'node:path'
import t from 'tap'
import { compileSources } from '../../src/compile.js'
import { type Elements, toBytes, toElements } from '../../src/ir/index.js'
import { builtinOperators, evaluateGraph } from '../../src/ops/index.js'
import { difference } from '../fuzz/compare.js'
import { runOnHost } from '../fuzz/host-program.js'
import { groupEdges } from '../ops/edges/convolution-edges.js'
import { vectorsOf } from '../ops/edges/edge-case.js'
import { graphOf } from '../support/graphs.js'
import { writeModel } from '../support/model-writer.js'
import { PLAN_OPTIONS } from '../support/programs.js'
import { projectRoot, skipWithout, strictWarnings } from '../support/toolchain.js'

const edges = groupEdges().filter(({ refused }) => refused === undefined)

t.test(
  'the kernels of grouped convolutions give what the reference semantics do',
  { skip: skipWithout('g++') },
  async (t) => {
    const files = edges.map(({ model }) => writeModel(model))
    const models = edges.map((edge, index) => {
      const name = `grouped${index}`
      const { sources } = compileSources(files[index] ?? new Uint8Array(), { ...PLAN_OPTIONS, name })
      return { name, sources, vectors: vectorsOf(edge) }
    })
    const kernels = models.map(({ sources }) => sources.facts.operators.map(({ kernel }) => kernel).join())
    t.same([...new Set(kernels)].sort(), ['eonc_grouped_conv_2d_f32', 'eonc_grouped_conv_2d_s8'])
    const results = await runOnHost(models, join(projectRoot, 'build/test/grouped-conv-2d'), {
      command: 'g++',
      flags: ['-O1', ...strictWarnings],
    })
    for (const [index, edge] of edges.entries()) {
      const result = results[index]
      if (result?.ok !== true) {
        t.fail(edge.name, { result })
        continue
      }
      const graph = graphOf(files[index] ?? new Uint8Array())
      const type = edge.model.tensors.at(-1)?.type === 'float32' ? 'float32' : 'int8'
      const wrong = vectorsOf(edge).flatMap((vector, v) => {
        const inputs = vector.map((bytes) => toElements(type, bytes) as Elements)
        const [expected] = evaluateGraph(graph, builtinOperators, inputs)
        const got = result.outputs[v]?.[0] ?? new Uint8Array()
        const tolerance = type === 'float32' ? null : 0
        return difference(toBytes(expected as Elements), got, { type, tolerance }) ?? []
      })
      t.same(wrong, [], edge.name)
    }
  },
)
