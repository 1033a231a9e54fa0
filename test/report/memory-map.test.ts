import t from 'tap'
import { type MapSpan, type MemoryMap, memoryMap, planReport } from '../../src/report/index.js'
import type { ModelSpec } from '../support/model-writer.js'
import { loweredFrom } from '../support/programs.js'
import { pooledImage, residual } from './samples.js'

function mapOf(spec: ModelSpec): MemoryMap {
  const lowered = loweredFrom(spec)
  return memoryMap(lowered, planReport(lowered))
}

/** From and to which column, and from and to which byte. */
const numbers = ({ from, to, low, high }: MapSpan): readonly number[] => [from, to, low, high]

t.test('columns are the steps, with one before and one after them', (t) => {
  const map = mapOf(residual)
  t.match(map, { columns: 20, stepsPerColumn: 1, peak: 2, arenaBytes: 180, lowerBound: 160 })
  t.match(map.stages, [{ from: 1, to: 19, operators: [{ index: 0 }, { index: 1 }, { index: 2 }] }])
  t.end()
})

t.test('the shape of a buffer follows what is alive of it', (t) => {
  const [input, ring, , output] = mapOf(residual).buffers
  // rows of 20 bytes are freed after the sum that reads them, and written by it
  t.same(input?.spans.map(numbers), [
    [0, 5, 20, 140],
    [5, 8, 40, 140],
    [8, 11, 60, 140],
    [11, 14, 80, 140],
    [14, 17, 100, 140],
    [17, 19, 120, 140],
  ])
  t.same(ring?.spans.map(numbers).slice(0, 2), [
    [1, 3, 160, 180],
    [4, 6, 160, 180],
  ])
  t.same(output?.spans.map(numbers).at(-1), [18, 20, 0, 120])
  t.end()
})

t.test('no two buffers share a byte at a time', (t) => {
  const { buffers } = mapOf(residual)
  const spans = buffers.flatMap((buffer, owner) => buffer.spans.map((span) => ({ owner, ...span })))
  for (const a of spans)
    for (const b of spans)
      if (a.owner < b.owner && a.from < b.to && b.from < a.to)
        t.ok(a.high <= b.low || b.high <= a.low, JSON.stringify([a, b]))
  t.ok(spans.every(({ low, high }) => low >= 0 && high > low && high <= 180))
  t.end()
})

t.test('a long schedule has columns of several steps, and still each stage has one', (t) => {
  const map = mapOf(pooledImage(2000))
  t.ok(map.stepsPerColumn > 1)
  t.ok(map.columns <= 610, `${map.columns} columns`)
  t.ok(map.stages.every(({ from, to }) => to > from))
  t.equal(map.stages.at(-1)?.to, map.columns - 1)
  t.ok(map.peak > 0 && map.peak < map.columns)
  const [input] = map.buffers
  t.equal(input?.spans[0]?.high, (input?.spans[0]?.low ?? 0) + 2000 * 24, 'all of the input is there at first')
  t.end()
})
