import t from 'tap'
import { readBaseline } from '../../bench/baseline.js'
import { readmeTables } from '../../bench/readme-table.js'
import { measured, resultsWith } from './samples.js'

const baseline = readBaseline()

t.test('a model stands beside TensorFlow Lite Micro, with what it saves and what it costs', async (t) => {
  const text = readmeTables(resultsWith(measured()), baseline)
  const row = [
    'mlperf_tiny_kws_int8',
    '23,348 / 23,300 / **16,000** (31 % less)',
    '105,992 / 93,872 / **30,000** (68 % less)',
    '52,056 / 39,936 / **2,500** (94 % less)',
    '7.70 M / 43.04 M / **20.00 M** (2.6x CMSIS-NN, 0.46x reference)',
  ]
  t.ok(text.includes(`| ${row.join(' | ')} |`), text)
  t.match(text, /Today eonc needs more instructions than CMSIS-NN on mlperf_tiny_kws_int8 \(2\.6x\)\./)
  t.match(text, /On none of these models eonc needs more instructions than TensorFlow Lite Micro's reference kernels\./)
  t.match(text, /equal to the oracle's on 2 vectors for each model/)
  t.match(text, /instructions, not cycles/)
  t.match(text, /input resident, cascades of rows unless said otherwise, kernel set portable/)
})

t.test('every core has a column, and a model of our own a row', async (t) => {
  const own = { model: 'vision_int8', ram: 28672, stack: 300, rom: 35500 }
  const text = readmeTables(resultsWith(measured(own), measured({ ...own, core: 'cortex-m55', stack: 292 })), baseline)
  t.match(text, '| model | Cortex-M4F | Cortex-M55 |')
  t.match(text, '| vision_int8 | 28,672 / 300 / 35,500 / 20.00 M | 28,672 / 292 / 35,500 / 20.00 M |')
})

t.test('instructions are compared with CMSIS-NN on every core, in the settings that are for speed', async (t) => {
  const figures = [
    measured({ instructions: 3_848_600 }),
    measured({ instructions: 3_079_000, setting: 'speed' }),
    measured({ core: 'cortex-m0plus', instructions: 14_497_600 }),
    measured({ model: 'vision_int8' }),
  ]
  const text = readmeTables(resultsWith(...figures), baseline)
  t.match(text, '| model | Cortex-M0+ | Cortex-M4F | Cortex-M4F `--optimize speed` |')
  t.match(text, '| mlperf_tiny_kws_int8 | 0.50 | 0.50 | 0.40 |')
  t.equal(text.match(/^\| vision_int8 \|/gm)?.length, 1, 'what the baseline lacks is left out')
})

t.test('a model without figures is named with its reason', async (t) => {
  const tooLarge = {
    model: 'vww',
    core: 'cortex-m55',
    setting: 'default',
    status: 'too-large',
    reason: 'it overflowed',
  } as const
  const refused = {
    model: 'hybrid',
    core: 'cortex-m4f',
    setting: 'default',
    status: 'refused',
    reason: 'types',
  } as const
  const figures = [measured(), measured({ core: 'cortex-m55' }), measured({ model: 'vww' })]
  const text = readmeTables(resultsWith(...figures, tooLarge, refused), baseline)
  t.match(text, '- vww (too-large): it overflowed on Cortex-M55')
  t.match(text, '- hybrid (refused): types')
  t.match(text, '/ 20.00 M | too-large |')
})

t.test('outputs that differ, or were not compared, are named', async (t) => {
  const text = readmeTables(resultsWith(measured({ exact: false }), measured({ model: 'b', exact: null })), baseline)
  t.match(text, /except mlperf_tiny_kws_int8 on cortex-m4f; not compared: b on cortex-m4f/)
})
