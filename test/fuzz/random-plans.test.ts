import t, { type Test } from 'tap'
import { INPUT_MODES, type InputMode, type PlannedModel, planModel } from '../../src/compile.js'
import { collect } from '../../src/diagnostics.js'
import { checkPlan } from '../../src/memory/index.js'
import { builtinOperators, GRANULARITIES, type Granularity } from '../../src/ops/index.js'
import { writeModel } from '../support/model-writer.js'
import { runSeed, seededRandom } from '../support/random.js'
import { describeModel } from './failures.js'
import { type RandomGraph, randomGraph, singleInputs } from './random-graph.js'
import { randomNetwork } from './random-network.js'
import { randomSequences } from './random-sequences.js'
import { HOST_PLAN } from './references.js'

const SEED = runSeed(3)
const LONG = process.env['EONC_LONG'] !== undefined
const GRAPHS = LONG ? 5_000 : 1_000
const NETWORKS = LONG ? 2_000 : 250

/** Their kernels need no scratch, or all kinds of it. */
const PROCESSORS = ['host', 'host', 'cortex-m4f', 'cortex-m0plus', 'cortex-m55'] as const
type Cpu = (typeof PROCESSORS)[number]

/** In how many plans something occurred. */
type Coverage = Map<string, number>

/** What a plan is made of, to compare it with another. */
function contents({ plan, schedule }: PlannedModel): string {
  const { bytes, bound, offsets, rings, accumulators, scratch } = plan
  const stages = schedule.stages.map(({ key }) => key)
  return JSON.stringify([bytes, bound, [...offsets], [...rings], [...accumulators], [...scratch], stages])
}

/** Plans a model in one granularity and mode, and says what is wrong with the plan; undefined when it is sound or the model refused. */
function defect(
  graph: RandomGraph,
  ram: Granularity,
  mode: InputMode,
  cpu: Cpu,
  twice: boolean,
  coverage: Coverage,
): string | undefined {
  const pieces = mode === 'stream' || mode === 'callback'
  const [name] = singleInputs(graph.model).filter((each) => each === (graph.streamInput ?? each))
  if (pieces && name === undefined) return undefined
  const plan = () =>
    planModel(writeModel(graph.model), {
      ...HOST_PLAN,
      cpu,
      // for least RAM, kernels have no scratch, and lanes are for that alone
      optimize: cpu === 'host' ? 'ram' : 'balanced',
      ram,
      input: mode,
      ...(pieces && name && { streamInput: name }),
    })
  const planned = collect(plan)
  if ('diagnostics' in planned)
    return planned.diagnostics.some(({ code }) => code === 'BAD_OPTION') ? 'option' : undefined
  const { value } = planned
  for (const property of propertiesOf(value)) coverage.set(property, (coverage.get(property) ?? 0) + 1)
  const [clobber] = checkPlan(value.graph, value.schedule, builtinOperators, value.plan)
  if (clobber !== undefined) return `a tensor is lost: ${JSON.stringify(clobber)}`
  if (value.plan.bytes < value.plan.bound) return `${value.plan.bytes} bytes, below the bound ${value.plan.bound}`
  return twice && contents(plan()) !== contents(value) ? 'another plan the second time' : undefined
}

function propertiesOf({ plan, schedule, graph, inputs, feed }: PlannedModel): readonly string[] {
  const [first] = schedule.stages
  const facts: Readonly<Record<string, boolean>> = {
    'any plan': true,
    'a cascade': schedule.stages.some(({ flows }) => flows.length > 1),
    'a cascade of more than four operators': schedule.stages.some(({ flows }) => flows.length > 4),
    'an input that a cascade takes unit by unit': feed !== undefined && (first?.flows.length ?? 0) > 1,
    rings: plan.rings.size > 0,
    'pieces that are pixels': schedule.stages.some(
      (stage) => stage.flows.length > 1 && stage.flows.some(({ units }) => units?.dimensions === 2),
    ),
    'segments of sequences': schedule.stages.some(
      (stage) => stage.flows.length > 1 && stage.flows.some(({ units }) => units?.segment !== undefined),
    ),
    'scratch of kernels': plan.scratch.size > 0,
    accumulators: plan.accumulators.size > 0,
    lanes: schedule.stages.some((stage) => stage.flows.some(({ lanes }) => lanes !== undefined)),
    'several inputs': inputs.length > 1,
    'several outputs': graph.outputs.length > 1,
    'the bound is reached': plan.bytes === plan.bound,
  }
  return Object.keys(facts).filter((property) => facts[property])
}

/** Plans models in both granularities and every mode, one of them twice. Gives in how many plans each property occurred. */
function planAll(t: Pick<Test, 'same' | 'comment'>, graphs: readonly RandomGraph[]): Coverage {
  const random = seededRandom(SEED)
  const coverage: Coverage = new Map()
  const defects: string[] = []
  for (const graph of graphs) {
    const twice = random.pick(INPUT_MODES)
    const cpu = random.pick(PROCESSORS)
    for (const [ram, mode] of GRANULARITIES.flatMap((each) => INPUT_MODES.map((input) => [each, input] as const))) {
      let found: string | undefined
      try {
        found = defect(graph, ram, mode, cpu, mode === twice, coverage)
      } catch (error) {
        found = String(error)
      }
      if (found !== undefined)
        defects.push(`${graph.name}, ${cpu}, ${ram}, ${mode}: ${found}\n${describeModel(graph.model)}`)
    }
  }
  t.same(defects.slice(0, 5), [], `${defects.length} defects (EONC_SEED=${SEED})`)
  for (const [property, count] of coverage) t.comment(`${count} plans: ${property}`)
  return coverage
}

t.test(`${GRAPHS} random graphs are planned soundly in every granularity and input mode (EONC_SEED=${SEED})`, (t) => {
  const graphs = Array.from({ length: GRAPHS }, (_, index) => randomGraph(SEED, index))
  const coverage = planAll(t, graphs)
  for (const property of [
    'a cascade',
    'rings',
    'pieces that are pixels',
    'accumulators',
    'lanes',
    'several inputs',
    'several outputs',
  ])
    t.ok((coverage.get(property) ?? 0) >= GRAPHS / 100, property)
  t.ok((coverage.get('any plan') ?? 0) > 6 * GRAPHS, 'most graphs are planned, and most of them in each mode')
  t.end()
})

t.test(`${NETWORKS} random networks of sequences are planned soundly in the same way (EONC_SEED=${SEED})`, (t) => {
  const coverage = planAll(
    t,
    Array.from({ length: NETWORKS }, (_, index) => randomSequences(SEED, index)),
  )
  for (const property of ['a cascade', 'segments of sequences', 'scratch of kernels', 'accumulators'])
    t.ok((coverage.get(property) ?? 0) >= NETWORKS / 4, property)
  t.end()
})

t.test(
  `${NETWORKS} random networks are planned soundly in every granularity and input mode (EONC_SEED=${SEED})`,
  (t) => {
    const networks = Array.from({ length: NETWORKS }, (_, index) => randomNetwork(SEED, index))
    const coverage = planAll(t, networks)
    const plans = coverage.get('any plan') ?? 0
    t.ok(plans > 6 * NETWORKS, 'most networks are planned, and most of them in each mode')
    t.ok((coverage.get('a cascade') ?? 0) > plans / 2, 'most networks have a cascade')
    t.ok((coverage.get('an input that a cascade takes unit by unit') ?? 0) > NETWORKS / 5)
    for (const property of [
      'a cascade of more than four operators',
      'accumulators',
      'several inputs',
      'several outputs',
    ])
      t.ok((coverage.get(property) ?? 0) >= NETWORKS / 10, property)
    t.end()
  },
)
