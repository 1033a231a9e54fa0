/** Real models in Node.js, on both modules: outputs against the oracle, bytes against ROM, time against one another. */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { z } from 'zod'
import { type OutputFormat, vectorDifference } from '../../../test/fuzz/compare.js'
import { askOracle, vectorsOf } from '../../../test/models/runs.js'
import { compileAll, foreignFiles, ownFiles, skipWithoutForeign, type Subject } from '../../../test/models/subjects.js'
import { emptyFolder } from '../../../test/support/folders.js'
import { projectRoot, skipWithout } from '../../../test/support/toolchain.js'
import { bytesOf, elementsOf, emitPackage, importPackage, type Model, TOOLS } from './wasm-package.js'

const skip = skipWithout(...TOOLS)
const WORK = await emptyFolder('wasm-models')

/** The plain module is at most so many times the ROM of the same int8 model on a Cortex-M4F. */
const OF_ROM = 1.4
/** The module with vectors is at least so many times faster than the plain one on this model. */
const FASTER = 2
const FASTER_ON = 'mlperf_tiny_kws_int8'

const figures = z.object({
  measurements: z.array(
    z.object({ model: z.string(), core: z.string(), variant: z.string().optional(), rom: z.number().optional() }),
  ),
})
const { measurements } = figures.parse(JSON.parse(await readFile(join(projectRoot, 'bench/results.json'), 'utf8')))
const romOf = (name: string): number | undefined =>
  measurements.find(({ model, core, variant }) => model === name && core === 'cortex-m4f' && variant === 'int8')?.rom

const files = [...ownFiles, ...foreignFiles]
const subjects = await compileAll(files)
const answers = await askOracle(subjects, WORK)

/** What a model gives for inputs, as bytes. */
function outputsFor(model: Model, { sources }: Subject, inputs: readonly Uint8Array[]): readonly Uint8Array[] {
  const elements = inputs.map((bytes, index) => elementsOf(bytes, sources.facts.inputs[index]?.type ?? ''))
  return model.run(elements.length === 1 ? elements[0] : elements).outputs.map(({ data }) => bytesOf(data))
}

for (const [index, subject] of subjects.entries()) {
  const { name, sources } = subject
  t.test(`${name} gives what the oracle gives, and is small`, { skip }, async (t) => {
    const vectors = await vectorsOf(subject, answers[index])
    t.ok(vectors.length >= 3, `${vectors.length} vectors`)
    const folder = await emitPackage(files[index]?.path ?? '', 'model', join(WORK, name))
    const { load, hasSimd } = await importPackage(folder)
    t.ok(hasSimd(), 'Node.js has vectors')
    const formats = sources.facts.outputs.map(({ type }): OutputFormat => ({
      type,
      tolerance: type === 'float32' ? null : 0,
    }))
    for (const simd of [false, true]) {
      const model = await load({ simd })
      t.equal(model.simd, simd)
      const actual = vectors.map(({ inputs }) => outputsFor(model, subject, inputs))
      const expected = vectors.map(({ outputs }) => outputs)
      t.equal(vectorDifference(expected, actual, formats), undefined, simd ? 'with vectors' : 'without')
    }
    const most = Math.floor(OF_ROM * (romOf(name) ?? NaN))
    const { size } = await stat(join(folder, 'model.wasm'))
    if (sources.facts.inputs[0]?.type !== 'float32') t.ok(size <= most, `${size} bytes of ${most}`)
  })
}

t.test('all models are among them', { skip: skipWithoutForeign }, (t) => {
  t.ok(ownFiles.length >= 6)
  t.equal(foreignFiles.filter(({ name }) => name.endsWith('_int8') && romOf(name) !== undefined).length, 6)
  t.end()
})

/** Milliseconds of an inference of each: the least of several rounds, as others use this machine too. */
function timesOf(models: readonly Model[], input: Int8Array): readonly number[] {
  const best = models.map(() => Infinity)
  for (let round = 0; round < 12; ++round) {
    models.forEach((model, index) => {
      const start = performance.now()
      for (let i = 0; i < 4; ++i) model.run(input)
      best[index] = Math.min(best[index] ?? Infinity, (performance.now() - start) / 4)
    })
  }
  return best
}

t.test('the module with vectors is faster', { skip: skip || skipWithoutForeign }, async (t) => {
  const { load } = await importPackage(join(WORK, FASTER_ON, 'model'))
  const models = [await load({ simd: false }), await load({ simd: true })]
  const [plain = 0, simd = Infinity] = timesOf(
    models,
    Int8Array.from({ length: 490 }, (_, i) => (i * 37) % 256),
  )
  t.ok(plain >= FASTER * simd, `${plain.toFixed(3)} ms and ${simd.toFixed(3)} ms: ${(plain / simd).toFixed(1)} times`)
})
