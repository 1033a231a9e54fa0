import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { sharedModels } from './shared.js'
import { projectRoot } from './toolchain.js'

/** A model file to test or measure with. */
export interface ModelFile {
  /** File name without `.tflite`; also the prefix of the compiled model's symbols. */
  readonly name: string
  readonly path: string
  /** One of the project's own, whose golden vectors are committed. */
  readonly own: boolean
}

const ownFolder = join(projectRoot, 'models')

/** The project's own models, sorted by name. */
export function ownModels(): readonly ModelFile[] {
  return readdirSync(ownFolder)
    .filter((name) => name.endsWith('.tflite'))
    .sort()
    .map((name) => modelFile(join(ownFolder, name), true))
}

/** The project's own models, then those of others where they are there. Throws in CI where they are not. */
export function allModels(): readonly ModelFile[] {
  return [...ownModels(), ...sharedModels().map((path) => modelFile(path, false))]
}

function modelFile(path: string, own: boolean): ModelFile {
  return { name: basename(path, '.tflite'), path, own }
}
