import t from 'tap'
import { broadcastFields, broadcastShape } from '../../src/ops/broadcast.js'

t.test('shapes go together when extents are equal or 1, from the last dimension on', (t) => {
  t.same(broadcastShape([2, 3], [2, 3]), [2, 3])
  t.same(broadcastShape([2, 1, 3], [4, 1]), [2, 4, 3])
  t.same(broadcastShape([], [2, 3]), [2, 3])
  t.same(broadcastShape([], []), [])
  t.equal(broadcastShape([2, 3], [2]), undefined)
  t.equal(broadcastShape([2, 3], [4, 3]), undefined)
  t.end()
})

/** Extents and steps of a plain run over both inputs without outer dimensions. */
const single = { outer: Int32Array.of(1, 0, 0), dimensions: 1, rows: 1 }

t.test('equal shapes are one row', (t) => {
  t.same(broadcastFields([1, 4, 5, 2], [1, 4, 5, 2], [1, 4, 5, 2]), { ...single, row: 40, step_1: 1, step_2: 1 })
  t.same(broadcastFields([2, 3], [1, 2, 3], [1, 2, 3]), { ...single, row: 6, step_1: 1, step_2: 1 })
  t.same(broadcastFields([], [], []), { ...single, row: 1, step_1: 1, step_2: 1 })
  t.end()
})

t.test('a scalar is one row that stands on it', (t) => {
  t.same(broadcastFields([1, 4, 5, 2], [1], [1, 4, 5, 2]), { ...single, row: 40, step_1: 1, step_2: 0 })
  t.same(broadcastFields([], [4, 5], [4, 5]), { ...single, row: 20, step_1: 0, step_2: 1 })
  t.end()
})

t.test('a vector along the last dimension starts again with each row', (t) => {
  const fields = broadcastFields([1, 4, 5, 2], [2], [1, 4, 5, 2])
  t.same(fields, { outer: Int32Array.of(20, 2, 0), dimensions: 1, rows: 20, row: 2, step_1: 1, step_2: 1 })
  t.end()
})

t.test('an outer index moves on by its stride, less what those inside it have moved', (t) => {
  // input 1 is stretched along dimensions 0 and 2, input 2 along 1
  const fields = broadcastFields([1, 3, 1, 5], [2, 1, 4, 5], [2, 3, 4, 5])
  t.same(fields, {
    outer: Int32Array.of(4, 0, 5, 3, 5, 0 - 4 * 5, 2, 0 - 3 * 5, 20),
    dimensions: 3,
    rows: 24,
    row: 5,
    step_1: 1,
    step_2: 1,
  })
  t.end()
})

t.test('six dimensions that alternate keep five outer ones', (t) => {
  const fields = broadcastFields([2, 1, 2, 1, 2, 1], [1, 2, 1, 2, 1, 2], [2, 2, 2, 2, 2, 2])
  t.equal(fields['dimensions'], 5)
  t.equal(fields['rows'], 32)
  t.equal(fields['row'], 2)
  t.end()
})
