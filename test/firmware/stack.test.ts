import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { CompileOptions } from '../../src/index.js'
import { compileModel } from '../support/compiled-model.js'
import { type CoreId, cores } from '../support/cores.js'
import { buildFirmware, runFirmware } from '../support/firmware.js'
import { firmwareStack } from '../support/firmware-stack.js'
import { allModels, type ModelFile, ownModels } from '../support/models.js'
import { projectRoot, skipWithout } from '../support/toolchain.js'
import { inputVectors } from '../support/vectors.js'

const workDir = join(projectRoot, 'build', 'test', 'firmware-stack')
const skip = skipWithout('arm-none-eabi-gcc', 'arm-none-eabi-objdump', 'qemu-system-arm')
/** The stack pointer keeps to multiples of this between functions: what a frame may hold besides what it uses. */
const alignment = 8

/** Asserts that painting finds no more than the worst case, and not much less. */
async function compare(
  t: Test,
  model: ModelFile,
  ids: readonly CoreId[],
  options: Partial<CompileOptions> = {},
): Promise<void> {
  const { input: inputMode = 'resident', optimize = 'balanced' } = options
  const compiled = await compileModel(model, join(workDir, 'sources', inputMode, optimize), options)
  if (!compiled.ok) return
  const { sources, facts } = compiled
  // what comes out is not looked at here
  const outputs = facts.outputs.map(({ bytes }) => new Uint8Array(bytes))
  const vectors = inputVectors(await readFile(model.path), 2).map((inputs) => ({ inputs, outputs }))
  for (const id of ids) {
    const core = cores[id]
    const io = { ...facts, inputMode }
    const { elf } = await buildFirmware({ core, sources, name: model.name, io, vectors, workDir })
    const { stack: painted = Infinity } = await runFirmware(elf, core, { count: false, timeoutMs: 120_000 })
    const { whole } = await firmwareStack(elf, core, model.name, inputMode)
    const what = `${model.name}, input ${inputMode}, for ${optimize}, ${id}: ${painted} of ${whole} bytes`
    t.ok(painted <= whole, what)
    // kernels hardly branch by what they compute: more would be a way that is no way
    const isStraight = facts.operators.every(({ kind }) => kind === 'FULLY_CONNECTED')
    t.ok(painted >= (isStraight ? whole - alignment : 0.8 * whole), `${what} are close`)
  }
}

const everyCore = ['cortex-m0plus', 'cortex-m4f', 'cortex-m55'] as const

t.test('painted stack is within the worst case and close to it, for every model', { skip }, async (t) => {
  for (const model of ownModels()) await compare(t, model, everyCore)
  for (const model of allModels().filter(({ own }) => !own)) await compare(t, model, ['cortex-m0plus', 'cortex-m4f'])
})

t.test('so it is however the input comes', { skip }, async (t) => {
  for (const model of ownModels())
    for (const mode of ['preserve', 'stream', 'callback'] as const)
      await compare(t, model, ['cortex-m4f'], { input: mode })
})

t.test('so it is with kernels for speed', { skip }, async (t) => {
  for (const model of ownModels()) await compare(t, model, ['cortex-m0plus', 'cortex-m4f'], { optimize: 'speed' })
})
