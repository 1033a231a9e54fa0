import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { type InputMode, type PlannedModel, planModel, type PlanOptions } from '../../src/compile.js'
import type { TensorIndex } from '../../src/ir/index.js'
import { checkPlan } from '../../src/memory/index.js'
import { builtinOperators, type Granularity, type OperatorSet, type WindowAxis } from '../../src/ops/index.js'
import { type HostModel, runOnHost } from '../fuzz/host-program.js'
import type { Stage } from '../../src/schedule/index.js'
import { activation, bias, chain, conv, weights } from '../support/layers.js'
import { type ModelSpec, type OperatorSpec, writeModel } from '../support/model-writer.js'
import { allModels } from '../support/models.js'
import { PLAN_OPTIONS as DEFAULTS } from '../support/programs.js'
import { projectRoot, skipWithout } from '../support/toolchain.js'
import { replanned, sourcesWith } from '../support/variants.js'
import { inputVectors } from '../support/vectors.js'

/** With least RAM, as lanes are for that alone. */
const PLAN_OPTIONS: PlanOptions = { ...DEFAULTS, optimize: 'ram' }

const WORK = join(projectRoot, 'build/test/memory/planted-faults')
/** Enough to see what a softmax makes small. */
const VECTORS = 3

const depthwise = (inputs: readonly number[], output: number): OperatorSpec => ({
  kind: 'DEPTHWISE_CONV_2D',
  inputs,
  outputs: [output],
  options: { padding: 'SAME', strideW: 1, strideH: 1, depthMultiplier: 1 },
})

/** A residual block, a convolution with a stride, and a dense layer: cascades, rings and accumulators. */
const residual: ModelSpec = chain(
  [
    activation('x', [1, 21, 6, 4]),
    weights('w1', [6, 3, 3, 4]),
    bias('b1', [10, 20, 30, 40, 50, 60]),
    activation('first', [1, 21, 6, 6], 0.5, 2),
    weights('w2', [1, 3, 3, 6]),
    bias('b2', [60, 50, 40, 30, 20, 10]),
    activation('around', [1, 21, 6, 6], 1, -5),
    activation('sum', [1, 21, 6, 6], 1.2, 3),
    weights('w3', [8, 3, 3, 6]),
    bias('b3', [1, 2, 3, 4, 5, 6, 7, 8]),
    activation('half', [1, 11, 3, 8], 8, 1),
    weights('w4', [3, 264]),
    bias('b4', [7, 8, 9]),
    activation('y', [1, 3], 200, 0),
  ],
  [
    conv([0, 1, 2], 3, 'SAME'),
    depthwise([3, 4, 5], 6),
    { kind: 'ADD', inputs: [3, 6], outputs: [7], options: {} },
    { kind: 'CONV_2D', inputs: [7, 8, 9], outputs: [10], options: { padding: 'SAME', strideW: 2, strideH: 2 } },
    { kind: 'FULLY_CONNECTED', inputs: [10, 11, 12], outputs: [13], options: {} },
  ],
)

/** A depthwise convolution and pooling that run lane by lane over their input. */
const lanes: ModelSpec = chain(
  [
    activation('x', [1, 8, 7, 6]),
    weights('w', [1, 3, 3, 6]),
    bias('b', [60, 50, 40, 30, 20, 10]),
    activation('y', [1, 8, 7, 6], 0.2, 2),
    activation('z', [1, 8, 7, 6], 0.2, 2),
  ],
  [
    depthwise([0, 1, 2], 3),
    {
      kind: 'MAX_POOL_2D',
      inputs: [3],
      outputs: [4],
      options: { padding: 'SAME', strideW: 1, strideH: 1, filterH: 4, filterW: 2 },
    },
  ],
)

/** A model with cascades or lanes, and how its input comes. Those of others are left out where they are not there. */
interface Subject {
  readonly name: string
  readonly ram: Granularity
  readonly input: InputMode
  readonly file: () => Promise<Uint8Array>
  readonly skip: string | false
}

const own = (input: InputMode, ram: Granularity = 'row'): Subject => ({
  name: `a residual network, ${ram}, ${input}`,
  ram,
  input,
  file: () => Promise.resolve(writeModel(residual)),
  skip: skipWithout('g++'),
})

function foreign(model: string, input: InputMode, ram: Granularity = 'row'): Subject {
  const path = allModels().find(({ name }) => name === model)?.path
  const skip = skipWithout('g++') || (path === undefined && `no ${model} beside the repository`)
  return { name: `${model}, ${ram}, ${input}`, ram, input, file: () => readFile(path ?? ''), skip }
}

const SUBJECTS: readonly Subject[] = [
  own('resident'),
  own('preserve'),
  own('stream'),
  own('callback'),
  foreign('micro_speech_int8', 'callback'),
  foreign('mlperf_tiny_kws_int8', 'stream'),
  foreign('mlperf_tiny_resnet8_int8', 'resident'),
  own('resident', 'pixel'),
  own('stream', 'pixel'),
  foreign('mlperf_tiny_kws_int8', 'stream', 'pixel'),
  { ...own('resident'), name: 'operators lane by lane', file: () => Promise.resolve(writeModel(lanes)) },
]

/** A fault in a plan. */
interface Fault {
  readonly what: string
  readonly change: (planned: PlannedModel) => PlannedModel
}

/** Bytes of a row or pixel of a tensor that has a ring. */
function pieceBytes({ schedule }: PlannedModel, tensor: TensorIndex): number {
  const storage = schedule.storages.get(tensor)
  const flows = schedule.stages.flatMap(({ flows }) => flows)
  return flows.find(({ output }) => output === storage)?.pieceBytes ?? NaN
}

/** Every ring a row or pixel too short, one at a time. */
function shorterRings(planned: PlannedModel): readonly Fault[] {
  const { plan, schedule } = planned
  const roots = [...plan.rings.keys()].filter((tensor) => schedule.storages.get(tensor)?.root === tensor)
  return roots.map((root) => ({
    what: `tensor ${root} in a ring that is a piece too short`,
    change: (original) => {
      const { plan, schedule } = original
      const shorter = [...plan.rings].map(([tensor, bytes]): [TensorIndex, number] => {
        const same = schedule.storages.get(tensor)?.root === root
        return [tensor, same ? bytes - pieceBytes(original, root) : bytes]
      })
      return { ...original, plan: { ...plan, rings: new Map(shorter) } }
    },
  }))
}

/** Accumulators on top of what they are computed from, or of the ring that it is in. */
function misplacedAccumulators({ plan, graph }: PlannedModel): readonly Fault[] {
  return [...plan.accumulators.keys()].map((operator) => ({
    what: `accumulators of operator ${operator} on top of its input`,
    change: (original) => {
      const { inputs = [] } = graph.operators.find(({ index }) => index === operator) ?? {}
      const offset = original.plan.offsets.get(inputs[0] ?? -1) ?? 0
      const accumulators = new Map(original.plan.accumulators).set(operator, offset)
      return { ...original, plan: { ...original.plan, accumulators } }
    },
  }))
}

/** Operators of which the planner thinks that their windows lie otherwise. */
function withAxes(axis: 'rows' | 'columns', change: (axis: WindowAxis) => WindowAxis): OperatorSet {
  const changed = [...builtinOperators].map(([kind, definition]) => {
    const dataFlow: typeof definition.dataFlow = (instance) => {
      const flow = definition.dataFlow(instance)
      const inputs = flow.inputs.map((access) =>
        access.kind === 'window' && access[axis].size > 1 ? { ...access, [axis]: change(access[axis]) } : access,
      )
      return { ...flow, inputs }
    }
    return [kind, { ...definition, dataFlow }] as const
  })
  return new Map(changed)
}

/** Operators that run lane by lane, whose results wait one too few, or in the wrong place. */
function shorterQueues({ schedule, plan }: PlannedModel): readonly Fault[] {
  const operators = schedule.stages.flatMap(({ flows }) =>
    flows.flatMap(({ lanes, selected }) => (lanes === undefined ? [] : [selected.operator.index])),
  )
  const isLane = ({ flows }: Stage, operator: number): boolean =>
    flows.some(({ lanes, selected }) => lanes !== undefined && selected.operator.index === operator)
  return operators.flatMap((operator) => [
    {
      what: `a result of operator ${operator} waits one less`,
      change: (original) => {
        const stages = original.schedule.stages.map((stage) => {
          if (!isLane(stage, operator)) return stage
          const flows = stage.flows.map((flow) => ({ ...flow, lanes: { delay: (flow.lanes?.delay ?? 0) - 1 } }))
          return { ...stage, flows }
        })
        return { ...original, schedule: { ...original.schedule, stages } }
      },
    },
    {
      what: `results of operator ${operator} that wait on top of its input`,
      change: (original) => {
        const scratch = new Map(original.plan.scratch).set(operator, (plan.scratch.get(operator) ?? 0) - 8)
        return { ...original, plan: { ...original.plan, scratch } }
      },
    },
  ])
}

/** Planning with the first or the last row or, for pixels, column of each window forgotten. */
function forgottenTaps(options: PlanOptions): readonly Fault[] {
  const axes = options.ram === 'pixel' ? (['rows', 'columns'] as const) : (['rows'] as const)
  return axes.flatMap((axis) => {
    const first = withAxes(axis, (taps) => ({ ...taps, size: taps.size - 1, before: taps.before - taps.dilation }))
    const last = withAxes(axis, (taps) => ({ ...taps, size: taps.size - 1 }))
    return [
      {
        what: `the first of the ${axis} of each window forgotten`,
        change: (planned: PlannedModel) => replanned(planned, options, { operators: first }),
      },
      {
        what: `the last of the ${axis} of each window forgotten`,
        change: (planned: PlannedModel) => replanned(planned, options, { operators: last }),
      },
    ]
  })
}

/** Whether the checker reports a plan. */
function isReported({ graph, schedule, plan }: PlannedModel): boolean {
  try {
    return checkPlan(graph, schedule, builtinOperators, plan).length > 0
  } catch (error) {
    if (error instanceof RangeError) return true
    throw error
  }
}

for (const [index, { name, ram, input, file, skip }] of SUBJECTS.entries()) {
  t.test(name, { skip }, async (t) => {
    const bytes = await file()
    const options: PlanOptions = { ...PLAN_OPTIONS, ram, input }
    const planned = planModel(bytes, options)
    const queues = shorterQueues(planned)
    const cascades = [...shorterRings(planned), ...misplacedAccumulators(planned), ...forgottenTaps(options)]
    const faults = queues.length > 0 ? queues : cascades
    const none: Fault = { what: 'no fault', change: (planned) => planned }
    const vectors = inputVectors(bytes, VECTORS)
    const models = [none, ...faults].map(({ change }, number): HostModel => {
      const prefix = `subject${index}_${number}`
      return { name: prefix, vectors, sources: sourcesWith(bytes, prefix, options, change) }
    })
    const results = await runOnHost(models, join(WORK, String(index)), { command: 'g++', flags: ['-O1'] })
    const [sound, ...faulty] = results
    t.notOk(isReported(planned), 'without a fault, the checker reports nothing')
    if (sound?.ok !== true) return t.fail('without a fault it runs', { sound })
    t.ok(faults.length >= 4)
    for (const [number, { what, change }] of faults.entries()) {
      t.ok(isReported(change(planned)), `${what}: the checker reports it`)
      const result = faulty[number]
      if (result === undefined || (!result.ok && result.stage === 'build')) return t.fail('it is built', { result })
      const same = result.ok && Buffer.concat(result.outputs.flat()).equals(Buffer.concat(sound.outputs.flat()))
      t.notOk(same, `${what}: the generated code goes wrong`)
    }
  })
}
