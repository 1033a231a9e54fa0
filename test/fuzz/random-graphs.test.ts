import { join } from 'node:path'
import t, { type Test } from 'tap'
import { builtinOperators } from '../../src/ops/index.js'
import { lowerVariants, planModel } from '../../src/compile.js'
import { collect } from '../../src/diagnostics.js'
import { tensorAt } from '../../src/ir/index.js'
import { callsOf } from '../../src/lower/index.js'
import { writeModel } from '../support/model-writer.js'
import { removedChannels } from '../../src/report/index.js'
import { skipWithoutOracle } from '../support/oracle.js'
import { runSeed } from '../support/random.js'
import { skipWithout, strictWarnings } from '../support/toolchain.js'
import { describeModel, saveFailure } from './failures.js'
import { type BatchOptions, runBatch, type Verdict } from './harness.js'
import type { HostCompiler } from './host-program.js'
import { plantedGraph } from './planted-channels.js'
import { KINDS, type RandomGraph, randomGraph } from './random-graph.js'
import { randomDense } from './random-dense.js'
import { randomLanes } from './random-lanes.js'
import { randomNetwork } from './random-network.js'
import { HOST_PLAN } from './references.js'
import { shrink } from './shrink.js'
import { type Summary, summarize, summaryLines } from './summary.js'

const SEED = runSeed(1)
const GRAPHS = Number(process.env['EONC_FUZZ_GRAPHS'] ?? (process.env['EONC_LONG'] ? 5_000 : 500))
const SANITIZED = Math.ceil(GRAPHS / 5)
const PLANTED = Math.ceil(GRAPHS / 3)
const NETWORKS = Math.ceil((2 * GRAPHS) / 5)
const LANES = Math.ceil(GRAPHS / 2)
const DENSE = Math.ceil(GRAPHS / 5)
/** Graphs in one program. */
const BATCH = 500
/** Failures that are made smaller and saved; one defect fails many graphs. */
const SAVED = 5

const GCC: HostCompiler = { command: 'g++', flags: ['-O1', ...strictWarnings] }
const CLANG: HostCompiler = {
  command: 'clang++',
  flags: [
    '-O1',
    ...strictWarnings,
    '-fsanitize=address,undefined',
    '-fno-sanitize-recover=all',
    '-DFUZZ_ADDRESS_SANITIZER',
  ],
}

const skip = (command: string): string | false => skipWithoutOracle() || skipWithout(command)

/** With fewer graphs, it is left to chance what is covered. */
const ENOUGH = 500

/** Every operator is in some graphs that compute what the oracle does, in each type. */
function testCoverage(t: Pick<Test, 'ok'>, { operators, verdicts }: Summary): void {
  const least = Math.floor(GRAPHS / 50)
  for (const kind of KINDS) {
    const { equal = 0, equalFloat32 = 0 } = operators.find((operator) => operator.kind === kind) ?? {}
    t.ok(builtinOperators.has(kind), `${kind} is an operator of eonc`)
    t.ok(equal - equalFloat32 >= least, `${kind} on int8 is in at least ${least} graphs`)
    // Only int8 can be dequantized.
    if (kind !== 'DEQUANTIZE') t.ok(equalFloat32 >= least, `${kind} on float32 is in at least ${least} graphs`)
  }
  t.ok((verdicts.get('equal') ?? 0) > 0.8 * GRAPHS, 'most graphs are fine')
  t.ok((verdicts.get('refused by both') ?? 0) > 0.02 * GRAPHS, 'some graphs are refused')
}

type Failure = Extract<Verdict, { kind: 'failed' }>

/** Makes a failing graph smaller and saves it. Gives the words of the failure, and details of what is left. */
async function explain(
  graph: RandomGraph,
  verdict: Failure,
  options: BatchOptions,
): Promise<readonly [message: string, details: object]> {
  const smaller = await shrink(graph, verdict, options)
  const { stage, message } = smaller.verdict
  const folder = join('build/fuzz/failures', `${options.seed}-${graph.name}`)
  const reason = `EONC_SEED=${options.seed}, ${graph.name}: ${stage}: ${message.split('\n')[0] ?? ''}`
  await saveFailure(folder, smaller.graph.model, options.seed, reason)
  const details = { seed: options.seed, saved: folder, graph: describeModel(smaller.graph.model) }
  return [`${stage}: ${message} (made smaller, saved in ${folder})`, details]
}

/** Runs `count` graphs of a seed, each made by `make`, with one assertion for each. */
async function fuzz(
  t: Pick<Test, 'pass' | 'fail' | 'comment'>,
  seed: number,
  count: number,
  options: Omit<BatchOptions, 'seed'>,
  make: (seed: number, index: number) => RandomGraph = randomGraph,
): Promise<Summary> {
  const graphs = Array.from({ length: count }, (_, index) => make(seed, index))
  const verdicts: Verdict[] = []
  let saved = 0
  for (let first = 0; first < count; first += BATCH) {
    const batch = graphs.slice(first, first + BATCH)
    const results = await runBatch(batch, { ...options, seed })
    verdicts.push(...results)
    for (const [index, verdict] of results.entries()) {
      const graph = batch[index] as RandomGraph
      const name = graph.damage === undefined ? graph.name : `${graph.name} with ${graph.damage}`
      if (verdict.kind !== 'failed') t.pass(`${name}: ${verdict.kind}`)
      else if (saved === SAVED) t.fail(`${name}: ${verdict.stage}: ${verdict.message}`)
      else {
        saved += 1
        const [message, details] = await explain(graph, verdict, { ...options, seed })
        t.fail(`${name}: ${message}`, details)
      }
    }
  }
  const summary = summarize(graphs, verdicts)
  for (const line of summaryLines(summary)) t.comment(line)
  return summary
}

t.test(
  `${GRAPHS} random graphs compute what the oracle does, byte for byte (EONC_SEED=${SEED})`,
  { skip: skip('g++') },
  async (t) => {
    const summary = await fuzz(t, SEED, GRAPHS, { folder: `build/fuzz/${SEED}`, compiler: GCC, references: true })
    if (GRAPHS >= ENOUGH) testCoverage(t, summary)
  },
)

t.test(
  `${SANITIZED} random graphs under the address and undefined-behaviour sanitizers (EONC_SEED=${SEED + 1})`,
  { skip: skip('clang++') },
  async (t) => {
    await fuzz(t, SEED + 1, SANITIZED, { folder: `build/fuzz/${SEED + 1}`, compiler: CLANG, references: false })
  },
)

t.test(
  `${NETWORKS} random networks, most of them in cascades, under the same sanitizers (EONC_SEED=${SEED + 2})`,
  { skip: skip('clang++') },
  async (t) => {
    const options = { folder: `build/fuzz/${SEED + 2}`, compiler: CLANG, references: false }
    const { verdicts } = await fuzz(t, SEED + 2, NETWORKS, options, randomNetwork)
    t.ok((verdicts.get('equal') ?? 0) > 0.8 * NETWORKS, 'most networks are fine')
  },
)

/** Whether a model compiles, and has fewer channels or layers then. */
function losesChannels({ model }: RandomGraph): boolean {
  const planned = collect(() => planModel(writeModel(model), HOST_PLAN))
  if (!('value' in planned)) return false
  const { source, graph } = planned.value
  return removedChannels(source, graph, builtinOperators).layers.length > 0
}

t.test(
  `${PLANTED} random models with dead, constant and nearly constant channels (EONC_SEED=${SEED + 3})`,
  { skip: skip('clang++') },
  async (t) => {
    const options = { folder: `build/fuzz/${SEED + 3}`, compiler: CLANG, references: true }
    const { verdicts } = await fuzz(t, SEED + 3, PLANTED, options, plantedGraph)
    t.ok((verdicts.get('equal') ?? 0) > 0.8 * PLANTED, 'most models are fine')
    const graphs = Array.from({ length: PLANTED }, (_, index) => plantedGraph(SEED + 3, index))
    const narrowed = graphs.filter(losesChannels).length
    t.comment(`${narrowed} models lose channels`)
    t.ok(narrowed > 0.4 * PLANTED, 'many of them lose channels')
  },
)

/** How the operators of a model are planned that run lane by lane: by kind and type. */
function inLanes({ model, ram, input, streamInput }: RandomGraph): readonly string[] {
  const mode = { ...(ram && { ram }), ...(input && { input }), ...(streamInput !== undefined && { streamInput }) }
  const planned = collect(() => planModel(writeModel(model), { ...HOST_PLAN, ...mode }))
  if (!('value' in planned)) return []
  const { graph, schedule } = planned.value
  const flows = schedule.stages.flatMap((stage) => stage.flows.filter(({ lanes }) => lanes !== undefined))
  return flows.map(
    ({ selected: { operator } }) => `${operator.kind} ${tensorAt(graph, operator.outputs[0] ?? -1).type}`,
  )
}

t.test(
  `${LANES} random models, most of which run lane by lane, under the same sanitizers (EONC_SEED=${SEED + 4})`,
  { skip: skip('clang++') },
  async (t) => {
    const options = { folder: `build/fuzz/${SEED + 4}`, compiler: CLANG, references: false }
    const { verdicts } = await fuzz(t, SEED + 4, LANES, options, randomLanes)
    t.ok((verdicts.get('equal') ?? 0) > 0.8 * LANES, 'most models are fine')
    const found = Array.from({ length: LANES }, (_, index) => inLanes(randomLanes(SEED + 4, index)))
    t.ok(found.filter(({ length }) => length > 0).length > LANES / 2, 'most models have lanes')
    for (const kind of ['DEPTHWISE_CONV_2D', 'AVERAGE_POOL_2D', 'MAX_POOL_2D'])
      for (const type of ['int8', 'float32']) {
        const count = found.filter((operators) => operators.includes(`${kind} ${type}`)).length
        t.ok(count >= LANES / 15, `${kind} ${type} in ${count} of ${LANES}`)
      }
  },
)

/** How many layers of a model have packed weights. */
function packedLayers({ model, rom }: RandomGraph): number {
  const lowered = collect(() => lowerVariants(writeModel(model), { ...HOST_PLAN, cpu: 'host', ...(rom && { rom }) }))
  if (!('value' in lowered)) return 0
  const calls = lowered.value.flatMap(({ program }) => callsOf(program))
  return calls.filter(({ family }) => family === 'packed_fully_connected').length
}

t.test(
  `${DENSE} random dense networks with packed weights, under the same sanitizers (EONC_SEED=${SEED + 5})`,
  { skip: skip('clang++') },
  async (t) => {
    const options = { folder: `build/fuzz/${SEED + 5}`, compiler: CLANG, references: false }
    const { verdicts } = await fuzz(t, SEED + 5, DENSE, options, randomDense)
    t.ok((verdicts.get('equal') ?? 0) > 0.9 * DENSE, 'most networks are fine')
    const packed = Array.from({ length: DENSE }, (_, index) => packedLayers(randomDense(SEED + 5, index)))
    t.ok(packed.filter((layers) => layers > 0).length > 0.7 * DENSE, 'most networks have packed layers')
    t.ok(packed.some((layers) => layers > 1))
  },
)
