import { readFile } from 'node:fs/promises'
import { compileSources, type InputMode, type ModelSources } from '../../src/compile.js'
import type { Granularity } from '../../src/ops/index.js'
import { allModels, type ModelFile, ownModels } from '../support/models.js'

/** A model and what it is compiled to. */
export interface Subject {
  /** Of the model; its symbols have the same, or one of their own with the input mode at its end. */
  readonly name: string
  readonly file: Uint8Array
  readonly sources: ModelSources
}

/** Models of others that have to be refused: tflite-micro refuses them as well. */
export const REFUSED: ReadonlySet<string> = new Set(['mlperf_tiny_kws_hybrid'])

/** The project's own models, and those of others that are not to be refused; none of these where they are not there. */
export const ownFiles: readonly ModelFile[] = ownModels()
export const foreignFiles: readonly ModelFile[] = allModels().filter(({ name, own }) => !own && !REFUSED.has(name))

/** The value of tap's `skip` option for a test of others' models. In CI their absence is an error. */
export const skipWithoutForeign: string | false =
  foreignFiles.length === 0 && 'no models of others beside the repository'

/**
 * Compiles models with the default options. Throws when one of them is refused. With an input mode or a granularity, its
 * name ends that of the symbols, so that a program may have the same model in several of them.
 */
export function compileAll(
  models: readonly ModelFile[],
  input?: InputMode,
  ram?: Granularity,
): Promise<readonly Subject[]> {
  return Promise.all(models.map((model) => compileSubject(model, input, ram)))
}

async function compileSubject({ name, path }: ModelFile, input?: InputMode, ram?: Granularity): Promise<Subject> {
  const file = await readFile(path)
  const symbols = [name, input, ram].filter((part) => part !== undefined).join('_')
  return { name, file, sources: compileAs(file, symbols, input, ram) }
}

/** The generated sources of a model file, otherwise with the default options. Throws when it is refused. */
export function compileAs(
  file: Uint8Array,
  name: string,
  input: InputMode = 'resident',
  ram: Granularity = 'row',
): ModelSources {
  return compileSources(file, { name, cpu: 'any', optimize: 'balanced', stripFloatIo: false, input, ram }).sources
}
