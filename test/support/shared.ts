import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from './toolchain.js'

const FOLDER = join(projectRoot, '..', 'shared', 'models')

/**
 * Paths of the models of others that stand beside the repository, sorted; none when they are not there, as in a
 * stranger's clone. In CI (environment variable `CI`) their absence is an error, so that nothing goes untested there.
 */
export function sharedModels(): readonly string[] {
  const names = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith('.tflite')) : []
  if (names.length === 0 && process.env['CI']) throw new Error(`no models in ${FOLDER}: CI tests with them`)
  return names.sort().map((name) => join(FOLDER, name))
}
