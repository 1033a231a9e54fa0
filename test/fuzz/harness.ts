/** Runs batches of random models through eonc and through the oracle, and says for each how it went. */
import { join } from 'node:path'
import { compileSources } from '../../src/compile.js'
import { collect } from '../../src/diagnostics.js'
import type { Diagnostic } from '../../src/ir/index.js'
import type { ModelSources } from '../../src/compile.js'
import { writeModel } from '../support/model-writer.js'
import { type OracleResult, runOracle } from '../support/oracle.js'
import { outputFormats, vectorDifference } from './compare.js'
import { type HostCompiler, type HostModel, type HostResult, runOnHost } from './host-program.js'
import { inputVectors } from './input-vectors.js'
import type { RandomGraph } from './random-graph.js'
import { HOST_PLAN, referenceDifference } from './references.js'
import { unintended } from './restrictions.js'

/** What became of one model. `failed` is a defect of eonc, or of the fuzzing. */
export type Verdict =
  | { readonly kind: 'equal' }
  | { readonly kind: 'refused by both'; readonly rules: readonly string[] }
  | { readonly kind: 'refused by eonc'; readonly rules: readonly string[] }
  | { readonly kind: 'failed'; readonly stage: string; readonly message: string }

export interface BatchOptions {
  /** Seeds the input vectors. */
  readonly seed: number
  /** Where everything is written. */
  readonly folder: string
  readonly compiler: HostCompiler
  /** Whether the reference semantics are evaluated as well. */
  readonly references: boolean
}

/** A model on its way through a batch. */
interface Case {
  readonly graph: RandomGraph
  readonly file: Uint8Array
  readonly vectors: readonly (readonly Uint8Array[])[]
  readonly compiled: Compiled
}

type Compiled =
  { readonly sources: ModelSources } | { readonly diagnostics: readonly Diagnostic[] } | { readonly message: string }

function compile(file: Uint8Array, { name, ram, input, streamInput, rom }: RandomGraph): Compiled {
  try {
    const mode = { ...(ram && { ram }), ...(input && { input }), ...(streamInput !== undefined && { streamInput }) }
    const compiled = collect(() => compileSources(file, { name, ...HOST_PLAN, ...mode, ...(rom && { rom }) }))
    return 'diagnostics' in compiled ? compiled : { sources: compiled.value.sources }
  } catch (error) {
    return { message: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

/** Gives a verdict for each model, in order. */
export async function runBatch(graphs: readonly RandomGraph[], options: BatchOptions): Promise<readonly Verdict[]> {
  const files = graphs.map(({ model }) => writeModel(model))
  const vectors = graphs.map(({ model }) => inputVectors(model, options.seed))
  const jobs = files.map((model, index) => ({ model, vectors: vectors[index] ?? [], seconds: 20 }))
  const oracle = runOracle(jobs, join(options.folder, 'oracle'))
  const cases = graphs.map((graph, index): Case => ({
    graph,
    file: files[index] ?? new Uint8Array(),
    vectors: vectors[index] ?? [],
    compiled: compile(files[index] ?? new Uint8Array(), graph),
  }))
  const models = cases.flatMap(({ graph, compiled, vectors }): HostModel[] =>
    'sources' in compiled ? [{ name: graph.name, sources: compiled.sources, vectors }] : [],
  )
  const host = runOnHost(models, join(options.folder, 'host'), options.compiler)
  const [expected, results] = await Promise.all([oracle, host])
  const byName = new Map(models.map(({ name }, index) => [name, results[index]]))
  return cases.map((each, index) =>
    judge(each, expected[index] as OracleResult, byName.get(each.graph.name), options.references),
  )
}

const failed = (stage: string, message: string): Verdict => ({ kind: 'failed', stage, message })

function judge(
  { graph, file, vectors, compiled }: Case,
  oracle: OracleResult,
  host: HostResult | undefined,
  references: boolean,
): Verdict {
  if ('message' in compiled) return failed('exception', compiled.message)
  if ('diagnostics' in compiled) return judgeRefusal(compiled.diagnostics, oracle, graph.damage !== undefined)
  if (oracle.status !== 'ok')
    return failed('eonc computes what the oracle refuses', `${oracle.status}: ${oracle.message}`)
  if (host?.ok !== true) return failed(host?.stage ?? 'run', host?.message ?? 'no result')
  const formats = outputFormats(graph.model)
  const found = vectorDifference(oracle.vectors, host.outputs, formats)
  const semantics = references
    ? evaluated(() => referenceDifference(file, vectors, oracle.vectors, formats))
    : undefined
  if (found !== undefined && semantics === undefined) return failed('generated code', found)
  if (found !== undefined)
    return failed(`generated code and ${semantics?.stage ?? ''}`, `${found}\n${semantics?.message ?? ''}`)
  if (semantics !== undefined) return failed(semantics.stage, semantics.message)
  return { kind: 'equal' }
}

function evaluated(evaluate: () => ReturnType<typeof referenceDifference>): ReturnType<typeof referenceDifference> {
  try {
    return evaluate()
  } catch (error) {
    return { stage: 'exception in the reference semantics', message: String(error) }
  }
}

function judgeRefusal(diagnostics: readonly Diagnostic[], oracle: OracleResult, damaged: boolean): Verdict {
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  const rules = [...new Set(errors.map(({ code, rule }) => `${code}: ${rule}`))]
  if (oracle.status !== 'ok') return { kind: 'refused by both', rules }
  const wrong = unintended(errors, damaged)
  if (wrong.length === 0) return { kind: 'refused by eonc', rules }
  const list = wrong.map(
    ({ code, rule, found, where }) => `${code}: ${rule} (${where?.operator?.kind ?? ''} ${found ?? ''})`,
  )
  return failed('eonc refuses what the oracle computes', list.join('\n'))
}
