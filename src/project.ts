import { conditionalSets } from './codegen/index.js'
import { type Diagnostic, DiagnosticsError } from './ir/index.js'
import { compileLibrary, type LibraryModel, type LibraryOptions } from './library.js'
import { manifestFile } from './manifest.js'
import { nameDiagnostics } from './model-name.js'
import type { OutputFile, SourceSet, Target } from './plugin.js'
import { emitProject, loadTarget } from './targets/index.js'

/** What a project is emitted for. */
export interface ProjectOptions {
  /** A target by name, or one of the caller's own. */
  readonly target: string | Target
  /** Values for the options that the target has of its own. */
  readonly targetOptions?: Readonly<Record<string, unknown>>
  /** Plugins that `target` is looked for in besides: paths, or names of npm packages. */
  readonly plugins?: readonly string[]
  /** Gets lines about the progress of a slow target. Default: they are lost. */
  readonly log?: (message: string) => void
}

/** A project: all files of an output, and what they hold. */
export interface Project {
  readonly files: readonly OutputFile[]
  readonly sources: SourceSet
  readonly notices: readonly Diagnostic[]
}

const badName = (rule: string, found: string): Diagnostic => ({
  severity: 'error',
  code: 'BAD_OPTION',
  rule,
  found,
  help: 'Give the models other names: on the command line as in kws=model.tflite.',
})

/** What is wrong with the names of several models and of their library. */
function nameProblems(models: readonly LibraryModel[], library: string): readonly Diagnostic[] {
  const names = models.map(({ options }) => options.name)
  const twice = [...new Set(names.filter((name, index) => names.indexOf(name) !== index))]
  // each name takes some files: one must not be that of another's
  const variants = names.flatMap((name) => conditionalSets.map((set) => `${name}_${set}`))
  const taken = [...variants, ...[...names, ...variants].flatMap((stem) => [`${stem}_network`, `${stem}_weights`])]
  const common = [`${library}_kernels`, `${library}_arena`]
  return [
    ...[library, ...names].flatMap(nameDiagnostics),
    ...twice.map((name) => badName('Every model has a name of its own', name)),
    ...names
      .filter((name) => [...taken, ...common].includes(name))
      .map((name) => badName('The name of a model is none of a file of the library', `${name}.h`)),
  ]
}

/** A model with the kernels that the target's builds can use. Throws a DiagnosticsError. */
function forTarget(model: LibraryModel, { name, cpu }: Target): LibraryModel {
  const { options } = model
  if (cpu === undefined || options.cpu === cpu) return model
  if (options.cpu === 'any') return { ...model, options: { ...options, cpu } }
  const rule = `The target ${name} builds for the processor ${cpu} alone`
  const help = `Leave --cpu out, or choose a target that builds for ${options.cpu}.`
  throw new DiagnosticsError([{ severity: 'error', code: 'BAD_OPTION', rule, found: `--cpu ${options.cpu}`, help }])
}

/** Compiles models to the files of a target's project, manifest included. Throws a DiagnosticsError. */
export async function makeProject(
  models: readonly LibraryModel[],
  library: LibraryOptions,
  { target: wanted, targetOptions = {}, plugins, log = () => undefined }: ProjectOptions,
): Promise<Project> {
  const problems = nameProblems(models, library.name)
  if (problems.length > 0) throw new DiagnosticsError(problems)
  const target = await loadTarget(wanted, plugins)
  const { sources, notices } = compileLibrary(
    models.map((model) => forTarget(model, target)),
    library,
  )
  const { files, options } = await emitProject(target, sources, targetOptions, log)
  const given = models.map(({ options: { name: _, ...others } }) => others)
  const manifest = manifestFile(sources, files, { name: target.name, options }, given)
  return { files: [...files, manifest], sources, notices }
}
