import t from 'tap'
import { baselineModels, readBaseline, tflmOf } from '../../bench/baseline.js'

const baseline = readBaseline()

t.test('sums are those of their parts', async (t) => {
  const sum = (a?: number, b?: number) => (a === undefined || b === undefined ? undefined : a + b)
  for (const figures of baseline.tflm) {
    const { model, core, kernels, arena, otherRam, romCode, modelFile } = figures
    const sums = { ram: sum(arena, otherRam), rom: sum(romCode, modelFile) }
    t.same({ ram: figures.ram, rom: figures.rom }, sums, `${model} on ${core}, ${kernels}`)
  }
  for (const { model, romCode, weights, rom } of baseline.interpreterless) t.equal(rom, romCode + weights, model)
})

t.test('each build was measured once', async (t) => {
  const keys = baseline.tflm.map(({ model, core, kernels }) => `${model} ${core} ${kernels}`)
  t.equal(new Set(keys).size, keys.length)
  t.equal(keys.length, 34)
})

t.test('figures are found by model, core and kernels', async (t) => {
  t.match(tflmOf(baseline, 'mlperf_tiny_kws_int8', 'cortex-m4f', 'reference'), { ram: 23300, instructions: 43040520 })
  t.match(tflmOf(baseline, 'mlperf_tiny_kws_int8', 'cortex-m55', 'cmsis-nn'), { ram: 27872, instructions: 1813000 })
  t.equal(tflmOf(baseline, 'mlperf_tiny_kws_int8', 'cortex-m55', 'reference'), undefined)
})

t.test('every column has a meaning', async (t) => {
  const figures = [...baseline.tflm, ...baseline.interpreterless]
  const names = new Set(figures.flatMap((row) => Object.keys(row)))
  for (const place of ['model', 'core', 'kernels']) names.delete(place)
  t.same(Object.keys(baseline.columns).sort(), [...names].sort())
})

t.test('the models are those with figures and those that were refused', async (t) => {
  const models = baselineModels(baseline)
  t.equal(models.length, 9)
  t.ok(models.includes('mlperf_tiny_kws_hybrid'))
})
