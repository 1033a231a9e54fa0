import { type Command, InvalidArgumentError } from 'commander'
import { compile, modelNameOf, type ModelFacts, writeOutput } from '../index.js'
import { addPlanOptions, type PlanArguments } from './plan-options.js'
import { addOptionsOfTarget, addPlugins, type TargetArguments, valuesOf } from './target-options.js'
import { colorsOf, grouped, printable, readModelFile, report, shapeText } from './terminal.js'

interface Arguments extends PlanArguments, TargetArguments {
  readonly out: string
  readonly force?: boolean
  readonly name?: string
}

function printFacts(facts: ModelFacts, out: string): void {
  const { bold, dim } = colorsOf(process.stdout)
  const tensor = ({ type, shape }: ModelFacts['inputs'][number]): string => `${type} ${shapeText(shape)}`
  const row = (what: string, value: string): void => void process.stdout.write(`  ${dim(what.padEnd(10))} ${value}\n`)
  process.stdout.write(`${bold(facts.name)} written to ${printable(out)}\n`)
  row('inputs', facts.inputs.map(tensor).join(', '))
  row('outputs', facts.outputs.map(tensor).join(', '))
  row('RAM', `${grouped(facts.contextBytes)} bytes, stack apart (input ${facts.inputMode})`)
  row('constants', `${grouped(facts.constantBytes)} bytes of ROM, code apart`)
  row('MACs', grouped(facts.macs))
}

/** A path as given; an empty one is a variable of a script that was not set, and would mean the current folder. */
function pathArgument(path: string): string {
  if (path === '') throw new InvalidArgumentError('It is empty.')
  return path
}

/** `eonc compile`. `args` are those of the command line, whose target may have options of its own. */
export async function addCompile(program: Command, [name, ...args]: readonly string[]): Promise<void> {
  const command = program
    .command('compile')
    .description('compile a model to a library for a build system')
    .argument('<model>', 'a .tflite file')
    .requiredOption('--target <name>', 'build system to emit a project for; `eonc targets` lists them')
    .requiredOption('--out <folder>', 'folder to write; what eonc wrote there before is replaced', pathArgument)
    .option('--force', 'replace files in the way that eonc did not write, or that were changed since')
    .option('--name <name>', 'prefix of all symbols and file names (default: from the file name)')
  addPlugins(addPlanOptions(command))
  const target = name === command.name() ? await addOptionsOfTarget(command, args) : undefined
  command
    .addHelpText('after', '\nWith --target NAME, --help shows the options of that target too.')
    .addHelpText('after', '\nExample: eonc compile kws.tflite --target cmake --out kws')
    .action(async (path: string, options: Arguments) => {
      const { name = modelNameOf(path), out, plugin, force = false, ...rest } = options
      const targetOptions = valuesOf(target, rest)
      const own = Object.fromEntries(Object.entries(rest).filter(([key]) => !(key in targetOptions))) as typeof rest
      const log = (message: string): void => void process.stderr.write(`${printable(message)}\n`)
      const result = await compile(await readModelFile(path), {
        name,
        ...own,
        targetOptions,
        plugins: plugin ?? [],
        log,
      })
      if (!result.ok) return report(result.diagnostics)
      await writeOutput(out, result.files, { force })
      report(result.notices)
      printFacts(result.facts, out)
    })
}
