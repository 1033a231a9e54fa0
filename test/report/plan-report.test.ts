import { readFileSync } from 'node:fs'
import t from 'tap'
import { compileSources, lowerModel, planModel } from '../../src/compile.js'
import { type BufferReport, type PlanReport, planReport } from '../../src/report/index.js'
import { activation, bias, chain, conv, plain, weights } from '../support/layers.js'
import { ownModels } from '../support/models.js'
import { loweredFrom, PLAN_OPTIONS } from '../support/programs.js'
import { pooled, residual } from './samples.js'

const shape = [1, 8]
/** What a buffer is for, what it holds, and where it lies. */
const summary = ({ kind, name, offset, bytes }: BufferReport): string => `${kind} ${name} ${bytes} at ${offset}`

/** Bytes of the arena that buffers reach. */
const reach = ({ buffers }: PlanReport): number => Math.max(...buffers.map(({ offset, bytes }) => offset + bytes))

t.test('a cascade: operators with their rings, and what is alive at the worst moment', (t) => {
  const report = planReport(loweredFrom(residual))
  // an image of 6 rows of 20 bytes is given, and the result takes the place of the rows that are done with
  t.match(report, { input: 'resident', contextBytes: 180, arenaBytes: 180, lowerBound: 160 })
  t.match(report.stages, [
    {
      kind: 'cascade',
      operators: [
        { index: 0, kind: 'CONV_2D', name: 'c', ring: { unit: 'row', pieces: 1, ofPieces: 6, bytes: 20 } },
        { index: 1, kind: 'RELU', name: 'r', ring: { unit: 'row', pieces: 1, ofPieces: 6, bytes: 20 } },
        { index: 2, kind: 'ADD', name: 'y' },
      ],
      bytes: 160,
      steps: 18,
    },
  ])
  t.notOk(report.stages[0]?.operators[2]?.ring, 'the result is held whole')
  t.same(report.peak, {
    bytes: 160,
    during: { stage: 0, operator: 1 },
    buffers: [
      { buffer: 0, bytes: 120 },
      { buffer: 1, bytes: 20 },
      { buffer: 2, bytes: 20 },
    ],
  })
  t.same(report.buffers.map(summary), [
    'input x 120 at 20',
    'ring c 20 at 160',
    'ring r 20 at 140',
    'output y 120 at 0',
  ])
  t.end()
})

t.test('a buffer lives from one operator to another; before and after all, in the hands of the application', (t) => {
  const lives = planReport(loweredFrom(residual)).buffers.map(({ from, to }) => [from?.operator, to?.operator])
  t.same(lives, [
    [undefined, 2],
    [0, 1],
    [1, 2],
    [2, undefined],
  ])
  t.end()
})

t.test('an input that comes in pieces is filled by a step, not before', (t) => {
  const report = planReport(loweredFrom(residual, { input: 'stream' }))
  t.equal(report.input, 'stream')
  t.ok(report.contextBytes > report.arenaBytes, 'the context knows how far the input has come')
  t.match(report.stages[0]?.operators, [{ index: -1, kind: 'INPUT', name: 'x', constantBytes: 0 }])
  t.match(report.buffers[0], { kind: 'input', name: 'x', from: { stage: 0, operator: -1 } })
  t.end()
})

t.test('accumulators are buffers of their own, named by the output that they become', (t) => {
  const { stages, buffers } = planReport(loweredFrom(pooled))
  // 32 bits for each of 4 channels
  t.match(stages[0]?.operators[1], { kind: 'AVERAGE_POOL_2D', accumulatorBytes: 16 })
  t.match(
    buffers.find(({ kind }) => kind === 'accumulators'),
    { name: 'y', tensors: [], bytes: 16, from: { operator: 1 }, to: { operator: 1 } },
  )
  t.end()
})

t.test('a queue of results that wait is scratch of the operator, which tells how far they are behind', (t) => {
  const tensors = [activation('x', [1, 4, 5, 3]), activation('y', [1, 4, 5, 3])]
  const pool = { padding: 'SAME', strideH: 1, strideW: 1, filterH: 3, filterW: 3 } as const
  const model = chain(tensors, [{ kind: 'MAX_POOL_2D', inputs: [0], outputs: [1], options: pool }])
  const { stages, buffers } = planReport(loweredFrom(model, { optimize: 'ram' }))
  t.match(stages[0]?.operators, [{ kind: 'MAX_POOL_2D', lanes: { delay: 6, bytes: 6 } }])
  t.match(buffers, [
    { kind: 'input', tensors: [{ name: 'x' }, { name: 'y' }], bytes: 60 },
    { kind: 'scratch', name: 'y', bytes: 6 },
  ])
  t.end()
})

t.test('a buffer tells all tensors that it holds in place', (t) => {
  const tensors = [activation('x', shape), activation('y', shape, 0.2, 0)]
  const report = planReport(loweredFrom(chain(tensors, [plain('QUANTIZE', 0, 1)])))
  t.equal(report.buffers.length, 1)
  t.match(report.buffers[0], { kind: 'input', name: 'x', bytes: 8 })
  t.same(
    report.buffers[0]?.tensors.map(({ name, type, shape }) => `${name} ${type} ${shape.join('x')}`),
    ['x int8 1x8', 'y int8 1x8'],
  )
  t.equal(report.lowerBound, 8)
  t.end()
})

t.test('constants count for the operator that is the first to use them', (t) => {
  const tensors = [
    activation('x', [1, 3, 3, 2]),
    weights('w', [2, 1, 1, 2]),
    bias('b', [1, 2]),
    activation('a', [1, 3, 3, 2]),
    activation('y', [1, 3, 3, 2]),
  ]
  const twice = chain(tensors, [conv([0, 1, 2], 3), conv([3, 1, 2], 4)])
  const { stages, constantBytes } = planReport(loweredFrom(twice))
  const [first, second] = stages.flatMap(({ operators }) => operators).map((operator) => operator.constantBytes)
  t.ok((first ?? 0) >= 4 + 8, 'weights and bias')
  t.equal(second, 0, 'the same weights, biases and scales are stored once')
  t.equal(first, constantBytes)
  t.end()
})

t.test('the reports of models add up, and say what the compiled model says', (t) => {
  for (const { name, path } of ownModels()) {
    const bytes = readFileSync(path)
    const options = { ...PLAN_OPTIONS, name }
    const report = planReport(lowerModel(planModel(bytes, options), options))
    const { facts } = compileSources(bytes, options).sources
    const { contextBytes, constantBytes } = report
    t.match(facts.kernelSets.at(-1), { name: report.kernels, contextBytes, constantBytes }, name)
    t.equal(
      report.peak.buffers.reduce((sum, buffer) => sum + buffer.bytes, 0),
      report.lowerBound,
    )
    t.equal(report.lowerBound, Math.max(...report.stages.map((stage) => stage.bytes)), 'the worst stage is the bound')
    t.equal(reach(report), report.arenaBytes)
    const operators = report.stages.flatMap((stage) => stage.operators)
    t.equal(
      operators.reduce((sum, operator) => sum + operator.constantBytes, 0),
      report.constantBytes,
    )
  }
  t.end()
})
