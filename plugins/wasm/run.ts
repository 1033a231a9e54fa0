import { type RunOutputs, type RunRequest, TargetError } from 'eonc/plugin'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

type Elements = Int8Array | Uint8Array | Int16Array | Int32Array | Float32Array

interface Model {
  readonly name: string
  run(inputs: unknown): { readonly outputs: readonly { readonly data: Elements }[] }
}

interface Package {
  hasSimd(): boolean
  load(options: { readonly simd: boolean }): Promise<Model | Readonly<Record<string, Model>>>
}

const ARRAYS = {
  bool: Uint8Array,
  float32: Float32Array,
  int16: Int16Array,
  int32: Int32Array,
  int8: Int8Array,
  uint8: Uint8Array,
} as const

const isModel = (loaded: Model | Readonly<Record<string, Model>>): loaded is Model =>
  typeof loaded['run'] === 'function'

/** The bytes of a tensor as its elements. */
function elements(bytes: Uint8Array, type: string): Elements {
  const { buffer } = bytes.slice()
  return new ARRAYS[type as keyof typeof ARRAYS](buffer)
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Elements): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength)

function runVectors(model: Model, { model: facts, vectors }: RunRequest): RunOutputs {
  return vectors.map((vector) => {
    const inputs = vector.map((bytes, index) => elements(bytes, facts.inputs[index]?.type ?? ''))
    const { outputs } = model.run(inputs.length === 1 ? inputs[0] : inputs)
    return outputs.map(({ data }) => bytesOf(data))
  })
}

async function runModule(
  { load }: Package,
  simd: boolean,
  requests: readonly RunRequest[],
): Promise<readonly RunOutputs[]> {
  const loaded = await load({ simd })
  return requests.map((request) => {
    const model = isModel(loaded) ? loaded : loaded[request.model.name]
    if (model === undefined) {
      throw new TargetError(`the package has no model ${request.model.name}`, 'Compile the models anew.')
    }
    return runVectors(model, request)
  })
}

const flat = (outputs: readonly RunOutputs[]): Uint8Array => Buffer.concat(outputs.flat(2))

/**
 * Runs the vectors on the package in this Node.js, on both of its modules. Throws a TargetError when they differ in
 * a byte.
 */
export async function runPackage(folder: string, requests: readonly RunRequest[]): Promise<readonly RunOutputs[]> {
  const loaded = (await import(pathToFileURL(join(folder, 'index.node.js')).href)) as Package
  const plain = await runModule(loaded, false, requests)
  if (!loaded.hasSimd()) return plain
  const simd = await runModule(loaded, true, requests)
  if (Buffer.compare(flat(plain), flat(simd)) !== 0) {
    throw new TargetError('the plain and the SIMD module give different outputs', 'Please report this with the model.')
  }
  return simd
}
