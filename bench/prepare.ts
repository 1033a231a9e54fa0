import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Diagnostic, inspect, type ModelFacts } from '../src/index.js'
import { compileModel } from '../test/support/compiled-model.js'
import type { Vector } from '../test/support/firmware.js'
import { goldenVectors } from '../test/support/golden.js'
import type { ModelFile } from '../test/support/models.js'
import { oracleAvailable } from '../test/support/oracle.js'
import { inputVectors, oracleVectors, vectorKinds } from '../test/support/vectors.js'
import type { Obstacle, Variant } from './results.js'
import { factsOf, type Setting } from './settings.js'

/** A model with all that the measurements on the cores have in common. */
export interface PreparedModel {
  readonly name: string
  readonly setting: Setting
  readonly variant: Variant
  readonly sources: string
  readonly facts: ModelFacts
  readonly vectors: readonly Vector[]
  /** False where there was no oracle: the outputs of the vectors mean nothing. */
  readonly comparable: boolean
}

/** A model that eonc refuses. */
export interface RefusedModel {
  readonly name: string
  readonly variant?: Variant
  readonly obstacle: Obstacle
}

/** Models with more multiply-accumulates than this run two vectors only: the emulator is no fast machine. */
const manyMacs = 2_000_000

/** Compiles a model with the options of a setting and finds its vectors. `workDir` gets folders named by both. */
export async function prepareModel(
  model: ModelFile,
  workDir: string,
  setting: Setting = 'default',
): Promise<PreparedModel | RefusedModel> {
  const { name } = model
  const bytes = await readFile(model.path)
  const variant = variantOf(bytes)
  const compiled = await compileModel(model, join(workDir, 'sources', setting), factsOf(setting).options)
  if (!compiled.ok) {
    const obstacle = { status: 'refused', reason: reasonOf(compiled.diagnostics) } as const
    return { name, obstacle, ...(variant && { variant }) }
  }
  if (variant === undefined) throw new Error(`${name} compiles and cannot be inspected`)
  const { sources, facts } = compiled
  const common = { name, setting, variant, sources, facts }
  const count = facts.macs > manyMacs ? 2 : vectorKinds
  if (oracleAvailable())
    return {
      ...common,
      vectors: await oracleVectors(bytes, count, join(workDir, 'oracle', setting, name)),
      comparable: true,
    }
  if (model.own) return { ...common, vectors: await goldenVectors(model), comparable: true }
  const outputs = facts.outputs.map(({ bytes }) => new Uint8Array(bytes))
  const vectors = inputVectors(bytes, count).map((inputs) => ({ inputs, outputs }))
  return { ...common, vectors, comparable: false }
}

/** The first of the errors; one tells more than a list. */
function reasonOf(diagnostics: readonly Diagnostic[]): string {
  const [first] = diagnostics.filter(({ severity }) => severity === 'error')
  return first === undefined ? 'refused without a word' : `${first.code}: ${first.rule}`
}

function variantOf(model: Uint8Array): Variant | undefined {
  const inspection = inspect(model)
  if (!inspection.ok) return undefined
  const types = (constant: boolean) =>
    new Set(inspection.tensors.filter(({ constantBytes }) => constantBytes > 0 === constant).map(({ type }) => type))
  if (!types(false).has('float32')) return 'int8'
  return types(true).has('int8') ? 'hybrid' : 'float32'
}
