import { isCmsisNn, type Program, type ProgramSet } from '../lower/index.js'
import { macroCase } from './cpp.js'
import { bundleKernels } from './kernel-library.js'
import { renderTemplate } from './render.js'
import { conditionOf, conditionalSets, stemOf } from './variants.js'

/** What the comments in generated files say about where the code comes from. */
export interface LibraryOrigin {
  /** Version of eonc. */
  readonly compiler: string
}

/** The library that a model is part of: its kernels are those of all its models. */
export interface Library {
  readonly name: string
  /** The models share one arena, an object of the type `<name>_arena`. */
  readonly sharesArena: boolean
}

/** The library of a model that is compiled by itself. */
export const ownLibrary = ({ name }: Program): Library => ({ name, sharesArena: false })

/** The C type of the arena that the models of a library share; empty when each has its own. */
export const arenaType = ({ name, sharesArena }: Library): string => (sharesArena ? `${name}_arena` : '')

/** What templates print to reach the arena, within the context or beside it. */
export function arenaFacts(library: Library): Readonly<Record<string, string>> {
  const shared = arenaType(library)
  return {
    shared,
    arena: shared === '' ? 'context->arena.bytes' : 'shared->bytes',
    orNoArena: shared === '' ? '' : ' || shared == nullptr',
    sharedFirst: shared === '' ? '' : `${shared} *shared, `,
    sharedLast: shared === '' ? '' : `, ${shared} *shared`,
  }
}

/** What is printed of an origin as the namespace and the guards of its kernels: those of another version are others. */
export function kernelNames({ compiler }: LibraryOrigin): Readonly<Record<'namespace' | 'guardPrefix', string>> {
  return { namespace: `eonc_${compiler.replace(/[^0-9a-z]+/gi, '_')}`, guardPrefix: `EONC_${macroCase(compiler)}` }
}

const template = (name: string): URL => new URL(`templates/${name}.ejs`, import.meta.url)

/** The files with kernels, each kernel once. */
export interface KernelTexts {
  readonly kernels: string
  /** The part that is in assembler; absent where there is none. */
  readonly assembly?: string
}

/** The kernel set that a file is of, if only some processors have it. */
const setOfFile = (path: string): ProgramSet | undefined =>
  conditionalSets.find((set) => new RegExp(`/${set}(_\\w+)?\\.(h|S)$`).test(path))

/** The files with these kernels. */
export function kernelTexts(library: string, paths: readonly string[], origin: LibraryOrigin): KernelTexts {
  const { files, assembly, systemHeaders, guardedIncludes } = bundleKernels([...new Set(paths)])
  const names = kernelNames(origin)
  const macroOf = (set: ProgramSet): string => `${names.guardPrefix}_${macroCase(set)}`
  const sets = conditionalSets.filter((set) => files.some(({ path }) => setOfFile(path) === set))
  const data = {
    library,
    origin,
    ...names,
    systemHeaders,
    guardedIncludes,
    sets: sets.map((set) => ({ name: set, macro: macroOf(set), condition: conditionOf(set) })),
    kernelFiles: files.map((file) => {
      const set = setOfFile(file.path)
      return { ...file, guard: macroCase(file.path), macro: set === undefined ? '' : macroOf(set) }
    }),
    assemblyFiles: assembly.map((file) => ({ ...file, condition: conditionOf(setOfFile(file.path) ?? 'portable') })),
  }
  return {
    kernels: renderTemplate(template('kernels.h'), data),
    ...(assembly.length > 0 && { assembly: renderTemplate(template('kernels.S'), data) }),
  }
}

/** Files that the models of a library have in common. */
export interface LibraryFiles extends KernelTexts {
  /** The one translation unit, which includes the sources of each model as `<stem>_network.h`. */
  readonly source: string
  /** The header of the shared arena, and its size. */
  readonly arena?: { readonly header: string; readonly bytes: number }
}

/**
 * What several models have in common. `models` are the variants of each, `kernels` the kernel files of all of them. A
 * shared arena is large enough for any variant.
 */
export function generateLibrary(
  library: Library,
  models: readonly (readonly Program[])[],
  kernels: readonly string[],
  origin: LibraryOrigin,
): LibraryFiles {
  const programs = models.flat()
  const alignment = Math.max(...programs.map(({ arenaAlignment }) => arenaAlignment))
  const bytesOf = (some: readonly Program[]): number => {
    const largest = Math.max(...some.map(({ arenaBytes }) => arenaBytes))
    return library.sharesArena ? Math.ceil(largest / alignment) * alignment : 0
  }
  const bytes = bytesOf(programs.filter(({ set }) => !isCmsisNn(set)))
  const data = {
    library: library.name,
    upper: macroCase(library.name),
    origin,
    names: models.flatMap(([first]) => first?.name ?? []),
    stems: models.flatMap((variants) => variants.map((_, i) => stemOf(variants, i))),
    arenaBytes: bytes,
    cmsisNnBytes: programs.some(({ set }) => isCmsisNn(set)) ? bytesOf(programs) : 0,
    alignType: alignment > 4 ? 'uint64_t' : 'uint32_t',
  }
  return {
    source: renderTemplate(template('library.cpp'), data),
    ...kernelTexts(library.name, kernels, origin),
    ...(library.sharesArena && { arena: { header: renderTemplate(template('arena.h'), data), bytes } }),
  }
}
