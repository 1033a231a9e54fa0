import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compile, type CompileOptions, type Diagnostic, type ModelFacts } from '../../src/index.js'
import { PLUGIN_API_VERSION, type Target } from '../../src/index.js'
import type { ModelFile } from './models.js'
import { writeSources } from './sources.js'

/** A model compiled into a folder, or why there is none. */
export type CompiledModel =
  | {
      readonly ok: true
      /** Folder with nothing but the generated sources. */
      readonly sources: string
      readonly facts: ModelFacts
    }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

/** The generated sources as they are, without a project around them. */
const plainSources: Target = {
  apiVersion: PLUGIN_API_VERSION,
  name: 'sources',
  description: 'the generated sources alone',
  tools: [],
  emit: ({ files }) => Promise.resolve(files),
}

/** Compiles a model, by default with the default options, to a new folder of its name in `workDir`. */
export async function compileModel(
  { name, path }: ModelFile,
  workDir: string,
  options: Partial<CompileOptions> = {},
): Promise<CompiledModel> {
  const result = await compile(await readFile(path), { name, target: plainSources, ...options })
  if (!result.ok) return result
  const sources = await writeSources(join(workDir, name), result.files)
  return { ok: true, sources, facts: result.facts }
}
