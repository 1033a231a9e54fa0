import { readFileSync } from 'node:fs'
import t from 'tap'
import { ownModels } from './models.js'
import { inputVectors, vectorKinds } from './vectors.js'

function vectorsOf(name: string, count: number): readonly (readonly Uint8Array[])[] {
  const model = ownModels().find((model) => model.name === name)
  return inputVectors(readFileSync(model?.path ?? name), count)
}

t.test('int8 inputs cover the range, then the surroundings of zero, then the ends', async (t) => {
  const vectors = vectorsOf('vision_int8', vectorKinds).map(([input]) => new Int8Array(input ?? []))
  const distinct = vectors.map((values) => [...new Set(values)].sort((a, b) => a - b))
  t.same([distinct[0]?.length, distinct[1]?.length], [256, 256])
  t.notSame(vectors[0], vectors[1])
  t.ok((distinct[2]?.length ?? NaN) <= 25, `${distinct[2]?.length} values around zero`)
  t.same(distinct[3], [-128, 127])
})

t.test('float inputs are numbers of ordinary size', async (t) => {
  const values = vectorsOf('regression_float32', 8).flatMap(([input]) => [
    ...new Float32Array(new Uint8Array(input ?? []).buffer),
  ])
  t.ok(values.length > 0 && values.every((value) => Math.abs(value) <= 2))
})

t.test('what is no model is refused', async (t) => {
  t.throws(() => inputVectors(new Uint8Array(100), 1), /cannot be read/)
})
