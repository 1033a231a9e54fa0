import t from 'tap'
import { InternalError, toBytes } from '../../src/ir/index.js'
import { ConstantPool, packFields } from '../../src/packing/index.js'
import { constant, tensor } from '../support/instances.js'

t.test('equal arrays are stored once, by the name that came first', (t) => {
  const pool = new ConstantPool()
  t.equal(pool.add('a', Int8Array.of(1, 2)), 'a')
  t.equal(pool.add('b', Int8Array.of(1, 3)), 'b')
  t.equal(pool.add('c', Int8Array.of(1, 2)), 'a')
  t.same(pool.list(), [
    { name: 'a', values: Int8Array.of(1, 2) },
    { name: 'b', values: Int8Array.of(1, 3) },
  ])
  t.end()
})

t.test('arrays of other types are others, though their bytes are the same', (t) => {
  const pool = new ConstantPool()
  t.equal(pool.add('bytes', Int8Array.of(0, 0, 0, 0)), 'bytes')
  t.equal(pool.add('word', Int32Array.of(0)), 'word')
  t.equal(pool.add('real', Float32Array.of(0)), 'real')
  t.equal(pool.add('negative', Float32Array.of(-0)), 'negative', 'and so are other zeros')
  t.end()
})

t.test('an array may be a view of a larger one', (t) => {
  const pool = new ConstantPool()
  const all = Int8Array.of(9, 1, 2, 9)
  t.equal(pool.add('view', all.subarray(1, 3)), 'view')
  t.equal(pool.add('copy', Int8Array.of(1, 2)), 'view')
  t.end()
})

t.test('constant tensors are stored as arrays of their type', (t) => {
  const pool = new ConstantPool()
  t.equal(pool.addTensor('k', constant(Int32Array.of(-5, 7))), 'k')
  t.same(pool.list(), [{ name: 'k', values: Int32Array.of(-5, 7) }])
  t.throws(() => pool.addTensor('x', tensor()), InternalError, 'a tensor that is computed is none')
  const words = tensor({ type: 'string', data: toBytes(Int8Array.of(1)) })
  t.throws(() => pool.addTensor('s', words), InternalError)
  t.end()
})

t.test('a constant output is an array of its own, as kernels read theirs elsewhere on AVR', (t) => {
  const pool = new ConstantPool()
  const values = Int8Array.of(-5, 7)
  t.equal(pool.add('weights', values), 'weights')
  t.equal(pool.addOutput('y', constant(values)), 'y')
  t.equal(pool.addOutput('z', constant(values)), 'y')
  t.same(pool.list(), [
    { name: 'weights', values },
    { name: 'y', values, isOutput: true },
  ])
  t.end()
})

t.test('parameters keep their numbers and functions, and name their arrays by call and parameter', (t) => {
  const pool = new ConstantPool()
  const fields = {
    count: 3,
    weights: Int8Array.of(1, 2),
    bias: Int32Array.of(4),
    scale: -0,
    make: { function: 'core' },
  }
  t.same(packFields(fields, 'op7', pool), {
    count: 3,
    weights: { constant: 'op7_weights' },
    bias: { constant: 'op7_bias' },
    scale: -0,
    make: { function: 'core' },
  })
  t.same(packFields({ weights: Int8Array.of(1, 2) }, 'op8', pool), { weights: { constant: 'op7_weights' } })
  t.same(
    pool.list().map(({ name }) => name),
    ['op7_weights', 'op7_bias'],
  )
  t.end()
})
