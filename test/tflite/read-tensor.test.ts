import t from 'tap'
import { readModel } from '../../src/tflite/index.js'
import { writeModel } from '../support/model-writer.js'
import { addModel, diagnosticsOf, findingsOf } from './findings-of.js'

t.test('reads name, type, shape, and whether a tensor is a variable', (t) => {
  const model = addModel({ x: { shape: [], type: 'float32' }, y: { isVariable: true } })
  const tensors = readModel(writeModel(model)).graphs[0]?.tensors
  t.match(tensors, [
    { index: 0, name: 'x', type: 'float32', shape: [], isVariable: false, data: undefined },
    { index: 1, name: 'c', type: 'int8', shape: [1, 4], isVariable: false, data: Uint8Array.of(1, 2, 3, 4) },
    { index: 2, name: 'y', type: 'int8', shape: [1, 4], isVariable: true, data: undefined },
  ])
  t.end()
})

t.test('constant data is a view of the file, not a copy', (t) => {
  const file = writeModel(addModel())
  t.equal(readModel(file).graphs[0]?.tensors[1]?.data?.buffer, file.buffer)
  const data = readModel(Buffer.from(file)).graphs[0]?.tensors[1]?.data
  t.equal(Buffer.isBuffer(data), false, 'nor a Buffer when the file is one')
  t.end()
})

t.test('finds the data of packed 4-bit elements as long as it is', (t) => {
  const model = addModel({ c: { type: 'int4', shape: [3], data: Uint8Array.of(0x21, 0x03) } })
  t.same(findingsOf(model), [])
  t.end()
})

t.test('takes an open batch size as 1, and says so once, at the input', (t) => {
  const shapeSignature = [-1, 4]
  t.same(findingsOf(addModel({ x: { shapeSignature }, y: { shapeSignature } })), [
    'BATCH_ASSUMED: The batch size that the model leaves open is taken as 1, batch size -1 at subgraph 0, tensor 0 "x"',
  ])
  t.equal(diagnosticsOf(writeModel(addModel({ x: { shapeSignature } })))[0]?.severity, 'notice')
  t.same(findingsOf(addModel({ x: { shapeSignature: [1, 4] } })), [], 'a fixed signature says nothing')
  t.end()
})

const X = 'at subgraph 0, tensor 0 "x"'
const C = 'at subgraph 0, tensor 1 "c"'

const FAULTS: readonly (readonly [name: string, changes: Parameters<typeof addModel>[0], finding: string])[] = [
  [
    'a dimension other than the batch that is open',
    { x: { shapeSignature: [1, -1] } },
    `UNSUPPORTED_SHAPE: Shapes are fixed: dynamic shapes are not supported, shape_signature [1, -1], shape [1, 4] ${X}`,
  ],
  [
    'an open batch with a shape that says another size',
    { x: { shape: [2, 2], shapeSignature: [-1, 2] } },
    `UNSUPPORTED_SHAPE: Shapes are fixed: dynamic shapes are not supported, shape_signature [-1, 2], shape [2, 2] ${X}`,
  ],
  [
    'a shape that is open itself',
    { x: { shape: [-1, 4] } },
    `UNSUPPORTED_SHAPE: Shapes are fixed: dynamic shapes are not supported, shape [-1, 4] ${X}`,
  ],
  [
    'a shape without elements',
    { x: { shape: [1, 0] } },
    `UNSUPPORTED_SHAPE: Tensors have at least one element, shape [1, 0] ${X}`,
  ],
  [
    'more dimensions than any operator has',
    { x: { shape: [1, 1, 1, 1, 1, 1, 1, 1, 4] } },
    `UNSUPPORTED_SHAPE: A tensor has at most 8 dimensions, 9 dimensions ${X}`,
  ],
  ['a negative extent', { x: { shape: [1, -4] } }, `BAD_MODEL: Extents of a shape are positive, shape [1, -4] ${X}`],
  [
    'a tensor beyond all memory',
    { x: { shape: [65536, 65536, 65536] } },
    `TOO_LARGE: A tensor takes at most 268435456 bytes, int8 [65536, 65536, 65536], which takes 281474976710656 ${X}`,
  ],
  [
    'a constant of which data is missing',
    { c: { data: [1, 2, 3] } },
    `BAD_MODEL: Constant data is as long as shape and type say, 3 bytes for int8 [1, 4], which takes 4 ${C}`,
  ],
  [
    'a constant with too much data',
    { c: { data: [1, 2, 3, 4, 5] } },
    `BAD_MODEL: Constant data is as long as shape and type say, 5 bytes for int8 [1, 4], which takes 4 ${C}`,
  ],
  [
    'a constant whose product of extents overflows 32 bits',
    { c: { shape: [65536, 65536] } },
    `BAD_MODEL: Constant data is as long as shape and type say, 4 bytes for int8 [65536, 65536], which takes 4294967296 ${C}`,
  ],
  [
    'a type that the schema does not have',
    { x: { raw: { typeCode: 99 } } },
    `BAD_MODEL: The type of a tensor is one of the schema, type = 99 ${X}`,
  ],
  [
    'a negative type',
    { x: { raw: { typeCode: -1 } } },
    `BAD_MODEL: The type of a tensor is one of the schema, type = -1 ${X}`,
  ],
  [
    'an 8-bit floating-point type',
    { x: { raw: { typeCode: 21 } } },
    `UNSUPPORTED_TYPE: The type of a tensor is not an 8-bit floating-point type, type = FLOAT8_E4M3FN ${X}`,
  ],
  [
    'a sparse tensor',
    { c: { raw: { hasSparsity: true } } },
    `UNSUPPORTED_TYPE: Tensors are dense, a sparse tensor ${C}`,
  ],
  [
    'data in an external file',
    { c: { raw: { externalBuffer: 1 } } },
    `UNSUPPORTED_TYPE: Constant data is in the model file, data in an external file ${C}`,
  ],
  [
    'the inner tensors of a variant',
    { x: { raw: { variantTensors: 1 } } },
    `UNSUPPORTED_TYPE: Tensors hold numbers, a variant tensor ${X}`,
  ],
  ['a variant', { x: { type: 'variant' } }, `UNSUPPORTED_TYPE: Tensors hold numbers, a variant tensor ${X}`],
]

for (const [name, changes, finding] of FAULTS) {
  t.test(`refuses ${name}`, (t) => {
    t.same(findingsOf(addModel(changes)), [finding])
    t.end()
  })
}

t.test('refuses a buffer that does not exist', (t) => {
  t.equal(
    findingsOf(addModel({ c: { buffer: 7 } }))[0],
    'BAD_MODEL: Buffer indices lie within the list of buffers, model.subgraphs[0].tensors[1].buffer = 7 of 2',
  )
  t.end()
})

t.test('an open input is named alone, without the tensors that are open because of it', (t) => {
  const shapeSignature = [-1, -1]
  t.equal(findingsOf(addModel({ x: { shapeSignature }, y: { shapeSignature } })).length, 1)
  t.equal(findingsOf(addModel({ y: { shapeSignature } })).length, 1, 'unless no input is open')
  t.end()
})

t.test('says nothing about odd tensors that no operator uses', (t) => {
  const model = addModel()
  const odd = { name: 'odd', type: 'int8', shape: [0], raw: { hasSparsity: true } } as const
  t.same(findingsOf({ ...model, tensors: [...model.tensors, odd] }), [])
  t.end()
})
