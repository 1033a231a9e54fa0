import type { Command } from 'commander'
import { check } from '../index.js'
import { addPlanOptions, type PlanArguments } from './plan-options.js'
import { withProgress } from './progress.js'
import { colorsOf, MODEL_ERROR, printable, readModelFile, report } from './terminal.js'

/** `eonc check`. What it finds is its result, and goes to the standard output. */
export function addCheck(program: Command): void {
  const command = program
    .command('check')
    .description('list everything in a model that is not supported, with the reason and the way out')
    .argument('<model>', 'a .tflite file')
    .option('--json', 'print the findings as JSON')
  addPlanOptions(command).action(
    async (path: string, { json, ...options }: PlanArguments & { readonly json?: boolean }) => {
      const model = await readModelFile(path)
      const diagnostics = await withProgress({ quiet: json }, (progress) => check(model, { ...options, ...progress }))
      const errors = diagnostics.filter(({ severity }) => severity === 'error').length
      if (errors > 0) process.exitCode = MODEL_ERROR
      if (json === true) {
        process.stdout.write(`${JSON.stringify(diagnostics, null, 2)}\n`)
        return
      }
      report(diagnostics, process.stdout)
      const { green, red } = colorsOf(process.stdout)
      const verdict =
        errors === 0
          ? green('can be compiled')
          : red(`cannot be compiled: ${errors} ${errors === 1 ? 'finding' : 'findings'}`)
      process.stdout.write(`${printable(path)} ${verdict}\n`)
    },
  )
}
