import { existsSync } from 'node:fs'
import { type Command, InvalidArgumentError } from 'commander'
import { compileModels, linesOf, modelNameOf, type ModelFacts, type SharedArena, writeOutput } from '../index.js'
import { addPlanOptions, type PlanArguments } from './plan-options.js'
import { withProgress } from './progress.js'
import { addOptionsOfTarget, addPlugins, type TargetArguments, valuesOf } from './target-options.js'
import { colorsOf, grouped, printable, readModelFile, report, shapeText, UserError } from './terminal.js'

interface Arguments extends PlanArguments, TargetArguments {
  readonly out: string
  readonly force?: boolean
  readonly name?: string
  readonly shareArena?: boolean
  readonly cmsisNn: boolean
  readonly labels?: readonly string[]
}

const row = (what: string, value: string): void =>
  void process.stdout.write(`  ${colorsOf(process.stdout).dim(what.padEnd(10))} ${value}\n`)

function printFacts(facts: ModelFacts): void {
  const tensor = ({ type, shape }: ModelFacts['inputs'][number]): string => `${type} ${shapeText(shape)}`
  row('inputs', facts.inputs.map(tensor).join(', '))
  row('outputs', facts.outputs.map(tensor).join(', '))
  const apart = facts.sharedArena === undefined ? 'stack apart' : 'stack and shared arena apart'
  row('RAM', `${grouped(facts.contextBytes)} bytes, ${apart} (input ${facts.inputMode})`)
  row('constants', `${grouped(facts.constantBytes)} bytes of ROM, code apart`)
  row('MACs', grouped(facts.macs))
}

function printModels(name: string, out: string, models: readonly ModelFacts[], arena: SharedArena | undefined): void {
  const { bold } = colorsOf(process.stdout)
  process.stdout.write(`${bold(name)} written to ${printable(out)}\n`)
  if (arena !== undefined) row('arena', `${grouped(arena.bytes)} bytes, shared by all (${arena.type})`)
  for (const facts of models) {
    if (models.length > 1) process.stdout.write(`${bold(facts.name)}\n`)
    printFacts(facts)
  }
}

/** A model as the user names it, `kws=model.tflite` or `model.tflite`: its prefix and its path. */
function namedPath(text: string): readonly [name: string, path: string] {
  const [, name, path] = /^(\w+)=(.+)$/s.exec(text) ?? []
  return name === undefined || path === undefined || existsSync(text) ? [modelNameOf(text), text] : [name, path]
}

/** The labels of models: of the only one, or of those that the user names. */
async function readLabelFiles(
  files: readonly string[],
  names: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const entries = files.map(async (text): Promise<[string, readonly string[]]> => {
    const [, name = '', path = ''] = /^(\w+)=(.+)$/s.exec(text) ?? []
    const named = names.includes(name)
    if (!named && names.length > 1) {
      throw new UserError(`--labels ${text}: of several models it names one, as in ${names[0] ?? ''}=labels.txt`)
    }
    const bytes = await readModelFile(named ? path : text)
    return [named ? name : (names[0] ?? ''), linesOf(new TextDecoder().decode(bytes))]
  })
  return new Map(await Promise.all(entries))
}

/** The name of a library: that of its only model, or all names joined where they are not too long. */
function libraryNameOf(names: readonly string[]): string {
  const joined = names.join('_')
  return joined.length <= 40 ? joined : `${names[0]?.slice(0, 30).replace(/_$/, '') ?? ''}_and_more`
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
    .description('compile one or several models to a library for a build system')
    .argument('<model...>', '.tflite files, each as it is or with a prefix of its own: kws=model.tflite')
    .requiredOption('--target <name>', 'build system to emit a project for; `eonc targets` lists them')
    .requiredOption('--out <folder>', 'folder to write; what eonc wrote there before is replaced', pathArgument)
    .option('--force', 'replace files in the way that eonc did not write, or that were changed since')
    .option(
      '--name <name>',
      'prefix of all symbols and file names, of several models of what they share (default: from file names)',
    )
    .option('--no-cmsis-nn', 'leave out what calls CMSIS-NN where a firmware defines EONC_CMSIS_NN')
    .option('--share-arena', 'let several models take turns in one piece of memory, which their functions are given')
    .option(
      '--labels <file>',
      'labels of the first output, one a line; of several models kws=FILE for each (default: those in the model)',
      (text: string, before: readonly string[] | undefined) => [...(before ?? []), pathArgument(text)],
    )
  addPlugins(addPlanOptions(command))
  const target = name === command.name() ? await addOptionsOfTarget(command, args) : undefined
  command
    .addHelpText('after', '\nWith --target NAME, --help shows the options of that target too.')
    .addHelpText('after', '\nExample: eonc compile kws.tflite --target cmake --out kws')
    .action(async (paths: readonly string[], options: Arguments) => {
      const { name, out, plugin, force = false, labels = [], ...rest } = options
      const named = paths.map(namedPath)
      const names = named.map(([own]) => (named.length === 1 ? (name ?? own) : own))
      const labelled = await readLabelFiles(labels, names)
      const models = await Promise.all(
        named.map(async ([, path], index) => {
          const name = names[index] ?? ''
          const labels = labelled.get(name)
          return { name, model: await readModelFile(path), ...(labels && { labels }) }
        }),
      )
      const targetOptions = valuesOf(target, rest)
      const own = Object.fromEntries(Object.entries(rest).filter(([key]) => !(key in targetOptions))) as typeof rest
      const library = name ?? libraryNameOf(names)
      const given = { ...own, name: library, targetOptions, plugins: plugin ?? [] }
      const result = await withProgress({}, (progress, clear) => {
        const log = (message: string): void => void process.stderr.write(`${clear()}${printable(message)}\n`)
        return compileModels(models, { ...given, log, ...progress })
      })
      if (!result.ok) return report(result.diagnostics)
      await writeOutput(out, result.files, { force })
      report(result.notices)
      printModels(library, out, result.models, result.sharedArena)
    })
}
