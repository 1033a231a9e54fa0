import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { OutputFile, SourceSet } from './plugin.js'

/** The manifest of an output, within its folder. */
export const MANIFEST = 'eonc.json'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const count = z.int().min(0)

const tensor = z.strictObject({
  name: z.string(),
  type: z.string().describe('element type, such as int8 or float32'),
  shape: z.array(count),
  elements: count,
  bytes: count,
  quantization: z
    .strictObject({ scales: z.array(z.number()), zeroPoints: z.array(z.number()), dimension: z.int() })
    .optional()
    .describe('real = scale * (element - zero point), for all of the tensor or along a dimension'),
})

const layers = z.array(z.strictObject({ call: z.string(), operator: z.int(), kind: z.string(), kernel: z.string() }))

const model = z.strictObject({
  name: z.string().describe('prefix of all symbols'),
  sha256: sha256.describe('of the model file'),
  description: z.string().describe('as the model file has it'),
  options: z.record(z.string(), z.unknown()).describe('options of the compiler, defaults filled in'),
  inputMode: z.enum(['resident', 'preserve', 'stream', 'callback']),
  units: z
    .strictObject({ input: count, count, elements: count })
    .optional()
    .describe('the input that comes piece by piece: its index, pieces of an inference, elements of a piece'),
  contextBytes: count.describe('size of the context: all RAM of the network but the stack and a shared arena'),
  constantBytes: count.describe('weights and tables in ROM; code and parameters come on top'),
  macs: count.describe('multiply-accumulates of an inference'),
  needsMath: z.boolean().describe('the math library has to be linked'),
  inputs: z.array(tensor),
  outputs: z.array(tensor),
  labels: z.array(z.string()).describe('of the elements along the last axis of output 0; empty where nobody said'),
  layers: layers.describe(
    'kernel calls of the last kernel set in order: name of the parameters, index and kind of the operator in the file, function',
  ),
  kernelSets: z
    .array(z.strictObject({ name: z.string(), contextBytes: count, constantBytes: count, layers }))
    .min(1)
    .describe(
      'the kernel sets that the preprocessor chooses among, the best one first; the last one is for all others',
    ),
})

/** What `eonc.json` holds. Its JSON schema is `schemas/eonc.schema.json`. */
export const manifestSchema = z.strictObject({
  format: z.literal(1).describe('version of this format'),
  compiler: z.string().describe('version of eonc'),
  name: z.string().describe('name of the library'),
  target: z.strictObject({ name: z.string(), options: z.record(z.string(), z.unknown()) }),
  sharedArena: z
    .strictObject({ type: z.string(), bytes: count })
    .optional()
    .describe('the C type of the memory that the networks share, and its size'),
  models: z.array(model).min(1),
  files: z
    .array(
      z.strictObject({
        path: z.string(),
        sha256,
        role: z
          .enum(['public-header', 'private-header', 'source'])
          .optional()
          .describe('what the file is to a build of the networks; left out for all others'),
      }),
    )
    .describe('all files of the output but this one, sorted by path'),
})
export type Manifest = z.infer<typeof manifestSchema>

/** SHA-256 in hexadecimal. */
export function hashOf(contents: string | Uint8Array): string {
  return createHash('sha256').update(contents).digest('hex')
}

const byPath = (a: { readonly path: string }, b: { readonly path: string }): number => (a.path < b.path ? -1 : 1)

/**
 * The manifest of an output as a file. It holds no time and no path of the machine: the same models and options give the
 * same bytes. `options` are those of each model.
 */
export function manifestFile(
  { name, compiler, models, sharedArena }: SourceSet,
  files: readonly OutputFile[],
  target: Manifest['target'],
  options: readonly object[],
): OutputFile {
  const manifest: z.input<typeof manifestSchema> = {
    format: 1,
    compiler,
    name,
    target,
    ...(sharedArena && { sharedArena: { ...sharedArena } }),
    models: models.map((facts, index) => ({
      name: facts.name,
      sha256: facts.modelHash,
      description: facts.description,
      options: { ...options[index] },
      inputMode: facts.inputMode,
      ...(facts.units && { units: facts.units }),
      contextBytes: facts.contextBytes,
      constantBytes: facts.constantBytes,
      macs: facts.macs,
      needsMath: facts.needsMath,
      inputs: facts.inputs.map(tensorOf),
      outputs: facts.outputs.map(tensorOf),
      labels: [...facts.labels],
      layers: layersOf(facts.operators),
      kernelSets: facts.kernelSets.map(({ operators, ...set }) => ({ ...set, layers: layersOf(operators) })),
    })),
    files: files
      .map(({ path, contents, role }) => ({ path, sha256: hashOf(contents), ...(role && { role }) }))
      .sort(byPath),
  }
  return { path: MANIFEST, contents: `${JSON.stringify(manifestSchema.parse(manifest), null, 2)}\n` }
}

const layersOf = (operators: SourceSet['models'][number]['operators']) =>
  operators.map(({ name, index, kind, kernel }) => ({ call: name, operator: index, kind, kernel }))

function tensorOf({ quantization, shape, ...tensor }: SourceSet['models'][number]['inputs'][number]) {
  const { scales, zeroPoints, dimension } = quantization ?? { scales: [], zeroPoints: [], dimension: 0 }
  return {
    ...tensor,
    shape: [...shape],
    ...(scales.length > 0 &&
      scales.every(Number.isFinite) && {
        quantization: { scales: [...scales], zeroPoints: [...zeroPoints], dimension },
      }),
  }
}

/** What the text of a manifest says; undefined when it is none of this format. */
export function parseManifest(text: string): Manifest | undefined {
  try {
    return manifestSchema.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}
