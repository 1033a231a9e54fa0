import t from 'tap'
import { readBaseline } from '../../bench/baseline.js'
import { terminalTable } from '../../bench/terminal-table.js'
import { measured, resultsWith } from './samples.js'

t.test('a row has the figures, and what they are beside TensorFlow Lite Micro', async (t) => {
  const wrong = measured({ core: 'cortex-m7', exact: false })
  const float = measured({ model: 'regression_float32', tolerance: 1e-5, vectors: 4 })
  const absent = { model: 'vww', core: 'cortex-m4f', setting: 'default', status: 'absent', reason: 'not here' } as const
  const table = terminalTable(resultsWith(measured(), wrong, float, absent), readBaseline())
  const cells = table.split('\n').map((line) => line.split('│').map((cell) => cell.trim()))
  const row = (model: string, core: string) => cells.find((row) => row[1] === model && row[2] === core)?.slice(4, -1)
  const own = ['16,000', '324', '2,000', '28,000', '30,000', '20,000,000']
  const compared = ['31 % less', '72 % less', '95 % less', '2.6x', '0.46x']
  t.same(row('mlperf_tiny_kws_int8', 'cortex-m4f'), [...own, '2 exact', ...compared])
  t.same(row('mlperf_tiny_kws_int8', 'cortex-m7')?.[6], 'DIFFERS')
  t.same(row('regression_float32', 'cortex-m4f'), [...own, '4 within 1e-5', '', '', '', '', ''])
  t.same(row('vww', 'cortex-m4f'), ['absent: not here'])
  t.match(table, /instructions, not cycles/)
})
