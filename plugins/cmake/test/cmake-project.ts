import { join } from 'node:path'
import { eonc } from '../../../test/cli/command.js'
import type { ModelFile } from '../../../test/support/models.js'
import { projectRoot, runOrThrow, type RunResult } from '../../../test/support/toolchain.js'
import { writeVectorsHeader } from '../../../test/support/vectors-header.js'

/** The projects that use compiled models, each as a user would write it. */
export const consumers = join(projectRoot, 'plugins/cmake/test/consumer')

export { ownModel } from '../../../test/support/vectors-header.js'

/** Compiles a model file to `<folder>/<name>` by the command. */
export async function emitModel(
  path: string,
  name: string,
  folder: string,
  options: readonly string[] = [],
): Promise<void> {
  const args = ['compile', path, '--target', 'cmake', '--out', join(folder, name), '--name', name, ...options]
  const { status, stderr } = await eonc(args)
  if (status !== 0) throw new Error(stderr)
}

/** Compiles a model of ours, and writes `<folder>/<name>_vectors.h` with its golden vectors. */
export async function emitWithVectors(
  model: ModelFile,
  name: string,
  folder: string,
  options: readonly string[] = [],
): Promise<void> {
  await emitModel(model.path, name, folder, options)
  await writeVectorsHeader(model, name, folder)
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
