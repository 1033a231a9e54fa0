import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Vector } from './firmware.js'
import type { ModelFile } from './models.js'
import { projectRoot } from './toolchain.js'
import { oracleVectors, vectorKinds } from './vectors.js'

/** Folder of the golden files, one for each of the project's own models. */
export const goldenFolder = join(projectRoot, 'test', 'golden')

/** The golden file of a model. */
export function goldenPath({ name }: ModelFile): string {
  return join(goldenFolder, `${name}.json`)
}

const tensors = z.array(z.base64())
const goldenFile = z.strictObject({
  /** SHA-256 of the model file that the vectors belong to. */
  model: z.string().length(64),
  /** Run in this order on one interpreter. Each tensor is its little-endian bytes. */
  vectors: z.array(z.strictObject({ inputs: tensors, outputs: tensors })).min(1),
})

/**
 * The committed vectors of one of the project's own models, made by the oracle. With `UPDATE_GOLDEN=1` they are made
 * anew first, which needs the oracle.
 * @throws Error when there are none, or when they belong to another version of the model
 */
export async function goldenVectors(model: ModelFile): Promise<readonly Vector[]> {
  if (process.env['UPDATE_GOLDEN'] === '1') await writeGolden(model)
  return readGolden(model)
}

/** The same, as they are. */
export async function readGolden(model: ModelFile): Promise<readonly Vector[]> {
  const path = goldenPath(model)
  if (!existsSync(path)) throw new Error(`no golden vectors of ${model.name}: run npm run golden`)
  const golden = goldenFile.parse(JSON.parse(await readFile(path, 'utf8')))
  if (golden.model !== hashOf(await readFile(model.path)))
    throw new Error(`the golden vectors of ${model.name} belong to another version of it: run npm run golden`)
  return golden.vectors.map(({ inputs, outputs }) => ({ inputs: inputs.map(decode), outputs: outputs.map(decode) }))
}

/** What the oracle gives for the inputs of the golden vectors now. */
export async function currentVectors(model: ModelFile): Promise<readonly Vector[]> {
  const workDir = join(projectRoot, 'build', 'test', 'golden', `${model.name}-${process.pid}`)
  return oracleVectors(await readFile(model.path), vectorKinds, workDir)
}

async function writeGolden(model: ModelFile): Promise<void> {
  const vectors = (await currentVectors(model)).map(({ inputs, outputs }) => ({
    inputs: inputs.map(encode),
    outputs: outputs.map(encode),
  }))
  const golden: z.infer<typeof goldenFile> = { model: hashOf(await readFile(model.path)), vectors }
  await mkdir(goldenFolder, { recursive: true })
  // In one step, so that a test that runs beside this one never reads half of it.
  const draft = `${goldenPath(model)}.${process.pid}`
  await writeFile(draft, `${JSON.stringify(golden, null, 2)}\n`)
  await rename(draft, goldenPath(model))
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function encode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}

function decode(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'))
}
