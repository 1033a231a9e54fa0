import type { CoreId } from '../test/support/cores.js'
import { type Baseline, type TflmFigures, tflmOf } from './baseline.js'
import { caption } from './caption.js'
import { type Measured, type Measurement, measuredOn, modelsOf, type Results } from './results.js'
import { benchCores, factsOf, mainCore, type Setting, settingNames } from './settings.js'
import { grouped, inMillions, lessText, ratioText } from './text.js'

const coreNames: Readonly<Partial<Record<CoreId, string>>> = {
  'cortex-m0plus': 'Cortex-M0+',
  'cortex-m4f': 'Cortex-M4F',
  'cortex-m7': 'Cortex-M7',
  'cortex-m55': 'Cortex-M55',
}

/** The README's tables, in Markdown: beside TensorFlow Lite Micro on one core, then all cores. */
export function readmeTables(results: Results, baseline: Baseline): string {
  const compared = modelsOf(results).flatMap((model) => {
    const ours = measuredOn(results, model, mainCore)
    const cmsis = tflmOf(baseline, model, mainCore, 'cmsis-nn')
    const reference = tflmOf(baseline, model, mainCore, 'reference')
    return ours === undefined || cmsis === undefined || reference === undefined ? [] : [{ ours, cmsis, reference }]
  })
  const reference = table(
    ['model', 'RAM', 'ROM', 'of it code', 'instructions'],
    compared.map(({ ours, cmsis, reference }) => [
      ours.model,
      ...(['ram', 'rom', 'romCode'] as const).map((column) => memoryCell(column, ours, [cmsis, reference])),
      instructionsCell(ours, cmsis, reference),
    ]),
  )
  const cores = benchCores.filter((core) => modelsOf(results).some((model) => measuredOn(results, model, core)))
  const everywhere = table(
    ['model', ...cores.map((core) => coreNames[core] ?? core)],
    modelsOf(results)
      .filter((model) => cores.some((core) => measuredOn(results, model, core)))
      .map((model) => [model, ...cores.map((core) => coreCell(results, model, core))]),
  )
  return [
    `On a ${coreNames[mainCore]}, in each cell: TensorFlow Lite Micro with CMSIS-NN / with its reference kernels / **eonc**. ` +
      'Percentages compare with the better of the two.',
    reference,
    speedText(compared),
    ...ratiosText(results, baseline),
    ...settingsText(results, baseline),
    'On each core: RAM / stack / ROM / instructions.',
    everywhere,
    ...withoutFigures(results),
    caption(results, baseline).join(' '),
  ].join('\n\n')
}

/** Settings that are for speed. */
const fastSettings: readonly Setting[] = ['default', 'speed']

/** A table of instructions on every core, of those with CMSIS-NN; none where there are no figures. */
function ratiosText(results: Results, baseline: Baseline): readonly string[] {
  const columns = benchCores
    .flatMap((core) => fastSettings.map((setting) => ({ core, setting })))
    .filter(({ core, setting }) => modelsOf(results).some((model) => measuredOn(results, model, core, setting)))
  const rows = modelsOf(results).flatMap((model) => {
    const cells = columns.map(({ core, setting }) => {
      const ours = measuredOn(results, model, core, setting)?.instructions
      const theirs = tflmOf(baseline, model, core, 'cmsis-nn')?.instructions
      return ours === undefined || theirs === undefined ? '' : (ours / theirs).toFixed(2)
    })
    return cells.every((cell) => cell === '') ? [] : [[model, ...cells]]
  })
  if (rows.length === 0) return []
  const heads = columns.map(({ core, setting }) => {
    const title = setting === 'default' ? '' : ` \`${factsOf(setting).title}\``
    return `${coreNames[core] ?? core}${title}`
  })
  return [
    "Instructions of eonc, as a share of TensorFlow Lite Micro's with CMSIS-NN on the same core: less is better.",
    table(['model', ...heads], rows),
  ]
}

/** A table of what other settings than the default give, on the core that is compared on; none where there are no figures. */
function settingsText(results: Results, baseline: Baseline): readonly string[] {
  const others = settingNames.filter((setting) => !fastSettings.includes(setting))
  const rows = modelsOf(results).flatMap((model) => {
    const cells = others.map((setting) => settingCell(results, baseline, model, setting))
    return cells.every((cell) => cell === '') ? [] : [[model, ...cells]]
  })
  if (rows.length === 0) return []
  const heads = others.map((setting) => `\`${factsOf(setting).title}\``)
  return [
    `With other options, on a ${coreNames[mainCore]}: RAM (compared with the better of TensorFlow Lite Micro's) / ROM / instructions.`,
    table(['model', ...heads], rows),
  ]
}

function settingCell(results: Results, baseline: Baseline, model: string, setting: Setting): string {
  const figures = measuredOn(results, model, mainCore, setting)
  if (figures === undefined) return ''
  const theirs = (['cmsis-nn', 'reference'] as const).map((kernels) => tflmOf(baseline, model, mainCore, kernels)?.ram)
  const known = theirs.filter((ram) => ram !== undefined)
  const less = known.length > 0 ? ` (${lessText(figures.ram, Math.min(...known))})` : ''
  return `**${grouped(figures.ram)}**${less} / ${grouped(figures.rom)} / ${inMillions(figures.instructions)}`
}

type MemoryColumn = 'ram' | 'rom' | 'romCode'

function memoryCell(column: MemoryColumn, ours: Measured, theirs: readonly TflmFigures[]): string {
  const figures = theirs.map((figure) => figure[column])
  const known = figures.filter((figure) => figure !== undefined)
  const less = known.length > 0 ? ` (${lessText(ours[column], Math.min(...known))})` : ''
  return `${figures.map((figure) => (figure === undefined ? '-' : grouped(figure))).join(' / ')} / **${grouped(ours[column])}**${less}`
}

function instructionsCell(ours: Measured, cmsis: TflmFigures, reference: TflmFigures): string {
  const [own, ...others] = [ours, cmsis, reference].map(({ instructions }) => inMillions(instructions))
  const ofCmsis = ratioText(ours.instructions, cmsis.instructions)
  const ofReference = ratioText(ours.instructions, reference.instructions)
  return `${others.join(' / ')} / **${own}** (${ofCmsis} CMSIS-NN, ${ofReference} reference)`
}

function speedText(
  compared: readonly { readonly ours: Measured; readonly cmsis: TflmFigures; readonly reference: TflmFigures }[],
): string {
  const slower = (kernels: 'cmsis' | 'reference') =>
    compared
      .filter((row) => row.ours.instructions > row[kernels].instructions)
      .map((row) => `${row.ours.model} (${ratioText(row.ours.instructions, row[kernels].instructions)})`)
  const sentence = (names: readonly string[], than: string) =>
    names.length === 0
      ? `On none of these models eonc needs more instructions than ${than}.`
      : `Today eonc needs more instructions than ${than} on ${names.join(', ')}.`
  return `${sentence(slower('cmsis'), 'CMSIS-NN')} ${sentence(slower('reference'), "TensorFlow Lite Micro's reference kernels")}`
}

function coreCell(results: Results, model: string, core: CoreId): string {
  const figures = measuredOn(results, model, core)
  if (figures !== undefined)
    return [grouped(figures.ram), grouped(figures.stack), grouped(figures.rom), inMillions(figures.instructions)].join(
      ' / ',
    )
  const same = (other: Measurement): boolean =>
    other.model === model && other.core === core && other.setting === 'default'
  return results.measurements.find(same)?.status ?? ''
}

/** One line for each reason why a model has no figures. */
function withoutFigures({ measurements }: Results): readonly string[] {
  const reasons = new Map<string, string[]>()
  for (const measurement of measurements) {
    if (measurement.status === 'measured' || measurement.setting !== 'default') continue
    const reason = `${measurement.model} (${measurement.status}): ${measurement.reason}`
    reasons.set(reason, [...(reasons.get(reason) ?? []), coreNames[measurement.core] ?? measurement.core])
  }
  const lines = [...reasons].map(
    ([reason, on]) => `- ${reason}${on.length < benchCores.length ? ` on ${on.join(', ')}` : ''}`,
  )
  return lines.length > 0 ? [`Without figures:\n\n${lines.join('\n')}`] : []
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n')
}
