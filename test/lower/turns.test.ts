import t from 'tap'
import { decodeTurns, encodeTurns } from '../../src/lower/turns.js'
import { seededRandom } from '../support/random.js'

t.test('a pattern that repeats is stored once', (t) => {
  t.same(encodeTurns([]), { list: [] })
  t.same(encodeTurns([5]), { list: [1, 1, 5] })
  t.same(encodeTurns([0, 1, 0, 1, 0, 1]), { list: [3, 2, 0, 1] })
  t.same(encodeTurns([0, 0, 1, 2, 1, 2, 1, 2, 3]), { list: [2, 1, 0, 3, 2, 1, 2, 1, 1, 3] })
  t.end()
})

t.test('what does not repeat goes on in one block', (t) => {
  t.same(encodeTurns([0, 1, 2, 3]), { list: [1, 4, 0, 1, 2, 3] })
  t.end()
})

/** Turns of a cascade that halves its rows `depth` times, for `rows` rows of its result: each waits for two before it. */
function halving(depth: number, rows: number): readonly number[] {
  const pull = (unit: number): readonly number[] => (unit < 0 ? [] : [...pull(unit - 1), ...pull(unit - 1), unit])
  return Array.from({ length: rows }, () => pull(depth)).flat()
}

t.test('a cascade that halves its rows six times takes few bytes', (t) => {
  const units = halving(6, 100)
  t.equal(units.length, 12_700)
  const turns = encodeTurns(units)
  t.ok(turns.list.length <= 130 && turns.runs === undefined, `${turns.list.length} bytes`)
  t.same(decodeTurns(turns), units)
  t.end()
})

t.test('any sequence comes back, in bytes', (t) => {
  const random = seededRandom(11)
  for (let round = 0; round < 200; round += 1) {
    const units = Array.from({ length: random.between(1, 12) }, () => {
      const pattern = Array.from({ length: random.between(1, 8) }, () => random.below(5))
      return Array.from({ length: random.pick([1, 2, 3, 40, 300]) }, () => pattern).flat()
    }).flat()
    const turns = encodeTurns(units)
    t.ok((turns.runs ?? turns.list).every((turn) => Number.isInteger(turn) && turn >= 0 && turn <= 255))
    t.same(decodeTurns(turns), units)
  }
  t.end()
})
