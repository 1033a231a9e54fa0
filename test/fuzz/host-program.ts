/** Many generated models in one program for the host, run on vectors. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ModelSources } from '../../src/compile.js'
import { projectRoot, run, runOrThrow } from '../support/toolchain.js'

/** A compiled model with the vectors that it is to be run on. */
export interface HostModel {
  /** The name that its sources have. */
  readonly name: string
  readonly sources: ModelSources
  readonly vectors: readonly (readonly Uint8Array[])[]
}

/** The outputs of all vectors, or what went wrong. */
export type HostResult =
  | { readonly ok: true; readonly outputs: readonly (readonly Uint8Array[])[] }
  | { readonly ok: false; readonly stage: 'build' | 'run'; readonly message: string }

export interface HostCompiler {
  /** `g++` or `clang++`. */
  readonly command: string
  readonly flags: readonly string[]
}

/** Models in one translation unit: enough to share the kernels, few enough for two jobs at once. */
const UNIT_MODELS = 40
const JOBS = 2
const RUNNER = join(projectRoot, 'test/fuzz')
const STATUS = [
  'success',
  'the bytes around the context have been overwritten',
  'invoke gave an error',
  'an input or output is null',
  'an input or output that has no place in the context is not null',
  'an input that is to be preserved has changed',
  'a second inference on the same inputs differs',
  'push gave a wrong status',
  'the input was not fetched unit by unit into the context, each unit once',
  'misuse gave a wrong status',
  'an inference after misuse gave other outputs',
]

/** Builds models into one program in `folder` and runs it. Gives a result for each, in order. */
export async function runOnHost(
  models: readonly HostModel[],
  folder: string,
  compiler: HostCompiler,
): Promise<readonly HostResult[]> {
  await mkdir(folder, { recursive: true })
  for (const { sources } of models) {
    await Promise.all(sources.files.map(({ path, contents }) => writeFile(join(folder, path), contents)))
  }
  const failures = await buildProgram(models, folder, compiler)
  const built = models.filter(({ name }) => !failures.has(name))
  const results = built.length > 0 ? await runProgram(built, folder) : []
  const byName = new Map(built.map(({ name }, index) => [name, results[index]]))
  return models.map(({ name }): HostResult => {
    const message = failures.get(name)
    if (message !== undefined) return { ok: false, stage: 'build', message }
    return byName.get(name) ?? { ok: false, stage: 'run', message: 'no result' }
  })
}

/** Runs tasks, `JOBS` at a time. */
async function inParallel<Item, Result>(
  items: readonly Item[],
  task: (item: Item, index: number) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = []
  let next = 0
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++)
      results[index] = await task(items[index] as Item, index)
  }
  await Promise.all(Array.from({ length: JOBS }, worker))
  return results
}

/** What a build works with. `failures` gets the compiler's message for each model that it refuses. */
interface Build {
  readonly folder: string
  readonly compiler: HostCompiler
  readonly failures: Map<string, string>
}

/** Builds the program; models that do not compile are left out of it and returned, with the compiler's message. */
async function buildProgram(
  models: readonly HostModel[],
  folder: string,
  compiler: HostCompiler,
): Promise<ReadonlyMap<string, string>> {
  const build: Build = { folder, compiler, failures: new Map() }
  // Together, a model could use what only another one includes.
  await compileApart(build, models, false)
  const sound = models.filter(({ name }) => !build.failures.has(name))
  const units = Array.from({ length: Math.ceil(sound.length / UNIT_MODELS) }, (_, unit) =>
    sound.slice(unit * UNIT_MODELS, (unit + 1) * UNIT_MODELS),
  )
  await inParallel(units, (unit, index) => buildUnit(build, unit, `unit${index}`))
  await writeFile(join(folder, 'models.cpp'), tableText(models.filter(({ name }) => !build.failures.has(name))))
  const runner = ['runner', 'inference', 'misuse'].map((name) => [name, join(RUNNER, `${name}.cpp`)])
  const support = { models: 'models.cpp', ...(Object.fromEntries(runner) as Readonly<Record<string, string>>) }
  await inParallel(Object.entries(support), async ([name, source]) => {
    const message = await compileFile(build, source, `${name}.o`)
    if (message !== undefined) throw new Error(message)
  })
  const linkFlags = compiler.flags.filter((flag) => /^-f(no-)?sanitize/.test(flag))
  const objects = [...units.map((_, index) => `unit${index}`), ...Object.keys(support)].map((name) => `${name}.o`)
  await runOrThrow(compiler.command, [...linkFlags, ...objects, '-lm', '-o', 'runner'], { cwd: folder })
  return build.failures
}

/** Compiles each model on its own, for nothing but the compiler's messages; with `optimized`, for all of them. */
async function compileApart(build: Build, models: readonly HostModel[], optimized: boolean): Promise<void> {
  await inParallel(models, async ({ name }) => {
    const message = await compileFile(build, `${name}.cpp`, optimized ? `${name}.o` : undefined)
    if (message !== undefined) build.failures.set(name, message)
  })
}

/** Compiles models in one translation unit, without those that cannot be. */
async function buildUnit(build: Build, models: readonly HostModel[], unit: string): Promise<void> {
  const attempt = async (): Promise<string | undefined> => {
    const list = models.filter(({ name }) => !build.failures.has(name))
    await writeFile(join(build.folder, `${unit}.cpp`), unitText(list))
    return compileFile(build, `${unit}.cpp`, `${unit}.o`)
  }
  if ((await attempt()) === undefined) return
  await compileApart(build, models, true)
  const message = await attempt()
  if (message !== undefined) throw new Error(`models compile apart, but not together:\n${message}`)
}

/** Compiles one file, or only looks at it without an `object`; gives the compiler's message when it refuses. */
async function compileFile(
  { folder, compiler: { command, flags } }: Build,
  source: string,
  object?: string,
): Promise<string | undefined> {
  const end = object === undefined ? ['-fsyntax-only', source] : ['-c', source, '-o', object]
  const options = ['-std=c++11', ...flags, '-I.', `-I${RUNNER}`, ...end]
  const { status, stderr } = await run(command, options, { cwd: folder, timeoutMs: 600_000 })
  return status === 0 ? undefined : stderr.slice(0, 4_000)
}

/** Defines how the runner reaches a model. */
function entryText({ name, sources: { facts } }: HostModel): string {
  const { inputMode, units } = facts
  const mode = inputMode.toUpperCase()
  if (units === undefined) return `FUZZ_MODEL_WHOLE(${name}, FUZZ_${mode})`
  return `FUZZ_MODEL_${mode}(${name}, ${name.toUpperCase()}, ${units.input})`
}

function unitText(models: readonly HostModel[]): string {
  const lines = models.flatMap((model) => [`#include "${model.name}.cpp"`, `${entryText(model)};`])
  return ['#include "runner.h"', ...lines, ''].join('\n')
}

function tableText(models: readonly HostModel[]): string {
  return [
    '#include "runner.h"',
    ...models.map(({ name }) => `extern const fuzz_model ${name}_entry;`),
    'const fuzz_model *const fuzz_models[] = {',
    ...models.map(({ name }) => `    &${name}_entry,`),
    '    nullptr};',
    `const size_t fuzz_model_count = ${models.length};`,
    '',
  ].join('\n')
}

const outputSizes = ({ sources }: HostModel): readonly number[] => sources.facts.outputs.map(({ bytes }) => bytes)

/** The vectors of one model as the runner reads them. */
function vectorBytes(model: HostModel): Uint8Array {
  const inputs = model.sources.facts.inputs.map(({ bytes }) => bytes)
  const outputs = outputSizes(model)
  const head = Uint32Array.of(model.vectors.length, inputs.length, outputs.length, ...inputs, ...outputs)
  return Buffer.concat([new Uint8Array(head.buffer), ...model.vectors.flat()])
}

/** Runs the program; where it dies, it is started again behind the model that it died of. */
async function runProgram(models: readonly HostModel[], folder: string): Promise<readonly HostResult[]> {
  await writeFile(join(folder, 'vectors.bin'), Buffer.concat(models.map(vectorBytes)))
  const results: HostResult[] = []
  while (results.length < models.length) {
    const first = results.length
    const end = await run('./runner', ['vectors.bin', 'results.bin', String(first)], { cwd: folder }).catch(
      (error: unknown) => ({ status: -1, stdout: '', stderr: String(error) }),
    )
    results.push(...readResults(models.slice(first), await readFile(join(folder, 'results.bin'))))
    if (results.length < models.length) {
      results.push({ ok: false, stage: 'run', message: `status ${end.status}\n${end.stderr.slice(0, 4_000)}` })
    }
  }
  return results
}

function readResults(models: readonly HostModel[], data: Buffer): readonly HostResult[] {
  const results: HostResult[] = []
  let at = 0
  for (const model of models) {
    if (at + 4 > data.length) break
    const status = data.readUInt32LE(at)
    at += 4
    if (status !== 0) {
      results.push({ ok: false, stage: 'run', message: STATUS[status] ?? `status ${status}` })
      continue
    }
    const outputs = model.vectors.map(() => outputSizes(model).map((bytes) => data.subarray(at, (at += bytes))))
    if (at > data.length) break
    results.push({ ok: true, outputs })
  }
  return results
}
