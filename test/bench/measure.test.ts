import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { measureModel, resultsOf } from '../../bench/measure.js'
import { prepareModel, type PreparedModel } from '../../bench/prepare.js'
import { resultsText } from '../../bench/results.js'
import { activation, chain, plain } from '../support/layers.js'
import { writeModel } from '../support/model-writer.js'
import { allModels, ownModels } from '../support/models.js'
import { projectRoot, skipWithout } from '../support/toolchain.js'

const workDir = join(projectRoot, 'build', 'test', 'measure')
const skip = skipWithout('arm-none-eabi-gcc', 'qemu-system-arm')

async function prepared(name: string): Promise<PreparedModel> {
  const file = ownModels().find((model) => model.name === name)
  const model = file && (await prepareModel(file, workDir))
  if (model === undefined || 'obstacle' in model) throw new Error(`${name} cannot be measured`)
  return model
}

/** A model whose input alone is larger than the 16 KiB of a micro:bit. */
async function preparedLarge(): Promise<PreparedModel> {
  const path = join(workDir, 'large.tflite')
  const tensors = [activation('x', [1, 160, 160, 1]), activation('y', [1, 160, 160, 1], 0.1, 0)]
  await mkdir(workDir, { recursive: true })
  await writeFile(path, writeModel(chain(tensors, [plain('QUANTIZE', 0, 1)])))
  const model = await prepareModel({ name: 'large', path, own: false }, workDir)
  if ('obstacle' in model) throw new Error(model.obstacle.reason)
  return model
}

t.test('a model is measured, with the same figures every time', { skip }, async (t) => {
  const model = await prepared('vibration_int8')
  const first = await measureModel(model, 'cortex-m4f', workDir)
  t.same(await measureModel(model, 'cortex-m4f', workDir), first)
  if (first.status !== 'measured') return t.fail(first.reason)
  t.match(first, { model: 'vibration_int8', variant: 'int8', exact: true, vectors: 4, tolerance: 0 })
  t.equal(first.context, model.facts.contextBytes)
  t.equal(first.ram, first.context + first.otherRam)
  t.equal(first.rom, first.code + first.constants)
  t.ok(first.romCode < first.code + 256, 'little but the weights is constant')
  t.ok(first.instructions > model.facts.macs)
  t.ok(first.stack > 0 && first.stack < 1024, `${first.stack}`)
  t.ok(first.paintedStack > 0 && first.paintedStack <= first.stack, `${first.paintedStack} of ${first.stack}`)
})

t.test('a wrong output is found, and none is claimed to be right without the oracle', { skip }, async (t) => {
  const model = await prepared('vibration_int8')
  const vectors = model.vectors.map(({ inputs, outputs }) => ({
    inputs,
    outputs: outputs.map((bytes) => bytes.map((byte) => byte ^ 1)),
  }))
  t.match(await measureModel({ ...model, vectors }, 'cortex-m0plus', workDir), { status: 'measured', exact: false })
  const blind = { ...model, vectors, comparable: false }
  t.match(await measureModel(blind, 'cortex-m0plus', workDir), { status: 'measured', exact: null, vectors: 0 })
})

t.test('a model that does not fit the memory or does not build is a result, too', { skip }, async (t) => {
  const model = await prepared('vision_int8')
  const onSmall = await measureModel(await preparedLarge(), 'cortex-m0', workDir)
  t.match(onSmall, { status: 'too-large', reason: /region `RAM' overflowed by \d+ bytes/ })
  const broken = await measureModel({ ...model, facts: { ...model.facts, inputs: [] } }, 'cortex-m4f', workDir)
  t.match(broken, { status: 'failed' })
})

t.test('a float model counts as equal within a tolerance', { skip }, async (t) => {
  const model = await prepared('regression_float32')
  t.match(await measureModel(model, 'cortex-m4f', workDir), { variant: 'float32', exact: true, tolerance: 1e-5 })
})

t.test('results are sorted and name no place or time', { skip }, async (t) => {
  const reason = 'none'
  const results = await resultsOf([
    { model: 'b', core: 'cortex-m7', setting: 'default', status: 'failed', reason },
    { model: 'b', core: 'cortex-m0plus', setting: 'default', status: 'failed', reason },
    { model: 'a', core: 'cortex-m55', setting: 'default', status: 'failed', reason },
  ])
  t.same(
    results.measurements.map(({ model, core }) => `${model} ${core}`),
    ['a cortex-m55', 'b cortex-m0plus', 'b cortex-m7'],
  )
  t.match(results.compiler, /^arm-none-eabi-gcc \d+\.\d+\.\d+$/)
  t.match(results.flags['cortex-m4f'], /-mcpu=cortex-m4 .* -Os -std=c\+\+11 -fno-exceptions -fno-rtti$/)
  t.notMatch(resultsText(results), projectRoot)
})

const hybrid = allModels().find(({ name }) => name === 'mlperf_tiny_kws_hybrid')
const absent = hybrid === undefined && 'no ../shared/models beside the repository'
t.test('a model that is refused keeps its reason', { skip: absent }, async (t) => {
  const refused = hybrid && (await prepareModel(hybrid, workDir))
  t.match(refused, { variant: 'hybrid', obstacle: { status: 'refused', reason: /^UNSUPPORTED_TYPE: Weights have/ } })
})
