/** SOFTMAX of two elements: its table and its kernel, on all pairs of int8. */
import { join } from 'node:path'
import t from 'tap'
import { compileSources } from '../../src/compile.js'
import { runOnHost } from '../fuzz/host-program.js'
import { type ModelSpec, writeModel } from '../support/model-writer.js'
import { runOracle, skipWithoutOracle } from '../support/oracle.js'
import { EVERY_PAIR } from '../support/pairs.js'
import { PLAN_OPTIONS } from '../support/programs.js'
import { projectRoot, skipWithout, strictWarnings } from '../support/toolchain.js'

const BINARY = 'eonc_binary_softmax_s8'
/** Input scales, with beta where it is not 1, and the kernel: there is none where two results are rounded up together. */
const MODELS: readonly (readonly [scale: number, beta: number, kernel: string])[] = [
  [2 ** -25, 1, BINARY],
  [0.001, 1, BINARY],
  [0.02, 1, BINARY],
  [0.1, 1, BINARY],
  [0.1, 3, BINARY],
  [1 / 3, 0.5, BINARY],
  [0.5, 1, BINARY],
  [4, 1, BINARY],
  [16, 1, BINARY],
  [2 ** 20, 1, BINARY],
  [2.96938, 1, 'eonc_softmax_s8'],
]
/** What is read stays, or what is written may lie over it. */
const MODES = ['resident', 'preserve'] as const

const softmaxOf = (scale: number, beta: number): ModelSpec => ({
  tensors: [
    { type: 'int8', shape: [256, 256, 2], quantization: { scales: [Math.fround(scale)], zeroPoints: [11] } },
    { type: 'int8', shape: [256, 256, 2], quantization: { scales: [1 / 256], zeroPoints: [-128] } },
  ],
  operators: [{ kind: 'SOFTMAX', version: 2, inputs: [0], outputs: [1], options: { beta: Math.fround(beta) } }],
  inputs: [0],
  outputs: [1],
})

const skip = skipWithout('g++') || skipWithoutOracle()

t.test("a softmax of two elements gives the oracle's bytes on all pairs", { skip }, async (t) => {
  const folder = join(projectRoot, 'build/test/binary-softmax')
  const files = MODELS.map(([scale, beta]) => writeModel(softmaxOf(scale, beta)))
  const vectors = [[new Uint8Array(EVERY_PAIR.buffer)]]
  const expected = await runOracle(
    files.map((model) => ({ model, vectors })),
    join(folder, 'oracle'),
  )
  for (const input of MODES) {
    const models = files.map((file, index) => {
      const name = `binary${index}`
      return { name, sources: compileSources(file, { ...PLAN_OPTIONS, input, name }).sources, vectors }
    })
    const compiler = { command: 'g++', flags: ['-O1', ...strictWarnings] }
    const results = await runOnHost(models, join(folder, input), compiler)
    for (const [index, [scale, beta, kernel]] of MODELS.entries()) {
      const title = `scale ${scale}, beta ${beta}, ${input}`
      const [oracle, result] = [expected[index], results[index]]
      t.same(
        models[index]?.sources.facts.operators.map((operator) => operator.kernel),
        [kernel],
        title,
      )
      if (oracle?.status !== 'ok' || result?.ok !== true) t.fail(title, { oracle, result })
      else t.ok(Buffer.from(result.outputs[0]?.[0] ?? []).equals(oracle.vectors[0]?.[0] ?? Buffer.of()), title)
    }
  }
})
