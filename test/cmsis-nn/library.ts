import { existsSync } from 'node:fs'
import { copyFile, mkdir, readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Core } from '../support/cores.js'
import { cppFlags } from '../support/firmware.js'
import { projectRoot, runOrThrow } from '../support/toolchain.js'

/** Our double of CMSIS-NN's public functions. */
export const doubleFolder = join(projectRoot, 'test', 'cmsis-nn', 'double')

/** What a firmware is built with to call CMSIS-NN: flags of all its files, and archives. */
export interface CmsisNn {
  readonly title: string
  readonly definitions: readonly string[]
  readonly libraries: readonly string[]
}

/** Where CMSIS-NN itself lies, when the environment variable `CMSIS_NN_DIR` says so. */
export const libraryFolder = process.env['CMSIS_NN_DIR'] ?? ''

/** Folders of the functions that eonc calls, and of what those call. */
const FOLDERS = [
  ...['ConvolutionFunctions', 'FullyConnectedFunctions', 'PoolingFunctions', 'SoftmaxFunctions'],
  ...['BasicMathFunctions', 'NNSupportFunctions', 'TransposeFunctions'],
]

/** Files for floats are none of ours. */
const isOurs = (name: string): boolean => name.endsWith('.c') && !/_(f16|f32|flt)\b/.test(name)

/** CMSIS-NN compiled for a core, as it is built for release: at -O2. An archive that is there is taken as it is. */
export async function buildLibrary(core: Core): Promise<CmsisNn> {
  const include = join(libraryFolder, 'Include')
  if (!existsSync(join(include, 'arm_nnfunctions.h')))
    throw new Error(`CMSIS_NN_DIR is ${libraryFolder}: there is no Include/arm_nnfunctions.h`)
  const folder = join(projectRoot, 'build', 'test', 'cmsis-nn', 'library', core.id)
  const archive = join(folder, 'libcmsis-nn.a')
  const flags = cppFlags(core, '-O2').filter((flag) => !/^-std=c\+\+|^-fno-(exceptions|rtti)$/.test(flag))
  await mkdir(folder, { recursive: true })
  const changed = existsSync(archive) ? (await stat(archive)).mtimeMs : 0
  const objects: string[] = []
  for (const part of FOLDERS) {
    const sources = join(libraryFolder, 'Source', part)
    for (const name of (await readdir(sources)).filter(isOurs)) {
      const object = join(folder, `${basename(name, '.c')}.o`)
      const source = join(sources, name)
      if ((await stat(source)).mtimeMs > changed || !existsSync(object))
        await runOrThrow(`${core.tools}-gcc`, [...flags, '-w', `-I${include}`, '-c', source, '-o', object])
      objects.push(object)
    }
  }
  await runOrThrow(`${core.tools}-gcc-ar`, ['rcs', archive, ...objects])
  return { title: 'CMSIS-NN itself', definitions: ['-DEONC_CMSIS_NN', '-isystem', include], libraries: [archive] }
}

/** The double, its sources put beside those of a model. */
export async function addDouble(sources: string): Promise<CmsisNn> {
  const names = (await readdir(doubleFolder)).filter((name) => /\.[ch]$/.test(name))
  for (const name of names) await copyFile(join(doubleFolder, name), join(sources, name))
  return { title: 'the double', definitions: ['-DEONC_CMSIS_NN'], libraries: [] }
}
