import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parsedModel, type PlanOptions } from '../compile.js'
import { type Diagnostic, DiagnosticsError, type Elements, tensorAt, toBytes, toElements } from '../ir/index.js'
import { hashOf, MANIFEST, type Manifest, parseManifest } from '../manifest.js'
import { builtinOperators, evaluateGraph } from '../ops/index.js'
import type { RunOutputs, RunRequest, TensorFacts } from '../plugin.js'
import { environmentOf, guarded, loadTarget } from '../targets/index.js'
import { outputDifference } from './compare.js'
import { runOnHost } from './host.js'
import { OracleError, runOracle } from './oracle.js'
import { inputVectors } from './vectors.js'

export { OracleError, runOracle } from './oracle.js'
export type { OracleJob, OracleResult, OracleTensor } from './oracle.js'

/** What an output is verified with. */
export interface VerifyOptions {
  /** Files that the models of the output are among; which is which is told by their hashes. */
  readonly models: readonly Uint8Array[]
  /** A Python that has the package tflite-micro, to compare with TensorFlow Lite Micro as well. */
  readonly oraclePython?: string
  /** Plugins that the target of the output may come from. */
  readonly plugins?: readonly string[]
  readonly log?: (message: string) => void
}

/** What was found of a model. */
export interface VerifiedModel {
  readonly name: string
  readonly inferences: number
  /** What its outputs were compared with, all with success. */
  readonly equalTo: readonly ('reference semantics' | 'TensorFlow Lite Micro')[]
  /** Its outputs are floats, which are compared within a tolerance. */
  readonly hasFloats: boolean
}

type ManifestModel = Manifest['models'][number]

function failure(code: Diagnostic['code'], rule: string, found: string, help: string, model?: string): Diagnostic {
  return { severity: 'error', code, rule, found, help, ...(model !== undefined && { model }) }
}

/** The manifest of an output whose files are as they were written. Throws a DiagnosticsError. */
export async function readOutput(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch(() => undefined)
  const manifest = text === undefined ? undefined : parseManifest(text)
  if (manifest === undefined) {
    const found = text === undefined ? `no ${MANIFEST} in it` : `${MANIFEST} is none of this version of eonc`
    const help = 'Name a folder that `eonc compile --out` has written.'
    throw new DiagnosticsError([failure('BAD_OUTPUT', 'The folder is an output of eonc', found, help)])
  }
  const found: Diagnostic[] = []
  for (const { path, sha256 } of manifest.files) {
    const contents = await readFile(join(folder, path)).catch(() => undefined)
    if (contents !== undefined && hashOf(contents) === sha256) continue
    const state = `${path} ${contents === undefined ? 'is missing' : 'was changed'}`
    const help = 'Compile the model anew; --force replaces what was changed.'
    found.push(failure('BAD_OUTPUT', 'The files of an output are as eonc wrote them', state, help))
  }
  if (found.length > 0) throw new DiagnosticsError(found)
  return manifest
}

/** The file of each model. Throws a DiagnosticsError that names those that are not there. */
function matchModels({ models }: Manifest, files: readonly Uint8Array[]): readonly Uint8Array[] {
  const byHash = new Map(files.map((file) => [hashOf(file), file]))
  const missing = models.filter(({ sha256 }) => !byHash.has(sha256))
  if (missing.length > 0) {
    const given = `${files.length} ${files.length === 1 ? 'file' : 'files'} looked at, none of which it is`
    throw new DiagnosticsError(
      missing.map(({ name, sha256 }) =>
        failure(
          'WRONG_MODEL',
          `The model ${name} is the file with SHA-256 ${sha256}`,
          given,
          'Name the very file that the output was compiled from: --model FILE.',
        ),
      ),
    )
  }
  return models.flatMap(({ sha256 }) => byHash.get(sha256) ?? [])
}

const tensorsOf = (tensors: ManifestModel['inputs']): readonly TensorFacts[] => tensors as readonly TensorFacts[]

function requestOf(model: ManifestModel, { sharedArena }: Manifest): RunRequest {
  const { name, inputMode, units } = model
  const inputs = tensorsOf(model.inputs)
  const facts = { name, inputMode, inputs, outputs: tensorsOf(model.outputs) }
  return {
    model: { ...facts, ...(units && { units }), ...(sharedArena && { sharedArena }) },
    vectors: inputVectors(inputs),
  }
}

/** What the reference semantics of the operators make of the graph as it is in the file. */
function referenceOutputs(file: Uint8Array, { options }: ManifestModel, { vectors }: RunRequest): RunOutputs {
  const graph = parsedModel(file, { stripFloatIo: (options as Partial<PlanOptions>).stripFloatIo === true })
  return vectors.map((inputs) => {
    const elements = graph.inputs.map(
      (index, i) => toElements(tensorAt(graph, index).type, inputs[i] ?? new Uint8Array()) as Elements,
    )
    return evaluateGraph(graph, builtinOperators, elements).map(toBytes)
  })
}

async function oracleOutputs(
  python: string,
  files: readonly Uint8Array[],
  requests: readonly RunRequest[],
  workDir: string,
): Promise<readonly (RunOutputs | string)[]> {
  const jobs = requests.map(({ vectors }, index) => ({
    model: files[index] ?? new Uint8Array(),
    vectors,
    seconds: 600,
  }))
  try {
    const results = await runOracle(python, jobs, workDir)
    return results.map((result) => (result.status === 'ok' ? result.vectors : `${result.status}: ${result.message}`))
  } catch (error) {
    if (!(error instanceof OracleError) && !(error instanceof SyntaxError)) throw error
    const help = 'Install it, `pip install tflite-micro`, and name its Python in the environment variable EONC_PYTHON.'
    throw new DiagnosticsError([
      failure('MISSING_TOOL', 'The oracle is a Python that has tflite-micro', `${python}: ${error.message}`, help),
    ])
  }
}

/** Runs the models of an output, by its target where that says how, else as C++ for this machine. */
async function run(
  folder: string,
  manifest: Manifest,
  requests: readonly RunRequest[],
  { plugins, log = () => undefined }: VerifyOptions,
  workDir: string,
): Promise<readonly RunOutputs[]> {
  const target = await loadTarget(manifest.target.name, plugins).catch((error: unknown) => {
    // sources can be compiled without their target
    if (error instanceof DiagnosticsError && manifest.files.some(({ role }) => role === 'source')) return undefined
    throw error
  })
  if (target?.run === undefined) return runOnHost(folder, manifest, requests, workDir)
  const { run } = target
  return guarded(target, () => run.call(target, folder, requests, environmentOf(target, log)))
}

/**
 * Builds an output for this machine, runs it on extreme and on random inputs, and compares what it gives with what the
 * compiler's own reference semantics make of the model file: integers byte for byte, floats within 1e-5 of the largest.
 * Throws a DiagnosticsError with everything that is wrong.
 */
export async function verifyOutput(folder: string, options: VerifyOptions): Promise<readonly VerifiedModel[]> {
  const manifest = await readOutput(folder)
  const files = matchModels(manifest, options.models)
  const { oraclePython } = options
  const stripped = manifest.models.find((model) => (model.options as Partial<PlanOptions>).stripFloatIo === true)
  if (oraclePython !== undefined && stripped !== undefined) {
    const rule = 'The oracle computes the model as it is in the file'
    const help = 'Leave out --oracle, or compile without --strip-float-io.'
    throw new DiagnosticsError([failure('BAD_OPTION', rule, '--strip-float-io', help, stripped.name)])
  }
  const requests = manifest.models.map((model) => requestOf(model, manifest))
  const workDir = await mkdtemp(join(tmpdir(), 'eonc-verify-'))
  try {
    const actual = await run(folder, manifest, requests, options, workDir)
    const reference = manifest.models.map((model, index) =>
      referenceOutputs(files[index] ?? new Uint8Array(), model, requests[index] as RunRequest),
    )
    const oracle =
      oraclePython === undefined ? [] : await oracleOutputs(oraclePython, files, requests, join(workDir, 'oracle'))
    return judge(requests, actual, [
      ['reference semantics', reference],
      ...(oraclePython === undefined ? [] : [['TensorFlow Lite Micro', oracle] as const]),
    ])
  } finally {
    await rm(workDir, { recursive: true, force: true })
  }
}

type Expectation = readonly [VerifiedModel['equalTo'][number], readonly (RunOutputs | string)[]]

/** What was verified. Throws a DiagnosticsError with all that differs. */
function judge(
  requests: readonly RunRequest[],
  actual: readonly RunOutputs[],
  expectations: readonly Expectation[],
): readonly VerifiedModel[] {
  const found = requests.flatMap(({ model: { name, outputs } }, index) =>
    expectations.flatMap(([what, expected]) => {
      const want = expected[index] ?? []
      const difference = typeof want === 'string' ? want : outputDifference(outputs, want, actual[index] ?? [])
      if (difference === undefined) return []
      const help = 'This is a defect of eonc or of the compiler: please report it with the hash of the model.'
      return [failure('VERIFY_FAILED', `The outputs are those of the ${what}`, difference, help, name)]
    }),
  )
  if (found.length > 0) throw new DiagnosticsError(found)
  return requests.map(({ model: { name, outputs }, vectors }) => ({
    name,
    inferences: vectors.length,
    equalTo: expectations.map(([what]) => what),
    hasFloats: outputs.some(({ type }) => type === 'float32'),
  }))
}
