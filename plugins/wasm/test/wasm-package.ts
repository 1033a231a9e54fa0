import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { eonc } from '../../../test/cli/command.js'
import { projectRoot, runOrThrow } from '../../../test/support/toolchain.js'

/** The programs that the target runs. */
export const TOOLS = ['clang', 'wasm-ld'] as const

export type Elements = Int8Array | Uint8Array | Int16Array | Int32Array | Float32Array

export interface Output {
  readonly name: string
  readonly shape: readonly number[]
  readonly data: Elements
  readonly values: Float32Array
}

export interface Result {
  readonly outputs: readonly Output[]
  readonly data: Elements
  readonly values: Float32Array
  top(count?: number): readonly { readonly index: number; readonly label: string; readonly value: number }[]
}

/** A loaded model, as JavaScript has it: anything can be passed. */
export interface Model {
  readonly name: string
  readonly simd: boolean
  readonly labels: readonly string[]
  readonly inputs: readonly object[]
  readonly outputs: readonly object[]
  readonly info: object
  run(input?: unknown): Result
  push(data: unknown): Result | undefined
  reset(): void
  setInput(index: unknown, data: unknown): void
}

/** What a package exports. */
export interface Package {
  hasSimd(): boolean
  load(options?: object): Promise<Model>
}

/** Compiles a model file to a package in `<folder>/<name>` by the command; gives that folder. */
export async function emitPackage(
  model: string | Uint8Array,
  name: string,
  folder: string,
  options: readonly string[] = [],
): Promise<string> {
  const path = typeof model === 'string' ? model : join(folder, `${name}.tflite`)
  await mkdir(folder, { recursive: true })
  if (typeof model !== 'string') await writeFile(path, model)
  const out = join(folder, name)
  const arguments_ = ['compile', path, '--target', 'wasm', '--out', out, '--name', name, ...options]
  const { status, stderr } = await eonc(arguments_)
  if (status !== 0) throw new Error(stderr)
  return out
}

/** The package in a folder, for Node.js. */
export async function importPackage(folder: string): Promise<Package> {
  return (await import(pathToFileURL(join(folder, 'index.node.js')).href)) as Package
}

/** The bytes of elements. */
export const bytesOf = ({ buffer, byteOffset, byteLength }: Elements): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength)

/** The elements of bytes. */
export function elementsOf(bytes: Uint8Array, type: string): Elements {
  const buffer = Uint8Array.from(bytes).buffer
  switch (type) {
    case 'float32':
      return new Float32Array(buffer)
    case 'int8':
      return new Int8Array(buffer)
    case 'int16':
      return new Int16Array(buffer)
    case 'int32':
      return new Int32Array(buffer)
    default:
      return new Uint8Array(buffer)
  }
}

/** Packs packages as their publisher would, and installs the tarballs in a project in `folder`. No network is asked. */
export async function installPackages(packages: readonly string[], folder: string): Promise<void> {
  const env = { npm_config_cache: join(projectRoot, 'build/test/npm-cache'), NODE_OPTIONS: undefined }
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), '{ "name": "consumer", "private": true, "type": "module" }\n')
  const pack = ['pack', '--silent', '--pack-destination', folder]
  const packed = await Promise.all(packages.map((cwd) => runOrThrow('npm', pack, { cwd, env })))
  const tarballs = packed.map(({ stdout }) => join(folder, stdout.trim()))
  const install = ['install', '--offline', '--no-audit', '--no-fund', '--silent']
  await runOrThrow('npm', [...install, ...tarballs], { cwd: folder, env })
}
