import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { z } from 'zod'
import { toElements } from '../../src/ir/index.js'
import type { TensorFacts } from '../../src/plugin.js'
import { runOnHost } from '../fuzz/host-program.js'
import { projectRoot, skipWithout } from '../support/toolchain.js'
import { compileAll, ownFiles, type Subject } from './subjects.js'

const HELDOUT = join(projectRoot, 'models/heldout')
const WORK = join(projectRoot, 'build/test/models/accuracy')
/** The least accuracy of a classifier that has learned its task. */
const GOOD_ACCURACY = 0.9
/** The largest error of a regression that has, as a share of the error of always telling the mean. */
const GOOD_ERROR_SHARE = 0.2
/** A tenth of a unit in the last of the six digits that scores are rounded to. */
const SIX_DIGITS = 1e-7
const FLOAT_TOLERANCE = 1e-5

const common = {
  model: z.string(),
  count: z.int().min(50),
  inputType: z.enum(['int8', 'float32']),
  inputShape: z.array(z.int().positive()),
  /** Little-endian samples, one after the other. */
  input: z.base64(),
}
const score = z.number().positive()

/** A file of held-out data. An expected score that was never filled in is null, and refused. */
const heldoutFile = z.union([
  z.strictObject({
    ...common,
    labels: z.array(z.int().nonnegative()),
    expected: z.strictObject({ metric: z.literal('accuracy'), value: score.max(1) }),
  }),
  z.strictObject({
    ...common,
    targets: z.array(z.number()),
    expected: z.strictObject({ metric: z.literal('rmse'), value: score }),
  }),
])
type Heldout = z.infer<typeof heldoutFile>

const readHeldout = async (name: string): Promise<Heldout> =>
  heldoutFile.parse(JSON.parse(await readFile(join(HELDOUT, `${name}.json`), 'utf8')))

/** The samples as vectors of one input. */
function samples({ input, count }: Heldout): readonly (readonly Uint8Array[])[] {
  const data = new Uint8Array(Buffer.from(input, 'base64'))
  const bytes = data.length / count
  return Array.from({ length: count }, (_, index) => [data.slice(index * bytes, (index + 1) * bytes)])
}

/** The real values of an output, in float32 arithmetic. */
function realValues(output: Uint8Array, { type, quantization }: TensorFacts): readonly number[] {
  const [scale, zeroPoint] = [quantization?.scales[0] ?? 1, quantization?.zeroPoints[0] ?? 0]
  const values = Array.from(toElements(type, output) ?? [])
  return type === 'float32' ? values : values.map((value) => Math.fround((value - zeroPoint) * scale))
}

/** The lowest index of the largest value. */
const argmax = (values: readonly number[]): number => values.indexOf(Math.max(...values))

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
const rootMeanSquare = (values: readonly number[]): number => Math.sqrt(mean(values.map((value) => value ** 2)))

/** The score in the metric of the held-out data. */
function measure(data: Heldout, outputs: readonly (readonly number[])[]): number {
  if ('labels' in data) return mean(outputs.map((values, index) => (argmax(values) === data.labels[index] ? 1 : 0)))
  return rootMeanSquare(outputs.map(([value = NaN], index) => value - (data.targets[index] ?? NaN)))
}

/** Builds the models for this machine and runs each on its samples; the first output of each sample, dequantized. */
async function runAll(
  subjects: readonly Subject[],
  data: readonly Heldout[],
): Promise<readonly (readonly (readonly number[])[])[]> {
  const models = subjects.map(({ name, sources }, index) => ({
    name,
    sources,
    vectors: samples(data[index] as Heldout),
  }))
  const results = await runOnHost(models, WORK, { command: 'g++', flags: ['-O2'] })
  return results.map((result, index) => {
    const output = subjects[index]?.sources.facts.outputs[0]
    if (!result.ok || output === undefined)
      throw new Error(`${models[index]?.name}: ${result.ok ? '' : result.message}`)
    return result.outputs.map(([bytes = new Uint8Array()]) => realValues(bytes, output))
  })
}

t.test('every model of the project has held-out data, and no others have', async (t) => {
  const names = ownFiles.map(({ name }) => name)
  t.ok(names.length >= 6)
  t.same(readdirSync(HELDOUT).sort(), names.map((name) => `${name}.json`).sort())
  for (const { name } of ownFiles) {
    const data = await readHeldout(name)
    t.equal(data.model, `${name}.tflite`)
    t.equal('labels' in data ? data.labels.length : data.targets.length, data.count, `${name} knows all right answers`)
  }
})

t.test('a score that was never filled in is refused', async (t) => {
  const data = await readHeldout('vibration_int8')
  t.ok(heldoutFile.safeParse(data).success)
  t.notOk(heldoutFile.safeParse({ ...data, expected: { ...data.expected, value: null } }).success)
})

t.test('the compiled models are as accurate as the oracle says', { skip: skipWithout('g++') }, async (t) => {
  const subjects = await compileAll(ownFiles)
  const data = await Promise.all(subjects.map(({ name }) => readHeldout(name)))
  const outputs = await runAll(subjects, data)
  for (const [index, { name }] of subjects.entries()) {
    const heldout = data[index] as Heldout
    const { metric, value: expected } = heldout.expected
    const found = measure(heldout, outputs[index] ?? [])
    const difference = Math.abs((heldout.inputType === 'float32' ? found : Number(found.toFixed(6))) - expected)
    const tolerance = heldout.inputType === 'float32' ? FLOAT_TOLERANCE : SIX_DIGITS
    t.ok(difference <= tolerance, `${name}: ${metric} ${found.toFixed(6)}, by the oracle ${expected}`)
    if ('labels' in heldout) {
      t.ok(found >= GOOD_ACCURACY, `${name} has learned to tell its classes apart`)
    } else {
      const center = mean(heldout.targets)
      const spread = rootMeanSquare(heldout.targets.map((target) => target - center))
      t.ok(found <= GOOD_ERROR_SHARE * spread, `${name} tells far more than the mean, whose error is ${spread}`)
    }
  }
})
