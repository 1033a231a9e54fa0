import t from 'tap'
import { elementOffsets, rowMajorStrides } from '../../src/ops/strides.js'

t.test('the last dimension lies element by element, each other one steps over those behind it', (t) => {
  t.same(rowMajorStrides([2, 3, 4]), [12, 4, 1])
  t.same(rowMajorStrides([5]), [1])
  t.same(rowMajorStrides([]), [])
  t.end()
})

t.test('offsets follow the elements in row-major order', (t) => {
  t.same(elementOffsets([2, 3], [3, 1]), [0, 1, 2, 3, 4, 5])
  t.same(elementOffsets([2, 3], [1, 2]), [0, 2, 4, 1, 3, 5], 'a transposed tensor')
  t.same(elementOffsets([2, 3], [0, 1]), [0, 1, 2, 0, 1, 2], 'a dimension that is stood on')
  t.same(elementOffsets([], []), [0], 'a scalar is one element')
  t.end()
})
