/** Kernels that are made for some shapes, on layers of those shapes. */
import { join } from 'node:path'
import t from 'tap'
import { compileSources } from '../../src/compile.js'
import { collect } from '../../src/diagnostics.js'
import type { Cpu, Goal } from '../../src/select/index.js'
import { GraphBuilder } from '../fuzz/graph-builder.js'
import { randomScale, randomZeroPoint } from '../fuzz/quantization.js'
import { addUp, lastImage, sameShape } from '../fuzz/random-network.js'
import { convolution, windowPositions } from '../fuzz/windowed-operators.js'
import { type Core, cores } from '../support/cores.js'
import type { FirmwareIo, FirmwareOptions } from '../support/firmware.js'
import { type LayerSources, layerByLayer } from '../support/layer-by-layer.js'
import { type ModelSpec, writeModel } from '../support/model-writer.js'
import { skipWithoutOracle } from '../support/oracle.js'
import { PLAN_OPTIONS } from '../support/programs.js'
import { runSeed, seededRandom } from '../support/random.js'
import { runSources } from '../support/sources.js'
import { projectRoot, skipWithout } from '../support/toolchain.js'
import { oracleVectors } from '../support/vectors.js'
import { type SPECIAL_LAYERS, specialLayers } from './random-layers.js'

const workDir = join(projectRoot, 'build', 'test', 'kernels-special')
const CORES = { dsp: cores['cortex-m4f'], armv6m: cores['cortex-m0plus'] } as const
type Set = keyof typeof CORES
const skip = skipWithout('arm-none-eabi-gcc', 'qemu-system-arm') || skipWithoutOracle()

/** How many times more is swept than every day. */
const SCALE = process.env['EONC_LONG'] === undefined ? 1 : 4

/** Inputs for each layer: noise twice, small ones, the ends of int8. */
const VECTORS = 4

/** A kernel, what it is chosen for, and layers of its shapes: so many firmwares, of which so many layers have it. */
interface Sweep {
  readonly set: Set
  readonly kernel: string
  readonly kind: keyof typeof SPECIAL_LAYERS
  readonly goal: Goal
  readonly models: number
  readonly layers: number
  readonly least: number
}

const WINOGRAD = { set: 'dsp', kernel: 'eonc_conv_2d_s8_dsp_winograd', kind: 'conv_2d' } as const
const COLUMNS = { set: 'dsp', kernel: 'eonc_depthwise_conv_2d_s8_dsp_columns', kind: 'depthwise_conv_2d' } as const
const SHAPE = { set: 'dsp', kernel: 'eonc_depthwise_conv_2d_s8_dsp_shape', kind: 'depthwise_rows' } as const
const ARMV6M_COLUMNS = { set: 'armv6m', kernel: 'eonc_depthwise_conv_2d_s8_armv6m_columns' } as const
const SWEEPS: readonly Sweep[] = [
  { ...WINOGRAD, goal: 'speed', models: 7, layers: 100, least: 250 },
  { ...COLUMNS, goal: 'speed', models: 4, layers: 100, least: 150 },
  { ...COLUMNS, goal: 'balanced', models: 4, layers: 100, least: 250 },
  { ...SHAPE, goal: 'speed', models: 8, layers: 50, least: 250 },
  { ...ARMV6M_COLUMNS, kind: 'depthwise_conv_2d', goal: 'speed', models: 4, layers: 100, least: 75 },
  { ...ARMV6M_COLUMNS, kind: 'depthwise_rows', goal: 'speed', models: 6, layers: 50, least: 175 },
]

/** Builds a model and runs it; gives what the firmware prints where its outputs are not the oracle's. */
async function differences(
  core: Core,
  name: string,
  model: Uint8Array,
  files: LayerSources['files'],
  io: FirmwareIo,
  options: Partial<FirmwareOptions> = {},
): Promise<readonly string[]> {
  const vectors = await oracleVectors(model, VECTORS, join(workDir, 'oracle', name))
  return runSources(core, files, { name, io, vectors, workDir, ...options })
}

for (const [sweep, { set, kernel, kind, goal, models, layers, least }] of SWEEPS.entries())
  t.test(`${kernel} gives the oracle's bytes, --optimize ${goal}`, { skip, timeout: 1_800_000 }, async (t) => {
    let made = 0
    for (let index = 0; index < SCALE * models; index += 1) {
      const name = `${set}_${kind}_${goal}_${index}`
      const model = writeModel(specialLayers(kind, layers, 7000 + 100 * sweep + index))
      const { files, io, kernels } = layerByLayer(model, name, { set, goal })
      made += kernels.filter((each) => each === kernel).length
      t.same(await differences(CORES[set], name, model, files, io), [], name)
    }
    t.ok(made >= SCALE * least, `${made} layers`)
  })

const BUILDS: readonly Partial<FirmwareOptions>[] = [
  ...['-O0', '-O1', '-O2', '-O3', '-Os'].flatMap((optimization) => [
    { optimization },
    { optimization, clang: true },
    { optimization, clang: true, extraFlags: ['-fno-omit-frame-pointer'] },
  ]),
  ...['-O0', '-Os'].map((optimization) => ({ optimization, extraFlags: ['-fno-omit-frame-pointer'] })),
  { optimization: '-O2', extraFlags: ['-flto'] },
  { optimization: '-Os', extraFlags: ['-std=c++17'] },
  { optimization: '-Os', extraFlags: ['-std=c++17'], clang: true },
]

t.test(
  'code for a shape is exact however compilers build it',
  { skip: skip || skipWithout('clang'), timeout: 900_000 },
  async (t) => {
    const name = 'depthwise_builds'
    const model = writeModel(specialLayers(SHAPE.kind, 30, 7900))
    const { files, io, kernels } = layerByLayer(model, name, { set: 'dsp', goal: 'speed' })
    const made = kernels.filter((each) => each === SHAPE.kernel).length
    t.ok(made >= 15, `${made} layers`)
    for (const build of BUILDS)
      t.same(await differences(CORES.dsp, name, model, files, io, build), [], JSON.stringify(build))
  },
)

/** Depthwise filters of 3x3 one after the other, now and then with a way around, on an image that is tall: rings of rows. */
function tallNetwork(seed: number): ModelSpec {
  const random = seededRandom(seed)
  const graph = new GraphBuilder(random)
  const shape = [1, random.between(12, 40), random.between(3, 14), random.between(4, 12)]
  graph.input({ type: 'int8', shape, scale: randomScale(random), zeroPoint: randomZeroPoint(random), magnitude: 4 })
  for (let layers = random.between(3, 7); layers > 0; layers -= 1) {
    const image = lastImage(graph)
    const [, height = 0, width = 0] = image?.shape ?? []
    if (image === undefined || height < 5 || width < 5) break
    const rows = { size: 3, stride: random.pick([1, 1, 1, 2]), dilation: 1 }
    const columns = { size: 3, stride: 1, dilation: 1 }
    const padding = random.pick(['SAME', 'SAME', 'VALID'] as const)
    const outputs = { height: windowPositions(padding, height, rows), width: windowPositions(padding, width, columns) }
    convolution(graph, 'DEPTHWISE_CONV_2D', image, { padding, rows, columns, ...outputs })
    const end = lastImage(graph)
    const around = graph.values.find((value) => end !== undefined && value !== end && sameShape(value, end))
    if (end !== undefined && around !== undefined && random.chance(0.3)) addUp(graph, around, end)
  }
  return graph.finish(graph.unused().map(({ tensor }) => tensor))
}

const CASCADED = SCALE * 20

for (const { set, kernel } of [SHAPE, ARMV6M_COLUMNS])
  t.test(`${kernel}: rows of a ring may lie anywhere`, { skip, timeout: 1_800_000 }, async (t) => {
    const core = CORES[set]
    const seed = runSeed(8)
    let made = 0
    for (let index = 0; made < CASCADED && index < 10 * CASCADED; index += 1) {
      const name = `${set}_tall_${index}`
      const model = writeModel(tallNetwork(1000 * seed + index))
      const options = { ...PLAN_OPTIONS, optimize: 'speed', cpu: core.id as Cpu, name } as const
      const compiled = collect(() => compileSources(model, options).sources)
      if ('diagnostics' in compiled) continue
      const { files, facts } = compiled.value
      if (!files.some(({ contents }) => contents.includes(`${kernel}_row<`))) continue
      made += 1
      t.same(await differences(core, name, model, files, facts), [], `seed ${seed}, network ${index}`)
    }
    t.equal(made, CASCADED)
  })
