/** `npm run bench`: measures the models on the cores, prints a table, keeps `bench/results.json` and the README. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { argv } from 'node:process'
import type { CoreId } from '../test/support/cores.js'
import { projectRoot } from '../test/support/toolchain.js'
import { readArguments, UsageError } from './arguments.js'
import { readBaseline } from './baseline.js'
import { benchFolder } from './data-file.js'
import { readPrototypes } from './layers.js'
import { layersTable, measureLayers } from './measure-layers.js'
import { benchModels, measureAll } from './measure-all.js'
import { rewriteReadme } from './readme-file.js'
import { readmeTables } from './readme-table.js'
import { defects, gaps, type Results, resultsText } from './results.js'
import { benchCores } from './settings.js'
import { terminalTable } from './terminal-table.js'

const usage = `usage: npm run bench -- [options]
  --model NAME  measure this model only; may be given again
  --core ID     measure on this core only: ${benchCores.join(', ')}; may be given again
  --layers      measure single layers beside prototypes of their kernels, in place of models
  --json        print the results as JSON
  --write       rewrite the tables in README.md, too
A run of all models on all cores writes bench/results.json, if nothing was missing or wrong.`

const baseline = readBaseline()

async function main(): Promise<void> {
  const given = readArguments(argv.slice(2), benchModels(baseline), benchCores)
  const { models, cores, whole, layers, json, write, help } = given
  if (help) {
    console.log(usage)
    return
  }
  if (layers) return compareLayers(cores, json)
  const results = await measureAll({ models, cores }, join(projectRoot, 'build', 'bench'), showProgress)
  console.log(json ? resultsText(results).trimEnd() : terminalTable(results, baseline))
  for (const problem of [...gaps(results), ...defects(results)]) console.error(problem)
  if (defects(results).length > 0) process.exitCode = 1
  if (whole) await keep(results, write)
}

async function compareLayers(cores: readonly CoreId[], json: boolean): Promise<void> {
  const folder = join(projectRoot, 'build', 'bench', 'layers')
  const measurements = await measureLayers(readPrototypes(), cores, folder, showProgress)
  console.log(json ? JSON.stringify(measurements, null, 2) : layersTable(measurements))
  if (measurements.some(({ exact }) => !exact)) process.exitCode = 1
}

/** Only what is whole and right is kept, so that a file in the repository never depends on who ran this last. */
async function keep(results: Results, isForReadme: boolean): Promise<void> {
  if (gaps(results).length + defects(results).length > 0) {
    console.error('The results are not whole: bench/results.json and README.md stay as they are.')
    if (isForReadme) process.exitCode = 1
    return
  }
  await writeFile(join(benchFolder, 'results.json'), resultsText(results))
  if (isForReadme) await rewriteReadme(join(projectRoot, 'README.md'), readmeTables(results, baseline))
}

function showProgress(done: number, of: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${of}${done === of ? '\n' : ''}`)
}

try {
  await main()
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  console.error(`${error.message}\n${usage}`)
  process.exitCode = 2
}
