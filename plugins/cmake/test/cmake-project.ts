import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { eonc } from '../../../test/cli/command.js'
import type { Vector } from '../../../test/support/firmware.js'
import { goldenVectors } from '../../../test/support/golden.js'
import type { ModelFile } from '../../../test/support/models.js'
import { projectRoot, runOrThrow, type RunResult } from '../../../test/support/toolchain.js'

/** The projects that use compiled models, each as a user would write it. */
export const consumers = join(projectRoot, 'plugins/cmake/test/consumer')

/** One of the project's own models. */
export function ownModel(name: string): ModelFile {
  return { name, path: join(projectRoot, 'models', `${name}.tflite`), own: true }
}

/** Compiles a model file to `<folder>/<name>` by the command. */
export async function emitModel(path: string, name: string, folder: string): Promise<void> {
  const { status, stderr } = await eonc([
    'compile',
    path,
    '--target',
    'cmake',
    '--out',
    join(folder, name),
    '--name',
    name,
  ])
  if (status !== 0) throw new Error(stderr)
}

/** Compiles a model of ours, and writes `<folder>/<name>_vectors.h` with its golden vectors. */
export async function emitWithVectors(model: ModelFile, name: string, folder: string): Promise<void> {
  await emitModel(model.path, name, folder)
  await writeFile(join(folder, `${name}_vectors.h`), vectorsHeader(name, await goldenVectors(model)))
}

/** The vectors of a model with one int8 input and output as C. */
export function vectorsHeader(name: string, vectors: readonly Vector[]): string {
  const rows = (tensors: readonly (Uint8Array | undefined)[]): string =>
    tensors.map((bytes) => `  {${new Int8Array(bytes ?? []).join(', ')}},\n`).join('')
  const upper = name.toUpperCase()
  return [
    `#define ${upper}_VECTORS ${vectors.length}`,
    `static const int8_t ${name}_inputs[${vectors.length}][${upper}_INPUT_0_ELEMENTS] = {`,
    `${rows(vectors.map(({ inputs }) => inputs[0]))}};`,
    `static const int8_t ${name}_outputs[${vectors.length}][${upper}_OUTPUT_0_ELEMENTS] = {`,
    `${rows(vectors.map(({ outputs }) => outputs[0]))}};`,
    '',
  ].join('\n')
}

export interface Configuration {
  /** Folder with the project's `CMakeLists.txt`. */
  readonly source: string
  /** Folder to build in. */
  readonly build: string
  readonly generator?: 'Ninja' | 'Unix Makefiles'
  /** Cache variables; those that are undefined are not set. */
  readonly variables?: Readonly<Record<string, string | undefined>>
}

/** Configures a project; what CMake prints has no warning. */
export async function configure({ source, build, generator = 'Ninja', variables = {} }: Configuration): Promise<void> {
  const settings = Object.entries(variables).flatMap(([name, value]) =>
    value === undefined ? [] : [`-D${name}=${value}`],
  )
  const { stderr } = await runOrThrow('cmake', [
    '-S',
    source,
    '-B',
    build,
    '-G',
    generator,
    '--no-warn-unused-cli',
    ...settings,
  ])
  if (stderr !== '') throw new Error(`cmake warns:\n${stderr}`)
}

/** Configures and builds a project, and runs its tests. Throws when anything fails, or when there is no test. */
export async function buildAndTest(configuration: Configuration): Promise<RunResult> {
  const { build } = configuration
  await configure(configuration)
  await runOrThrow('cmake', ['--build', build])
  return runOrThrow('ctest', ['--test-dir', build, '--verbose', '--no-tests=error'])
}
