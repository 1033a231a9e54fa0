import t from 'tap'
import { outputDifference } from '../../src/verify/compare.js'

const bytes = (...values: readonly number[]): Uint8Array => new Uint8Array(Int8Array.from(values).buffer)
const floats = (...values: readonly number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer)
const output = (type: 'int8' | 'float32') => [{ name: 'y', type, shape: [3], elements: 3, bytes: 3 }]

t.test('integers are equal or they are not', (t) => {
  t.equal(outputDifference(output('int8'), [[bytes(1, 2, 3)]], [[bytes(1, 2, 3)]]), undefined)
  t.equal(
    outputDifference(output('int8'), [[bytes(1, 2, 3)], [bytes(1, 2, 3)]], [[bytes(1, 2, 3)], [bytes(1, 3, 4)]]),
    'inference 1, output 0 (int8): element 1 is 3 instead of 2 (2 of 3 differ)',
  )
  t.match(outputDifference(output('int8'), [[bytes(1, 2)]], [[bytes(1)]]), /1 elements instead of 2/)
  t.match(outputDifference(output('int8'), [[bytes(1)]], [[]]), /inference 0 has no output 0/)
  t.end()
})

t.test('floats are equal within 1e-5 of the largest', (t) => {
  const compare = (a: readonly number[], b: readonly number[]) =>
    outputDifference(output('float32'), [[floats(...a)]], [[floats(...b)]])
  t.equal(compare([100, 0, -0], [100, 0.0009, 0]), undefined)
  t.match(compare([100, 0], [100, 0.0011]), /element 1 is 0\.001\d* instead of 0/)
  t.equal(compare([NaN, Infinity], [NaN, Infinity]), undefined)
  t.match(compare([1, Infinity], [1, 3]), /instead of Infinity/)
  t.match(compare([1, 2], [1, NaN]), /is NaN instead of 2/)
  t.end()
})
