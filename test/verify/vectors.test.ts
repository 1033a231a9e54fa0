import t from 'tap'
import { toElements } from '../../src/ir/index.js'
import { inputVectors } from '../../src/verify/vectors.js'

const input = (type: 'int8' | 'float32' | 'bool', elements: number) =>
  ({ name: 'x', type, shape: [elements], elements, bytes: elements * (type === 'float32' ? 4 : 1) }) as const

t.test('inputs have the size of the tensors, and are the same each time', (t) => {
  const inputs = [input('int8', 1000), input('float32', 3), input('bool', 10)]
  const vectors = inputVectors(inputs)
  t.equal(vectors.length, 6)
  for (const vector of vectors) {
    t.same(
      vector.map(({ length }) => length),
      inputs.map(({ bytes }) => bytes),
    )
  }
  t.same(inputVectors(inputs), vectors)
  t.end()
})

t.test('the extremes of a type are among them, and all of its values', (t) => {
  const vectors = inputVectors([input('int8', 5000)]).map(([bytes]) => [
    ...(toElements('int8', bytes ?? new Uint8Array()) ?? []),
  ])
  t.equal(new Set(vectors[0]).size, 256)
  t.notSame(vectors[0], vectors[1])
  t.same(new Set(vectors[2]), new Set([-128]))
  t.same(new Set(vectors[3]), new Set([127]))
  t.same(vectors[4]?.slice(0, 4), [-128, 127, -128, 127])
  t.ok(vectors[5]?.every((value) => Math.abs(value) <= 3))
  t.end()
})
