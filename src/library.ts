import { compileProgram, type CompiledProgram, compileSources, type SourceOptions } from './compile.js'
import { arenaType, contextBytes, generateCode, generateLibrary, kernelFilesOf } from './codegen/index.js'
import { collect } from './diagnostics.js'
import { isCmsisNn, type Program } from './lower/index.js'
import { type Diagnostic, DiagnosticsError } from './ir/index.js'
import type { SharedArena, SourceFile, SourceSet } from './plugin.js'
import { version } from './version.js'
import { kernelSources, weightsFile } from './source-files.js'

/** A model of a library. */
export interface LibraryModel {
  readonly bytes: Uint8Array
  readonly options: SourceOptions
}

/** What several models are compiled to. */
export interface LibraryOptions {
  /** Prefix of what the models have in common. */
  readonly name: string
  /** Contexts hold state alone, and one arena serves all models. */
  readonly shareArena: boolean
}

/** Compiles models to one library: each by itself, their kernels in common. Throws a DiagnosticsError of all of them. */
export function compileLibrary(
  models: readonly LibraryModel[],
  library: LibraryOptions,
): { readonly sources: SourceSet; readonly notices: readonly Diagnostic[] } {
  const [only] = models
  if (models.length === 1 && only !== undefined && !library.shareArena) {
    const { sources, notices } = compileSources(only.bytes, only.options)
    const { files, facts } = sources
    return { sources: { name: library.name, compiler: version, files, models: [facts] }, notices }
  }
  const compiled = models.map(({ bytes, options }) => collect(() => compileProgram(bytes, options)))
  const found = compiled.flatMap((each, index) =>
    'diagnostics' in each ? named(each.diagnostics, models[index]?.options.name) : [],
  )
  if (found.length > 0) throw new DiagnosticsError(found)
  const programs = compiled.flatMap((each) => ('value' in each ? [each.value] : []))
  const notices = programs.flatMap(({ notices, facts }) => named(notices, facts.name))
  return { sources: sourcesOf(programs, library), notices }
}

/** Diagnostics that say which model they are about. */
const named = (diagnostics: readonly Diagnostic[], model = ''): readonly Diagnostic[] =>
  diagnostics.map((diagnostic) => ({ ...diagnostic, model }))

/** Whether a program runs without a firmware asking for it. */
const isDefault = ({ set }: Program): boolean => !isCmsisNn(set)

function sourcesOf(compiled: readonly CompiledProgram[], { name, shareArena }: LibraryOptions): SourceSet {
  const library = { name, sharesArena: shareArena }
  const models = compiled.map(({ variants }) => variants)
  const common = generateLibrary(library, models, models.flat().flatMap(kernelFilesOf), { compiler: version })
  const arena: SharedArena | undefined = common.arena && { type: arenaType(library), bytes: common.arena.bytes }
  const files = compiled.flatMap(({ variants, facts }): SourceFile[] => {
    const code = generateCode(variants, facts, library)
    return [
      { path: `${facts.name}.h`, contents: code.header, role: 'public-header' },
      ...code.variants.flatMap((variant): SourceFile[] => [
        { path: `${variant.stem}_network.h`, contents: variant.source, role: 'private-header' },
        ...weightsFile(variant),
      ]),
    ]
  })
  return {
    name,
    compiler: version,
    files: [
      ...files,
      { path: `${name}.cpp`, contents: common.source, role: 'source' },
      ...kernelSources(name, common),
      ...(common.arena
        ? [{ path: `${name}_arena.h`, contents: common.arena.header, role: 'public-header' } as const]
        : []),
    ],
    models: compiled.map(({ facts, variants }) =>
      arena === undefined
        ? facts
        : {
            ...facts,
            sharedArena: arena,
            contextBytes: Math.max(...variants.filter(isDefault).map((program) => contextBytes(program, true))),
          },
    ),
    ...(arena && { sharedArena: arena }),
  }
}
