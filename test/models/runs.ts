/** What models are run on the host with, and what they have to give. */
import { join } from 'node:path'
import { type OutputFormat, vectorDifference } from '../fuzz/compare.js'
import type { HostCompiler, HostResult } from '../fuzz/host-program.js'
import { inputVectors } from '../fuzz/input-vectors.js'
import type { Vector } from '../support/firmware.js'
import { readGolden } from '../support/golden.js'
import { oracleAvailable, type OracleResult, runOracle } from '../support/oracle.js'
import { strictWarnings } from '../support/toolchain.js'
import { ownFiles, type Subject } from './subjects.js'

const SEED = 20261123
/** The first finding ends the program. */
const SANITIZERS = ['-O1', '-g1', '-fsanitize=address,undefined', '-fno-sanitize-recover=all']
export const sanitizingCompilers: readonly HostCompiler[] = ['g++', 'clang++'].map((command) => ({
  command,
  flags: [...SANITIZERS, '-DFUZZ_ADDRESS_SANITIZER', ...strictWarnings],
}))

/** Random inputs, then the ends of the range of int8: all least, all most, in turns; then some near zero. */
export function hardInputs({ sources }: Subject): readonly (readonly Uint8Array[])[] {
  const { inputs } = sources.facts
  return inputVectors({ tensors: inputs, operators: [], inputs: inputs.map((_, index) => index), outputs: [] }, SEED)
}

/**
 * Everything twice: the runner poisons the context before every second vector, and each is once such a one and once
 * finds what another has left behind.
 */
export function twice<Item>(items: readonly Item[]): readonly Item[] {
  return [...items.slice(0, 1), ...items, ...items.slice(1).toReversed()]
}

/** What the oracle makes of the hard inputs of each model; nothing where there is no oracle. */
export async function askOracle(subjects: readonly Subject[], workDir: string): Promise<readonly OracleResult[]> {
  if (!oracleAvailable()) return []
  const jobs = subjects.map((subject) => ({ model: subject.file, vectors: hardInputs(subject) }))
  return runOracle(jobs, join(workDir, 'oracle'))
}

/** The vectors to run a model on: the committed ones of the project's own, and those that the oracle has answered. */
export async function vectorsOf(subject: Subject, answer: OracleResult | undefined): Promise<readonly Vector[]> {
  const model = ownFiles.find(({ name }) => name === subject.name)
  const golden = model === undefined ? [] : await readGolden(model)
  const outputs = answer?.status === 'ok' ? answer.vectors : []
  const inputs = hardInputs(subject)
  const live = outputs.map((each, index): Vector => ({ inputs: inputs[index] ?? [], outputs: each }))
  return [...golden, ...live]
}

/** Integers have to equal the oracle's; float32 to be within the project's tolerance. */
function formats({ sources }: Subject): readonly OutputFormat[] {
  return sources.facts.outputs.map(({ type }) => ({ type, tolerance: type === 'float32' ? null : 0 }))
}

/** How what a model gave differs from what it should have; undefined when it does not. */
export function differenceOf(
  subject: Subject,
  vectors: readonly Vector[],
  result: HostResult | undefined,
): string | undefined {
  if (result?.ok !== true) return result?.message ?? 'no result'
  const expected = vectors.map(({ outputs }) => outputs)
  return vectorDifference(expected, result.outputs, formats(subject))
}
