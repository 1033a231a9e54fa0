import { mkdir } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import type { CoreId } from '../test/support/cores.js'
import { allModels } from '../test/support/models.js'
import { type Baseline, baselineModels } from './baseline.js'
import { measureModel, resultsOf } from './measure.js'
import { type PreparedModel, prepareModel, type RefusedModel } from './prepare.js'
import type { Measurement, Results } from './results.js'
import { factsOf, settingNames } from './settings.js'

export interface Selection {
  /** Names of models. */
  readonly models: readonly string[]
  readonly cores: readonly CoreId[]
}

/** Names of all models that there are figures of, or should be: those on this machine and those of the baseline. */
export function benchModels(baseline: Baseline): readonly string[] {
  return [...new Set([...allModels().map(({ name }) => name), ...baselineModels(baseline)])].sort()
}

/**
 * Measures models in every setting on the cores that are wanted of those that it is for.
 * @param workDir a folder for sources, builds and the oracle
 * @param progress told after each model and setting how many are done
 */
export async function measureAll(
  { models, cores }: Selection,
  workDir: string,
  progress: (done: number, of: number) => void,
): Promise<Results> {
  await mkdir(workDir, { recursive: true })
  const files = new Map(allModels().map((model) => [model.name, model]))
  let done = 0
  const subjects = models.flatMap((name) => settingNames.map((setting) => ({ name, setting })))
  const measured = await mapConcurrently(subjects, async ({ name, setting }): Promise<readonly Measurement[]> => {
    const file = files.get(name)
    const prepared: PreparedModel | RefusedModel =
      file === undefined
        ? { name, obstacle: { status: 'absent', reason: 'the model is not on this machine' } }
        : await prepareModel(file, workDir, setting)
    const measurements: Measurement[] = []
    for (const core of cores.filter((each) => factsOf(setting).cores.includes(each))) {
      if ('obstacle' in prepared) {
        const { variant, obstacle } = prepared
        measurements.push({ model: name, core, setting, ...(variant && { variant }), ...obstacle })
      } else {
        measurements.push(await measureModel(prepared, core, workDir))
      }
    }
    progress((done += 1), subjects.length)
    return measurements
  })
  return resultsOf(measured.flat())
}

/** Like `Promise.all` of a map, with as many items at a time as there are processors. */
async function mapConcurrently<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = []
  const queue = items.entries()
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item)
  }
  await Promise.all(Array.from({ length: availableParallelism() }, worker))
  return results
}
