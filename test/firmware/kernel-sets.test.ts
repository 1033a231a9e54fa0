/** Kernels of the cores' own, as compilers make them: at every level, in rows of cascades, one library beside another. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { compileSources } from '../../src/compile.js'
import { collect } from '../../src/diagnostics.js'
import { randomNetwork } from '../fuzz/random-network.js'
import { cores } from '../support/cores.js'
import { buildFirmware, type FirmwareOptions, runFirmware, type Vector } from '../support/firmware.js'
import { goldenVectors } from '../support/golden.js'
import { writeModel } from '../support/model-writer.js'
import { ownModels } from '../support/models.js'
import { skipWithoutOracle } from '../support/oracle.js'
import { PLAN_OPTIONS } from '../support/programs.js'
import { runSeed } from '../support/random.js'
import { projectRoot, skipWithout } from '../support/toolchain.js'
import { oracleVectors } from '../support/vectors.js'

const workDir = join(projectRoot, 'build', 'test', 'firmware-kernel-sets')
const core = cores['cortex-m4f']
const tools = skipWithout('arm-none-eabi-gcc', 'qemu-system-arm')

/** Builds what a compilation gave, and runs it; gives what went wrong. */
async function run(
  name: string,
  { files, facts }: ReturnType<typeof compileSources>['sources'],
  vectors: readonly Vector[],
  build: string,
  options: Partial<FirmwareOptions> = {},
): Promise<readonly string[]> {
  const folder = join(workDir, build)
  const sources = join(folder, 'sources', name)
  await rm(sources, { recursive: true, force: true })
  await mkdir(sources, { recursive: true })
  for (const { path, contents } of files) await writeFile(join(sources, path), contents)
  const { elf } = await buildFirmware({ core, sources, name, io: facts, vectors, workDir: folder, ...options })
  const { ok, lines } = await runFirmware(elf, core, { count: false, timeoutMs: 120_000 })
  return ok ? [] : lines
}

const BUILDS: readonly (readonly [string, Partial<FirmwareOptions>])[] = [
  ...['-O0', '-O1', '-O2', '-O3', '-Os'].map((optimization) => [`gcc ${optimization}`, { optimization }] as const),
  ['gcc -O2 -flto', { optimization: '-O2', extraFlags: ['-flto'] }],
  ['gcc -Os -flto', { optimization: '-Os', extraFlags: ['-flto'] }],
  ['gcc, frame pointer', { extraFlags: ['-fno-omit-frame-pointer'] }],
  ['gcc, C++17', { extraFlags: ['-std=c++17'] }],
  ['gcc, portable kernels', { extraFlags: ['-DEONC_PORTABLE_KERNELS'] }],
]
const CLANG_BUILDS: typeof BUILDS = [
  ...['-O0', '-O1', '-O2', '-O3', '-Os'].map(
    (optimization) => [`clang ${optimization}`, { optimization, clang: true }] as const,
  ),
  ['clang, frame pointer', { clang: true, extraFlags: ['-fno-omit-frame-pointer'] }],
]

for (const [title, builds, skip] of [
  ['gcc', BUILDS, tools],
  ['clang', CLANG_BUILDS, tools || skipWithout('clang')],
] as const)
  t.test(`kernels are exact however ${title} builds them`, { skip, timeout: 600_000 }, async (t) => {
    const model = ownModels().find(({ name }) => name === 'keyword_cnn2d_int8')
    if (model === undefined) return t.fail('the model is there')
    const { sources } = compileSources(await readFile(model.path), { ...PLAN_OPTIONS, name: model.name })
    const kernels = sources.facts.kernelSets[0]?.operators.filter(({ kernel }) => kernel.endsWith('_dsp')) ?? []
    t.ok(new Set(kernels.map(({ kind }) => kind)).size >= 3, 'convolutions, depthwise ones, dense layers')
    const vectors = (await goldenVectors(model)).slice(0, 2)
    for (const [build, options] of builds) {
      const folder = build.replace(/[^a-z0-9]+/gi, '-')
      t.same(await run(model.name, sources, vectors, folder, options), [], build)
    }
  })

t.test('random networks are exact in cascades', { skip: tools || skipWithoutOracle(), timeout: 600_000 }, async (t) => {
  const seed = runSeed(6)
  let cascaded = 0
  for (let index = 0; cascaded < 16 && index < 200; index += 1) {
    const network = randomNetwork(seed, index)
    const file = writeModel(network.model)
    const options = { ...PLAN_OPTIONS, cpu: 'cortex-m4f', name: network.name } as const
    const compiled = collect(() => compileSources(file, options))
    if ('diagnostics' in compiled) continue
    const { sources } = compiled.value
    const source = sources.files.find(({ path }) => path.endsWith('.cpp'))?.contents ?? ''
    if (!source.includes('_dsp_row(')) continue
    cascaded += 1
    const vectors = await oracleVectors(file, 3, join(workDir, 'oracle', network.name))
    t.same(await run(network.name, sources, vectors, 'networks'), [], `seed ${seed}, network ${index}`)
  }
  t.equal(cascaded, 16)
})
