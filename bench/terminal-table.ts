import Table from 'cli-table3'
import { type Baseline, tflmOf } from './baseline.js'
import { caption, exactCell } from './caption.js'
import type { Measurement, Results } from './results.js'
import { grouped, lessText, ratioText } from './text.js'

const head = ['model', 'core', 'setting', 'RAM', 'stack', 'code', 'constants', 'ROM', 'instructions', 'oracle']
const comparisons = ['RAM', 'ROM', 'ROM code', 'instructions', '/ reference']

/** All figures as a table for the terminal; the last columns compare with TensorFlow Lite Micro with CMSIS-NN. */
export function terminalTable(results: Results, baseline: Baseline): string {
  const table = new Table({
    head: [...head, ...comparisons.map((title, index) => (index === 0 ? `TFLM: ${title}` : title))],
    colAligns: ['left', 'left', 'left', ...Array<'right'>(head.length + comparisons.length - 3).fill('right')],
    style: { head: [], border: [], compact: true },
  })
  for (const measurement of results.measurements) {
    const { model, core, setting } = measurement
    if (measurement.status === 'measured') {
      const { ram, stack, code, constants, rom, instructions } = measurement
      const own = [ram, stack, code, constants, rom, instructions].map(grouped)
      table.push([model, core, setting, ...own, exactCell(measurement), ...comparison(measurement, baseline)])
    } else {
      const content = `${measurement.status}: ${measurement.reason}`
      table.push([model, core, setting, { colSpan: head.length + comparisons.length - 3, content, hAlign: 'left' }])
    }
  }
  return [table.toString(), ...caption(results, baseline)].join('\n')
}

function comparison(
  { model, core, ...ours }: Extract<Measurement, { readonly status: 'measured' }>,
  baseline: Baseline,
): readonly string[] {
  const cmsis = tflmOf(baseline, model, core, 'cmsis-nn')
  const reference = tflmOf(baseline, model, core, 'reference')
  const less = (own: number, other: number | undefined) => (other === undefined ? '' : lessText(own, other))
  const ratio = (other: number | undefined) => (other === undefined ? '' : ratioText(ours.instructions, other))
  return [
    less(ours.ram, cmsis?.ram),
    less(ours.rom, cmsis?.rom),
    less(ours.romCode, cmsis?.romCode),
    ratio(cmsis?.instructions),
    ratio(reference?.instructions),
  ]
}
