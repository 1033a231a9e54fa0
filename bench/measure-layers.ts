/** `npm run bench -- --layers`: our kernels beside their prototypes, layer by layer. */
import { join } from 'node:path'
import Table from 'cli-table3'
import { compileSources, parsedModel } from '../src/compile.js'
import { toBytes, toElements } from '../src/ir/index.js'
import { builtinOperators, evaluateGraph } from '../src/ops/index.js'
import { cores, type CoreId, kernelSetOn } from '../test/support/cores.js'
import { buildFirmware, runFirmware } from '../test/support/firmware.js'
import { writeModel } from '../test/support/model-writer.js'
import { seededRandom } from '../test/support/random.js'
import { writeSources } from '../test/support/sources.js'
import { comparisons, type Layer, type Level, levels, type Prototypes } from './layers.js'
import { grouped } from './text.js'

/** One layer on one core at one optimization level. */
export interface LayerMeasurement {
  readonly layer: string
  readonly core: CoreId
  readonly level: Level
  readonly goal: Goal
  readonly kernel: string
  /** Multiply-accumulates; of a pool or softmax its inputs. */
  readonly macs: number
  /** Of an inference of the layer as a network by itself. */
  readonly instructions: number
  readonly prototype: number
  /** Ours, of what the prototype needs. */
  readonly ratio: number
  /** Outputs equal those of the reference semantics. */
  readonly exact: boolean
}

/** Most that a layer may need, of what its prototype does. */
export const MOST_OF_PROTOTYPE = 1.05

/** The default, and what may spend ROM: as prototypes do with two bytes a weight, or code for a shape. */
const GOALS = ['balanced', 'speed'] as const
type Goal = (typeof GOALS)[number]

/**
 * Measures the layers on cores, with `--optimize speed` too where that is another figure. `workDir` gets sources and
 * builds.
 */
export async function measureLayers(
  prototypes: Prototypes,
  coreIds: readonly CoreId[],
  workDir: string,
  progress: (done: number, of: number) => void = () => undefined,
): Promise<readonly LayerMeasurement[]> {
  const all = comparisons(prototypes, coreIds)
  const measurements: LayerMeasurement[] = []
  for (const [done, { layer, core, prototype }] of all.entries()) {
    for (const level of levels) {
      const [given, fast] = await Promise.all(GOALS.map((goal) => measureLayer(layer, core, level, goal, workDir)))
      if (given === undefined || fast === undefined) throw new Error('two goals, two figures')
      for (const measured of fast.instructions === given.instructions ? [given] : [given, fast]) {
        const ratio = measured.instructions / prototype[level]
        const { name, macs } = layer
        measurements.push({ layer: name, core, level, macs, ...measured, prototype: prototype[level], ratio })
      }
    }
    progress(done + 1, all.length)
  }
  return measurements
}

/** The better ratio of each layer, core and level. */
export function bestRatios(measurements: readonly LayerMeasurement[]): readonly LayerMeasurement[] {
  return measurements.filter((one) =>
    measurements.every(
      (other) =>
        other.layer !== one.layer || other.core !== one.core || other.level !== one.level || other.ratio >= one.ratio,
    ),
  )
}

async function measureLayer(
  { name: title, model }: Layer,
  coreId: CoreId,
  level: Level,
  goal: Goal,
  workDir: string,
): Promise<Pick<LayerMeasurement, 'goal' | 'kernel' | 'instructions' | 'exact'>> {
  const core = cores[coreId]
  const name = `${title.replace(/\W+/g, '_')}_${goal}`
  const bytes = writeModel(model)
  const options = { name, cpu: 'any', optimize: goal, stripFloatIo: false } as const
  const { files, facts } = compileSources(bytes, options).sources
  const sources = await writeSources(join(workDir, 'sources', name), files)
  const vectors = [vectorOf(bytes, facts.inputs[0]?.elements ?? 0, title)]
  const optimization = level
  const { elf } = await buildFirmware({ core, sources, name, io: facts, vectors, workDir, optimization })
  const { ok, instructions, lines } = await runFirmware(elf, core, { count: true })
  if (instructions === undefined) throw new Error(`${title} on ${coreId}: ${lines.join('\n')}`)
  return { goal, kernel: kernelSetOn(core, facts).operators[0]?.kernel ?? '', instructions, exact: ok }
}

/** Random inputs, and what the reference semantics make of them. A softmax gets logits that differ by less than 6. */
function vectorOf(model: Uint8Array, elements: number, title: string) {
  const random = seededRandom(12345)
  const most = title.startsWith('softmax') ? 89 : 127
  const least = title.startsWith('softmax') ? 0 : -128
  const inputs = [Int8Array.from({ length: elements }, () => random.between(least, most))]
  const graph = parsedModel(model, { stripFloatIo: false })
  const given = inputs.map((input) => toElements('int8', toBytes(input)) ?? input)
  const outputs = evaluateGraph(graph, builtinOperators, given).map(toBytes)
  return { inputs: inputs.map(toBytes), outputs }
}

/** The measurements as a table for the terminal, and a line on what is above the limit. */
export function layersTable(measurements: readonly LayerMeasurement[]): string {
  const table = new Table({
    head: ['core', 'layer', 'optimize', 'kernel', 'flag', 'ours', 'per MAC', 'prototype', 'ratio', 'exact'],
    colAligns: ['left', 'left', 'left', 'left', 'left', 'right', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  })
  for (const { core, layer, goal, kernel, level, instructions, macs, prototype, ratio, exact } of measurements) {
    const perMac = (instructions / macs).toFixed(2)
    const figures = [grouped(instructions), perMac, grouped(prototype), ratio.toFixed(3)]
    table.push([core, layer, goal, kernel, level, ...figures, exact ? 'yes' : 'NO'])
  }
  const best = bestRatios(measurements)
  const above = best.filter(({ ratio }) => ratio > MOST_OF_PROTOTYPE).length
  return [
    table.toString(),
    `${above} of ${best.length} need more than ${MOST_OF_PROTOTYPE} of their prototype, at the better of both goals.`,
  ].join('\n')
}
