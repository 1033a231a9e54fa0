import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Vector } from './firmware.js'
import { goldenVectors } from './golden.js'
import type { ModelFile } from './models.js'
import { projectRoot } from './toolchain.js'

/** One of the project's own models. */
export function ownModel(name: string): ModelFile {
  return { name, path: join(projectRoot, 'models', `${name}.tflite`), own: true }
}

/** The vectors of a model with one int8 input and output as C. Where VECTOR_ROM is defined, it places the arrays. */
export function vectorsHeader(name: string, vectors: readonly Vector[]): string {
  const rows = (tensors: readonly (Uint8Array | undefined)[]): string =>
    tensors.map((bytes) => `  {${new Int8Array(bytes ?? []).join(', ')}},\n`).join('')
  const upper = name.toUpperCase()
  const array = (what: 'input' | 'output', tensors: readonly (Uint8Array | undefined)[]): string =>
    [
      `static const int8_t ${name}_${what}s[${vectors.length}][${upper}_${what.toUpperCase()}_0_ELEMENTS] VECTOR_ROM = {`,
      `${rows(tensors)}};`,
    ].join('\n')
  return [
    '#ifndef VECTOR_ROM',
    '#define VECTOR_ROM',
    '#endif',
    `#define ${upper}_VECTORS ${vectors.length}`,
    array(
      'input',
      vectors.map(({ inputs }) => inputs[0]),
    ),
    array(
      'output',
      vectors.map(({ outputs }) => outputs[0]),
    ),
    '',
  ].join('\n')
}

/** Writes `<folder>/<name>_vectors.h` with the golden vectors of a model of ours. */
export async function writeVectorsHeader(model: ModelFile, name: string, folder: string): Promise<void> {
  await writeFile(join(folder, `${name}_vectors.h`), vectorsHeader(name, await goldenVectors(model)))
}
