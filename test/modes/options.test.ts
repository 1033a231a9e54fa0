import { join } from 'node:path'
import t, { type Test } from 'tap'
import { compileSources, type InputMode, type SourceOptions } from '../../src/compile.js'
import { collect } from '../../src/diagnostics.js'
import { toBytes } from '../../src/ir/index.js'
import { builtinOperators, evaluateGraph } from '../../src/ops/index.js'
import type { ModelSources } from '../../src/compile.js'
import { vectorDifference } from '../fuzz/compare.js'
import { runOnHost } from '../fuzz/host-program.js'
import { graphFrom, randomInputs } from '../support/graphs.js'
import { activation, bias, chain, conv, plain, weights } from '../support/layers.js'
import { type ModelSpec, writeModel } from '../support/model-writer.js'
import { PLAN_OPTIONS } from '../support/programs.js'
import { projectRoot, skipWithout } from '../support/toolchain.js'
import { compileAll, foreignFiles, skipWithoutForeign } from '../models/subjects.js'
import { sanitizingCompilers } from '../models/runs.js'

const WORK = join(projectRoot, 'build/test/modes/options')
const PIECEWISE = ['stream', 'callback'] as const satisfies readonly InputMode[]

const SANITIZED = sanitizingCompilers[0] ?? { command: 'g++', flags: [] }

const compile = (spec: ModelSpec, options: Partial<SourceOptions>): ModelSources =>
  compileSources(writeModel(spec), { ...PLAN_OPTIONS, name: 'net', ...options }).sources

/** A camera image, another image of the same size, and a number for each channel; the images go through convolutions. */
const threeInputs: ModelSpec = {
  tensors: [
    activation('camera', [1, 12, 5, 2]),
    activation('depth', [1, 12, 5, 2], 0.04, 5),
    activation('gain', [1, 1, 1, 3], 0.02, 0),
    weights('w', [3, 3, 3, 2]),
    bias('b', [10, 20, 30]),
    activation('left', [1, 12, 5, 3], 0.2, 1),
    activation('right', [1, 12, 5, 3], 0.3, 2),
    activation('sum', [1, 12, 5, 3], 0.4, 3),
    activation('y', [1, 12, 5, 3], 0.5, 4),
  ],
  operators: [
    conv([0, 3, 4], 5, 'SAME'),
    conv([1, 3, 4], 6, 'SAME'),
    { kind: 'ADD', inputs: [5, 6], outputs: [7], options: {} },
    { kind: 'MUL', inputs: [7, 2], outputs: [8], options: {} },
  ],
  inputs: [0, 1, 2],
  outputs: [8],
}

/** Runs models in the modes in which an input comes piece by piece, and compares them with the reference semantics. */
async function testPiecewise(
  t: Test,
  folder: string,
  specs: readonly { readonly what: string; readonly spec: ModelSpec; readonly streamInput: string }[],
): Promise<void> {
  const models = PIECEWISE.flatMap((input) =>
    specs.map(({ what, spec, streamInput }) => {
      const name = `${input}_${what}`
      const graph = graphFrom(spec)
      const vectors = [1, 2, 3, 4].map((seed) => randomInputs(graph, seed))
      const expected = vectors.map((inputs) => evaluateGraph(graph, builtinOperators, inputs).map(toBytes))
      const sources = compile(spec, { name, input, streamInput })
      return { name, sources, vectors: vectors.map((inputs) => inputs.map(toBytes)), expected }
    }),
  )
  const results = await runOnHost(models, join(WORK, folder), SANITIZED)
  for (const [index, { name, expected }] of models.entries()) {
    const result = results[index]
    if (result?.ok !== true) t.fail(name, { result })
    else t.equal(vectorDifference(expected, result.outputs, [{ type: 'int8', tolerance: 0 }]), undefined, name)
  }
}

const unitsOf = (spec: ModelSpec, streamInput?: string) =>
  compile(spec, { input: 'stream', ...(streamInput !== undefined && { streamInput }) }).facts.units

t.test('any input may be the one that comes piece by piece', { skip: skipWithout('g++') }, async (t) => {
  t.same(unitsOf(threeInputs, 'camera'), { input: 0, count: 12, elements: 10 })
  t.same(unitsOf(threeInputs, 'depth'), { input: 1, count: 12, elements: 10 })
  t.same(unitsOf(threeInputs, 'gain'), { input: 2, count: 3, elements: 1 })
  const specs = ['camera', 'depth', 'gain'].map((name) => ({ what: name, spec: threeInputs, streamInput: name }))
  await testPiecewise(t, 'any', specs)
})

t.test('units come one by one to models that want all of them first', { skip: skipWithout('g++') }, async (t) => {
  // more rows than are planned one by one
  const long: ModelSpec = chain(
    [
      activation('x', [1, 9000, 1, 1]),
      weights('w', [1, 4, 1, 1]),
      bias('b', [5]),
      activation('y', [1, 1125, 1, 1], 0.4, 0),
    ],
    [{ kind: 'CONV_2D', inputs: [0, 1, 2], outputs: [3], options: { padding: 'SAME', strideH: 8, strideW: 1 } }],
  )
  // an input that nobody reads
  const idle: ModelSpec = {
    tensors: [activation('idle', [1, 30, 2, 1]), activation('x', [1, 4, 2, 1]), activation('y', [1, 4, 2, 1], 0.1, 0)],
    operators: [plain('QUANTIZE', 1, 2)],
    inputs: [0, 1],
    outputs: [2],
  }
  t.same(unitsOf(long), { input: 0, count: 9000, elements: 1 })
  t.same(unitsOf(idle), { input: 0, count: 30, elements: 2 })
  await testPiecewise(t, 'apart', [
    { what: 'long', spec: long, streamInput: 'x' },
    { what: 'idle', spec: idle, streamInput: 'idle' },
  ])
})

t.test('without a choice, it is the first input', (t) => {
  for (const input of PIECEWISE) t.equal(compile(threeInputs, { input }).facts.units?.input, 0)
  t.end()
})

t.test('what cannot come piece by piece is refused', (t) => {
  const refusal = (spec: ModelSpec, options: Partial<SourceOptions>) => {
    const compiled = collect(() => compile(spec, options))
    return 'diagnostics' in compiled ? compiled.diagnostics : []
  }
  const batch = chain([activation('x', [2, 5]), activation('y', [2, 5], 0.1, 0)], [plain('QUANTIZE', 0, 1)])
  const images = chain(
    [activation('x', [3, 2, 2, 1]), activation('y', [3, 2, 2, 1], 0.1, 0)],
    [plain('QUANTIZE', 0, 1)],
  )
  const constant = { ...activation('k', [3]), data: Int8Array.of(1, 2, 3) }
  const noInput: ModelSpec = { tensors: [constant], operators: [], inputs: [], outputs: [0] }
  for (const input of PIECEWISE) {
    t.match(
      refusal(threeInputs, { input, streamInput: 'radar' }),
      [{ severity: 'error', code: 'BAD_OPTION', found: 'radar', help: /"camera", "depth", "gain"/ }],
      'a name that no input has: the help lists those there are',
    )
    t.match(refusal(batch, { input }), [{ code: 'BAD_OPTION', rule: /batch of 1/, found: /2x5/ }])
    t.match(refusal(images, { input }), [{ code: 'BAD_OPTION', rule: /batch of 1/, found: /3x2x2x1/ }])
    t.match(refusal(noInput, { input }), [{ code: 'BAD_OPTION', found: 'no input' }])
  }
  t.same(refusal(batch, { input: 'preserve' }), [], 'a batch may be preserved')
  t.end()
})

t.test('units are the rows of the input, of the shape that the model gives it, or else elements', (t) => {
  const [w, b] = [weights('w', [3, 3, 3, 2]), bias('b', [1, 2, 3])]
  const image = chain(
    [activation('x', [1, 7, 4, 2]), w, b, activation('y', [1, 7, 4, 3], 0.2, 0)],
    [conv([0, 1, 2], 3, 'SAME')],
  )
  t.same(unitsOf(image), { input: 0, count: 7, elements: 8 }, 'rows of an image')
  const reshaped: ModelSpec = {
    tensors: [activation('x', [1, 56]), activation('r', [1, 7, 4, 2]), w, b, activation('y', [1, 7, 4, 3], 0.2, 0)],
    operators: [{ kind: 'RESHAPE', inputs: [0], outputs: [1] }, conv([1, 2, 3], 4, 'SAME')],
    inputs: [0],
    outputs: [4],
  }
  t.same(unitsOf(reshaped), { input: 0, count: 7, elements: 8 }, 'rows of what a flat input is reshaped to')
  const dense: ModelSpec = {
    tensors: [activation('x', [1, 6]), weights('w', [2, 6]), bias('b', [1, 2]), activation('y', [1, 2], 0.2, 0)],
    operators: [{ kind: 'FULLY_CONNECTED', inputs: [0, 1, 2], outputs: [3], options: {} }],
    inputs: [0],
    outputs: [3],
  }
  t.same(unitsOf(dense), { input: 0, count: 6, elements: 1 }, 'elements of a flat input')
  const scalar = chain([activation('x', []), activation('y', [], 0.1, 0)], [plain('QUANTIZE', 0, 1)])
  t.same(unitsOf(scalar), { input: 0, count: 1, elements: 1 }, 'a scalar')
  t.end()
})

t.test('a spectrogram that the model flattens comes in its rows', { skip: skipWithoutForeign }, async (t) => {
  const files = foreignFiles.filter(({ name }) => name === 'micro_speech_int8')
  const [subject] = await compileAll(files, 'stream')
  t.match(subject?.sources.facts, { inputs: [{ shape: [1, 1960] }], units: { input: 0, count: 49, elements: 40 } })
})
