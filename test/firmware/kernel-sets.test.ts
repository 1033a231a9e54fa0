/** Kernels of the cores' own, as compilers make them: at every level, in rows of cascades, one library beside another. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { compileSources, type ModelSources } from '../../src/compile.js'
import { collect } from '../../src/diagnostics.js'
import { randomNetwork } from '../fuzz/random-network.js'
import { type Core, cores } from '../support/cores.js'
import { buildFirmware, type FirmwareOptions, type Vector } from '../support/firmware.js'
import { goldenVectors } from '../support/golden.js'
import { writeModel } from '../support/model-writer.js'
import { ownModels } from '../support/models.js'
import { skipWithoutOracle } from '../support/oracle.js'
import type { Cpu, Goal } from '../../src/select/index.js'
import { PLAN_OPTIONS } from '../support/programs.js'
import { runSeed } from '../support/random.js'
import { runSources, writeSources } from '../support/sources.js'
import { projectRoot, runOrThrow, skipWithout } from '../support/toolchain.js'
import { oracleVectors } from '../support/vectors.js'

const workDir = join(projectRoot, 'build', 'test', 'firmware-kernel-sets')

/** The sets, each on a core that has it; to `--optimize speed` there may be kernels of their own. */
const SETS: readonly { readonly set: string; readonly core: Core; readonly goal: Goal }[] = [
  { set: 'dsp', core: cores['cortex-m4f'], goal: 'balanced' },
  { set: 'dsp', core: cores['cortex-m4f'], goal: 'speed' },
  { set: 'mve', core: cores['cortex-m55'], goal: 'balanced' },
  { set: 'armv6m', core: cores['cortex-m0plus'], goal: 'balanced' },
  { set: 'armv6m', core: cores['cortex-m0plus'], goal: 'speed' },
]
const tools = skipWithout('arm-none-eabi-gcc', 'qemu-system-arm')

/** Builds what a compilation gave, and runs it on a core; gives what went wrong. */
const run = (
  core: Core,
  { files, facts }: ModelSources,
  vectors: readonly Vector[],
  subfolder: string,
  options: Partial<FirmwareOptions> = {},
): Promise<readonly string[]> =>
  runSources(core, files, { name: facts.name, io: facts, vectors, workDir: join(workDir, subfolder), ...options })

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

for (const { set, core, goal } of SETS)
  for (const [title, builds, skip] of [
    ['gcc', BUILDS, tools],
    ['clang', CLANG_BUILDS, tools || skipWithout('clang')],
  ] as const)
    t.test(`${set} for ${goal} is exact however ${title} builds it`, { skip, timeout: 900_000 }, async (t) => {
      const model = ownModels().find(({ name }) => name === 'keyword_cnn2d_int8')
      if (model === undefined) return t.fail('the model is there')
      const options = { ...PLAN_OPTIONS, optimize: goal, name: model.name }
      const { sources } = compileSources(await readFile(model.path), options)
      const facts = sources.facts.kernelSets.find(({ name }) => name === set)
      const kernels = facts?.operators.filter(({ kernel }) => kernel.includes(`_${set}`)) ?? []
      t.ok(new Set(kernels.map(({ kind }) => kind)).size >= 3, 'convolutions, depthwise ones, dense layers')
      const vectors = (await goldenVectors(model)).slice(0, 2)
      for (const [compiler, options] of builds) {
        const folder = `${set}-${goal}-${compiler.replace(/[^a-z0-9]+/gi, '-')}`
        t.same(await run(core, sources, vectors, folder, options), [], compiler)
      }
    })

t.test('a program for armv6m holds the scaling functions of its layers alone', { skip: tools }, async (t) => {
  const core = cores['cortex-m0plus']
  for (const { name, path } of ownModels().filter(({ name }) => name.endsWith('_int8'))) {
    const { sources } = compileSources(await readFile(path), { ...PLAN_OPTIONS, cpu: 'cortex-m0plus', name })
    const source = sources.files.find((file) => file.path.endsWith('.cpp'))?.contents ?? ''
    const folder = join(workDir, 'scaling')
    const written = await writeSources(join(folder, 'sources', name), sources.files)
    const io = sources.facts
    const { elf } = await buildFirmware({ core, sources: written, name, io, vectors: [], workDir: folder })
    const { stdout } = await runOrThrow('arm-none-eabi-nm', [elf])
    const scalings = (text: string) => [...new Set(text.match(/armv6m_scale_(\d_\w+|any)/g))].sort()
    t.same(scalings(stdout), scalings(source), name)
  }
})

for (const { set, core, goal } of SETS) {
  const options = { skip: tools || skipWithoutOracle(), timeout: 900_000 }
  t.test(`random networks are exact in cascades of ${set} for ${goal}`, options, async (t) => {
    const seed = runSeed(6)
    let cascaded = 0
    for (let index = 0; cascaded < 16 && index < 200; index += 1) {
      const network = randomNetwork(seed, index)
      const file = writeModel(network.model)
      const { name } = network
      const cpu = core.id as Cpu
      const compiled = collect(() => compileSources(file, { ...PLAN_OPTIONS, optimize: goal, cpu, name }))
      if ('diagnostics' in compiled) continue
      const { sources } = compiled.value
      const source = sources.files.find(({ path }) => path.endsWith('.cpp'))?.contents ?? ''
      if (!new RegExp(`_${set}(_\\w+)?_row[(<]`).test(source)) continue
      cascaded += 1
      const vectors = await oracleVectors(file, 3, join(workDir, 'oracle', name))
      t.same(await run(core, sources, vectors, `networks-${set}-${goal}`), [], `seed ${seed}, network ${index}`)
    }
    t.equal(cascaded, 16)
  })
}
