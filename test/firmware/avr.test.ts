/** Networks on AVR, where int has 16 bits and constants lie in a memory of their own, in simavr. */
import { join } from 'node:path'
import t from 'tap'
import { compileSources, INPUT_MODES, type ModelSources } from '../../src/compile.js'
import { collect } from '../../src/diagnostics.js'
import { outputFormats, vectorDifference } from '../fuzz/compare.js'
import { inputVectors } from '../fuzz/input-vectors.js'
import { type RandomGraph, randomGraph } from '../fuzz/random-graph.js'
import { randomLanes } from '../fuzz/random-lanes.js'
import { randomNetwork } from '../fuzz/random-network.js'
import { HOST_PLAN } from '../fuzz/references.js'
import { AVR_TOOLS, MEGA, runOnAvr } from '../support/avr.js'
import { emptyFolder } from '../support/folders.js'
import { activation, quantized, weights } from '../support/layers.js'
import { type ModelSpec, type TensorSpec, writeModel } from '../support/model-writer.js'
import { runOracle, skipWithoutOracle } from '../support/oracle.js'
import { runSeed } from '../support/random.js'
import { skipWithout } from '../support/toolchain.js'

const skip = skipWithoutOracle() || skipWithout(...AVR_TOOLS)
const SEED = runSeed(1)
const GRAPHS = Number(process.env['EONC_FUZZ_GRAPHS'] ?? 48)
/** For avr.cpp, the stack and what the vectors are read by. */
const OTHER_RAM = 1024
const folder = await emptyFolder('avr')

interface Case {
  readonly name: string
  readonly model: ModelSpec
  readonly sources: ModelSources
}

function compiled({ name, model, ram, input, streamInput }: RandomGraph): Case | undefined {
  const mode = { ...(ram && { ram }), ...(input && { input }), ...(streamInput !== undefined && { streamInput }) }
  const result = collect(() =>
    compileSources(writeModel(model), { name: 'net', ...HOST_PLAN, ...mode, cpu: 'cortex-m3' }),
  )
  if (!('value' in result)) return undefined
  const { sources } = result.value
  const { contextBytes, constantBytes, needsMath } = sources.facts
  // a difference of results of another math library than the oracle's can be nothing but their rounding
  if (needsMath && model.operators.length > 2) return undefined
  const data = inputVectors(model, SEED)
    .flat()
    .reduce((sum, { length }) => sum + length, 0)
  const fits = contextBytes + OTHER_RAM <= MEGA.ram && constantBytes + data + OTHER_RAM <= MEGA.constants
  return fits && data <= MEGA.array ? { name, model, sources } : undefined
}

/** What each model gives on AVR other than by the oracle, as a sentence; undefined where it gives the same. */
async function differences(cases: readonly Case[], work: string): Promise<readonly (string | undefined)[]> {
  const jobs = cases.map(({ model }) => ({ model: writeModel(model), vectors: inputVectors(model, SEED), seconds: 20 }))
  const oracle = await runOracle(jobs, join(work, 'oracle'))
  const found: (string | undefined)[] = []
  for (const [index, { name, model, sources }] of cases.entries()) {
    const expected = oracle[index]
    if (expected?.status !== 'ok') throw new Error(`${name}: the oracle refuses what eonc compiles`)
    const { outputs, staticRam } = await runOnAvr(sources, inputVectors(model, SEED), join(work, name))
    const difference = vectorDifference(expected.vectors, outputs, outputFormats(model))
    found.push(difference ?? (staticRam > 0 ? `${staticRam} bytes of RAM hold constants` : undefined))
  }
  return found
}

for (const [what, make, count] of [
  ['graphs', randomGraph, GRAPHS],
  ['networks', randomNetwork, Math.ceil(GRAPHS / 4)],
  ['models, most of which run lane by lane,', randomLanes, Math.ceil(GRAPHS / 4)],
] as const)
  t.test(`${count} random ${what} give on AVR what the oracle does (EONC_SEED=${SEED})`, { skip }, async (t) => {
    const cases: Case[] = []
    for (let index = 0; cases.length < count; ++index) cases.push(...[compiled(make(SEED, index)) ?? []].flat())
    const found = await differences(cases, join(folder, make.name))
    for (const [index, { name }] of cases.entries()) t.equal(found[index], undefined, name)
  })

/** Every operator with a constant operand, which has a value for each channel or is as large as the other one. */
function withConstants(type: 'int8' | 'float32'): ModelSpec {
  const shape = [1, 3, 4, 5]
  const data = (name: string, extents: readonly number[]): TensorSpec => {
    const count = extents.reduce((a, b) => a * b, 1)
    const floats = Float32Array.from({ length: count }, (_, i) => (i % 7) / 2 - 1)
    return type === 'int8'
      ? { ...weights(name, extents), quantization: quantized(0.05, -100) }
      : { name, type, shape: extents, data: floats }
  }
  const value = (name: string, extents = shape, zeroPoint = -100): TensorSpec =>
    type === 'int8' ? activation(name, extents, 0.05, zeroPoint) : { name, type, shape: extents }
  return {
    tensors: [
      ...[value('x'), data('channels', [5]), data('all', shape)],
      ...[value('product', shape, 100), value('sum'), value('difference'), value('joined', [1, 3, 4, 10])],
    ],
    operators: [
      { kind: 'MUL', inputs: [0, 2], outputs: [3], options: {} },
      { kind: 'ADD', inputs: [1, 3], outputs: [4], options: {} },
      { kind: 'SUB', inputs: [2, 4], outputs: [5], options: {} },
      { kind: 'CONCATENATION', inputs: [5, 2], outputs: [6], options: { axis: 3 } },
    ],
    inputs: [0],
    outputs: [6],
  }
}

t.test('constant operands lie in ROM, and are read there', { skip }, async (t) => {
  for (const type of ['int8', 'float32'] as const) {
    for (const input of INPUT_MODES) {
      const name = `constants-${type}-${input}`
      const each = compiled({ name, model: withConstants(type), input })
      if (each === undefined) return t.fail(`${name} compiles`)
      t.same(await differences([each], join(folder, 'constants')), [undefined], name)
    }
  }
})
