import type { Program } from '../lower/index.js'
import { macroCase } from './cpp.js'
import { bundleKernels } from './kernel-library.js'
import { renderTemplate } from './render.js'

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

/** The header with these kernels, each once. */
export function kernelsText(library: string, paths: readonly string[], origin: LibraryOrigin): string {
  const { files, systemHeaders, guardedIncludes } = bundleKernels([...new Set(paths)])
  return renderTemplate(template('kernels.h'), {
    library,
    origin,
    ...kernelNames(origin),
    systemHeaders,
    guardedIncludes,
    kernelFiles: files.map((file) => ({ ...file, guard: macroCase(file.path) })),
  })
}

/** Files that the models of a library have in common. */
export interface LibraryFiles {
  /** The one translation unit, which includes the source of each model as `<model>_network.h`. */
  readonly source: string
  readonly kernels: string
  /** The header of the shared arena, and its size. */
  readonly arena?: { readonly header: string; readonly bytes: number }
}

/** What several models have in common. `kernels` are the kernel files of all of them. */
export function generateLibrary(
  library: Library,
  programs: readonly Program[],
  kernels: readonly string[],
  origin: LibraryOrigin,
): LibraryFiles {
  const alignment = Math.max(...programs.map(({ arenaAlignment }) => arenaAlignment))
  const largest = Math.max(...programs.map(({ arenaBytes }) => arenaBytes))
  const bytes = library.sharesArena ? Math.ceil(largest / alignment) * alignment : 0
  const data = {
    library: library.name,
    upper: macroCase(library.name),
    origin,
    names: programs.map(({ name }) => name),
    arenaBytes: bytes,
    alignType: alignment > 4 ? 'uint64_t' : 'uint32_t',
  }
  return {
    source: renderTemplate(template('library.cpp'), data),
    kernels: kernelsText(library.name, kernels, origin),
    ...(library.sharesArena && { arena: { header: renderTemplate(template('arena.h'), data), bytes } }),
  }
}
