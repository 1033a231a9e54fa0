import t from 'tap'
import { readModel } from '../../src/tflite/index.js'
import { sharedModels } from '../support/shared.js'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { elementBytes, tensorBytes } from '../../src/ir/tensor.js'
import { type ModelSpec, writeModel } from '../support/model-writer.js'
import { addModel, findingsOf } from './findings-of.js'
import { SAMPLES } from './samples.js'

for (const [name, sample] of Object.entries(SAMPLES)) {
  t.test(`reads back what was written: ${name}`, (t) => {
    const model = readModel(writeModel(sample))
    const [graph, ...others] = model.graphs
    t.same(others, [])
    t.same(graph?.inputs, sample.inputs)
    t.same(graph?.outputs, sample.outputs)
    t.same(
      graph?.tensors.map(({ name, type, shape }) => ({ name, type, shape })),
      sample.tensors.map(({ name, type, shape }) => ({ name, type, shape })),
    )
    t.same(
      graph?.operators.map(({ kind, version, inputs, outputs }) => ({ kind, version, inputs, outputs })),
      sample.operators.map(({ kind, version = 1, inputs, outputs }) => ({ kind, version, inputs, outputs })),
    )
    t.end()
  })
}

t.test('reads description, names and metadata', (t) => {
  const model = readModel(writeModel(SAMPLES['texts and metadata']!))
  t.equal(model.version, 3)
  t.equal(model.description, 'a model in UTF-8: \u00e9\u4e16')
  t.equal(model.graphs[0]?.name, 'main')
  t.same(model.metadata, [
    { name: 'first', data: Uint8Array.of(1, 2, 3) },
    { name: 'second', data: Uint8Array.of(4) },
  ])
  t.end()
})

t.test('a model without texts has empty ones', (t) => {
  const model = readModel(writeModel(addModel()))
  t.match(model, { description: '', metadata: [], notices: [] })
  t.equal(model.graphs[0]?.name, '')
  t.end()
})

t.test('reads several subgraphs', (t) => {
  const model: ModelSpec = { ...addModel(), subgraphs: [{ ...addModel({ c: { data: [5, 6, 7, 8] } }), name: 'body' }] }
  const graphs = readModel(writeModel(model)).graphs
  t.same(
    graphs.map(({ name, tensors }) => [name, tensors[1]?.data]),
    [
      ['', Uint8Array.of(1, 2, 3, 4)],
      ['body', Uint8Array.of(5, 6, 7, 8)],
    ],
  )
  t.end()
})

t.test('reads data that stands behind the flatbuffer', (t) => {
  const metadata = [{ name: 'm', data: Uint8Array.of(9, 8, 7) }]
  const file = writeModel({ ...addModel(), metadata, dataOutside: true })
  const model = readModel(file)
  t.same(model.graphs[0]?.tensors[1]?.data, Uint8Array.of(1, 2, 3, 4))
  t.same(model.metadata, metadata)
  t.match(
    findingsOf(file.subarray(0, file.length - 31)),
    [/^BAD_FILE: The data of model\.buffers\[1\] lies inside of the file, bytes \d+ to \d+ of \d+$/],
    'unless it is cut off',
  )
  t.end()
})

t.test('reads a file at any position in memory', (t) => {
  const file = writeModel(SAMPLES['CONV_2D']!)
  const expected = JSON.stringify(readModel(file).graphs)
  for (let shift = 1; shift < 8; shift++) {
    const moved = new Uint8Array(file.length + shift)
    moved.set(file, shift)
    t.equal(JSON.stringify(readModel(moved.subarray(shift)).graphs), expected)
  }
  t.end()
})

const FAULTS: readonly (readonly [name: string, changes: Partial<ModelSpec>, finding: string])[] = [
  ['another version of the schema', { version: 2 }, 'UNSUPPORTED_VERSION: The version of the schema is 3, version = 2'],
  [
    'a signature of a subgraph that does not exist',
    { signatures: [{ key: 's', subgraph: 1, inputs: [], outputs: [] }] },
    'BAD_MODEL: Signatures name a subgraph of the model, model.signature_defs[0].subgraph_index = 1 of 1',
  ],
  [
    'a signature of a tensor that does not exist',
    { signatures: [{ key: 's', subgraph: 0, inputs: [], outputs: [{ name: 'y', tensor: 3 }] }] },
    'BAD_MODEL: Signatures name tensors of the model, model.signature_defs[0].outputs[0].tensor_index = 3 of 3',
  ],
  [
    'another file identifier',
    { identifier: 'TFL2' },
    'BAD_FILE: The file carries the identifier "TFL3", "TFL2" in a file of 576 bytes',
  ],
]

for (const [name, changes, finding] of FAULTS) {
  t.test(`refuses ${name}`, (t) => {
    t.same(findingsOf({ ...addModel(), ...changes }), [finding])
    t.end()
  })
}

const models = sharedModels()
t.test('reads models of others', { skip: models.length === 0 && 'they are not beside the repository' }, (t) => {
  for (const path of models) {
    const model = readModel(readFileSync(path))
    const graph = model.graphs[0]
    const constants = graph?.tensors.filter((tensor) => tensor.data !== undefined) ?? []
    t.ok(constants.length > 0 && graph !== undefined && graph.operators.length > 0, basename(path))
    for (const tensor of constants) {
      if (elementBytes(tensor.type) !== undefined) t.equal(tensor.data?.length, tensorBytes(tensor), tensor.name)
    }
  }
  t.end()
})
