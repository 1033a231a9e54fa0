/** Kernels of the set `dsp` that are made for some shapes, on layers of those shapes. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { Goal } from '../../src/select/index.js'
import { cores } from '../support/cores.js'
import { buildFirmware, runFirmware } from '../support/firmware.js'
import { emptyFolder } from '../support/folders.js'
import { layerByLayer } from '../support/layer-by-layer.js'
import { writeModel } from '../support/model-writer.js'
import { skipWithoutOracle } from '../support/oracle.js'
import { projectRoot, skipWithout } from '../support/toolchain.js'
import { oracleVectors } from '../support/vectors.js'
import { type SPECIAL_LAYERS, specialLayers } from './random-layers.js'

const workDir = join(projectRoot, 'build', 'test', 'kernels-dsp-special')
const core = cores['cortex-m4f']
const skip = skipWithout('arm-none-eabi-gcc', 'qemu-system-arm') || skipWithoutOracle()

/** Inputs for each layer: noise twice, small ones, the ends of int8. */
const VECTORS = 4

/** A kernel, what it is chosen for, and layers of its shapes: so many firmwares, of which so many layers have it. */
interface Sweep {
  readonly kernel: string
  readonly kind: keyof typeof SPECIAL_LAYERS
  readonly goal: Goal
  readonly models: number
  readonly layers: number
  readonly least: number
}

const COLUMNS = { kernel: 'eonc_depthwise_conv_2d_s8_dsp_columns', kind: 'depthwise_conv_2d' } as const
const SWEEPS: readonly Sweep[] = [
  { kernel: 'eonc_conv_2d_s8_dsp_winograd', kind: 'conv_2d', goal: 'speed', models: 14, layers: 100, least: 500 },
  { ...COLUMNS, goal: 'speed', models: 8, layers: 100, least: 500 },
  { ...COLUMNS, goal: 'balanced', models: 8, layers: 100, least: 500 },
]

for (const [sweep, { kernel, kind, goal, models, layers, least }] of SWEEPS.entries())
  t.test(`${kernel} gives the oracle's bytes, --optimize ${goal}`, { skip, timeout: 1_800_000 }, async (t) => {
    let made = 0
    for (let index = 0; index < models; index += 1) {
      const name = `${kind}_${goal}_${index}`
      const model = writeModel(specialLayers(kind, layers, 7000 + 100 * sweep + index))
      const { files, io, kernels } = layerByLayer(model, name, { set: 'dsp', goal })
      made += kernels.filter((each) => each === kernel).length
      const sources = await emptyFolder(join('kernels-dsp-special', 'sources', name))
      for (const { path, contents } of files) await writeFile(join(sources, path), contents)
      const vectors = await oracleVectors(model, VECTORS, join(workDir, 'oracle', name))
      const { elf } = await buildFirmware({ core, sources, name, io, vectors, workDir })
      const { ok, lines } = await runFirmware(elf, core, { count: false, timeoutMs: 120_000 })
      t.ok(ok, name, { lines })
    }
    t.ok(made >= least, `${made} layers`)
  })
