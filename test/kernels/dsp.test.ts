import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { cores } from '../support/cores.js'
import { buildFirmware, runFirmware } from '../support/firmware.js'
import { layerByLayer } from '../support/layer-by-layer.js'
import { writeModel } from '../support/model-writer.js'
import { skipWithoutOracle } from '../support/oracle.js'
import { projectRoot, skipWithout } from '../support/toolchain.js'
import { oracleVectors } from '../support/vectors.js'
import { type LayerKind, LAYERS, randomLayers } from './random-layers.js'

const workDir = join(projectRoot, 'build', 'test', 'kernels-dsp')
const core = cores['cortex-m4f']
const skip = skipWithout('arm-none-eabi-gcc', 'qemu-system-arm') || skipWithoutOracle()

/** Layers in one firmware, firmwares of each kind, and inputs for each: noise twice, small ones, the ends of int8. */
const LAYERS_OF_A_MODEL = 100
const MODELS_OF_A_KIND: Readonly<Record<LayerKind, number>> = {
  ...{ conv_2d: 10, depthwise_conv_2d: 7, fully_connected: 5 },
  ...{ average_pool_2d: 2, max_pool_2d: 1, add: 2, sub: 1, mul: 1 },
}
const VECTORS = 4

let swept = 0
for (const kind of Object.keys(LAYERS) as LayerKind[])
  t.test(`${kind} gives the oracle's bytes`, { skip, timeout: 600_000 }, async (t) => {
    let fast = 0
    for (let index = 0; index < MODELS_OF_A_KIND[kind]; index += 1) {
      const name = `${kind}_${index}`
      const model = writeModel(randomLayers(kind, LAYERS_OF_A_MODEL, 1000 * kind.length + index))
      const { files, io, kernels } = layerByLayer(model, name, { set: 'dsp', goal: 'balanced' })
      fast += kernels.filter((kernel) => kernel.endsWith('_dsp')).length
      const sources = join(workDir, 'sources', name)
      await rm(sources, { recursive: true, force: true })
      await mkdir(sources, { recursive: true })
      for (const { path, contents } of files) await writeFile(join(sources, path), contents)
      const vectors = await oracleVectors(model, VECTORS, join(workDir, 'oracle', name))
      const { elf } = await buildFirmware({ core, sources, name, io, vectors, workDir })
      const { ok, lines } = await runFirmware(elf, core, { count: false, timeoutMs: 120_000 })
      t.ok(ok, name, { lines })
    }
    const all = MODELS_OF_A_KIND[kind] * LAYERS_OF_A_MODEL
    t.ok(fast >= 0.6 * all, `${fast} of ${all} layers have a fast kernel`)
    swept += fast
  })

t.test('enough layers had a fast kernel', { skip }, async (t) => {
  t.ok(swept >= 2000, `${swept} layers`)
})
