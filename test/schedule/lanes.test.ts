import t from 'tap'
import { planModel, type PlanOptions } from '../../src/compile.js'
import type { Tensor } from '../../src/ir/index.js'
import type { Access, WindowAxis } from '../../src/ops/index.js'
import type { OperatorFlow } from '../../src/schedule/index.js'
import { laneDelay } from '../../src/schedule/lanes.js'
import { activation, bias, chain, plain, weights } from '../support/layers.js'
import { type ModelSpec, type OperatorSpec, type TensorSpec, writeModel } from '../support/model-writer.js'
import { PLAN_OPTIONS as DEFAULTS } from '../support/programs.js'
import { type Random, seededRandom } from '../support/random.js'

/** With least RAM, as lanes are for that alone. */
const PLAN_OPTIONS: PlanOptions = { ...DEFAULTS, optimize: 'ram' }

type WindowAccess = Extract<Access, { readonly kind: 'window' }>

const image = (height: number, width: number): Tensor => ({
  ...({ index: 0, name: '', type: 'int8', isVariable: false } as const),
  shape: [1, height, width, 3],
})

/** Each window with the extents of its input and output, along one axis. */
interface Extents {
  readonly axis: WindowAxis
  readonly input: number
  readonly output: number
}

const square = ({ axis, input, output }: Extents): number =>
  laneDelay({ kind: 'window', rows: axis, columns: axis }, image(input, input), image(output, output))

t.test('how many results wait, by hand', (t) => {
  const axis = (size: number, stride: number, before: number, dilation = 1): WindowAxis => ({
    ...{ size, stride, dilation, before },
  })
  t.equal(square({ axis: axis(3, 1, 1), input: 7, output: 7 }), 8, 'a 3x3 window needs the row above, and a pixel more')
  t.equal(square({ axis: axis(5, 1, 2), input: 7, output: 7 }), 16)
  t.equal(square({ axis: axis(3, 1, 2, 2), input: 7, output: 7 }), 16, 'taps that lie apart reach as far')
  t.equal(square({ axis: axis(1, 1, 0), input: 7, output: 7 }), 0, 'a single tap is read as it is overwritten')
  t.equal(square({ axis: axis(3, 1, 0), input: 7, output: 5 }), 0, 'without padding, results fall behind')
  t.equal(square({ axis: axis(2, 2, 0), input: 8, output: 4 }), 0)
  t.equal(square({ axis: axis(7, 1, 0), input: 7, output: 1 }), 0)
  t.equal(square({ axis: axis(5, 2, 2), input: 7, output: 4 }), 5, 'the second row of results reads the first one')
  t.equal(square({ axis: axis(2, 1, 9), input: 4, output: 5 }), 0, 'all taps are in the padding')
  t.end()
})

/** Whether each result finds what it reads, if results of a lane are written `delay` results later. */
function isSound(
  { rows, columns }: WindowAccess,
  [height, width]: Size,
  [outputHeight, outputWidth]: Size,
  delay: number,
) {
  const owner = Array.from({ length: height * width }, () => 'input')
  const taps = ({ size, stride, dilation, before }: WindowAxis, p: number, extent: number): readonly number[] =>
    Array.from({ length: size }, (_, tap) => p * stride - before + tap * dilation).filter((i) => i >= 0 && i < extent)
  for (let n = 0; n < outputHeight * outputWidth; n += 1) {
    for (const y of taps(rows, Math.floor(n / outputWidth), height))
      for (const x of taps(columns, n % outputWidth, width)) if (owner[y * width + x] !== 'input') return false
    if (n >= delay) owner[n - delay] = 'output'
  }
  return true
}

type Size = readonly [number, number]

function randomExtents(random: Random): Extents {
  const [size, stride, dilation] = [random.between(1, 5), random.pick([1, 1, 1, 2, 3]), random.pick([1, 1, 2, 3])]
  const input = random.between(1, 8)
  const before = random.below((size - 1) * dilation + 1)
  const after = random.below((size - 1) * dilation + 1)
  const output = Math.floor((before + input + after - (size - 1) * dilation - 1) / stride) + 1
  return { axis: { size, stride, dilation, before }, input, output }
}

t.test('of random windows, as many results wait as have to, and no more', (t) => {
  const random = seededRandom(5)
  let [checked, waiting] = [0, 0]
  while (checked < 2000) {
    const [rows, columns] = [randomExtents(random), randomExtents(random)]
    const input: Size = [rows.input, columns.input]
    const output: Size = [rows.output, columns.output]
    if (Math.min(...output) < 1 || output[0] * output[1] > input[0] * input[1]) continue
    const access: WindowAccess = { kind: 'window', rows: rows.axis, columns: columns.axis }
    const delay = laneDelay(access, image(...input), image(...output))
    const name = JSON.stringify({ rows, columns, delay })
    if (!isSound(access, input, output, delay)) t.fail(`too few: ${name}`)
    if (delay > 0 && isSound(access, input, output, delay - 1)) t.fail(`too many: ${name}`)
    if (delay >= output[0] * output[1]) t.fail(`more than there are: ${name}`)
    checked += 1
    if (delay > 0) waiting += 1
  }
  t.ok(waiting > 500 && waiting < 1900, `${waiting} of ${checked} wait`)
  t.end()
})

const depthwise = (multiplier = 1): OperatorSpec => ({
  kind: 'DEPTHWISE_CONV_2D',
  inputs: [0, 1, 2],
  outputs: [3],
  options: { padding: 'SAME', strideW: 1, strideH: 1, depthMultiplier: multiplier },
})

/** A depthwise convolution by itself. */
function layer({ batches = 1, multiplier = 1, tensors = [] as TensorSpec[], operators = [] as OperatorSpec[] } = {}) {
  const channels = 6 * multiplier
  const bias6 = Array.from({ length: channels }, (_, i) => 40 * i)
  return chain(
    [
      activation('x', [batches, 6, 5, 6]),
      weights('w', [1, 3, 3, channels]),
      bias('b', bias6),
      activation('y', [batches, 6, 5, channels], 0.4, 2),
      ...tensors,
    ],
    [depthwise(multiplier), ...operators],
  )
}

const flowsOf = (model: ModelSpec, options: Partial<PlanOptions> = {}): readonly OperatorFlow[] =>
  planModel(writeModel(model), { ...PLAN_OPTIONS, ...options }).schedule.stages.flatMap(({ flows }) => flows)

const delays = (model: ModelSpec, options?: Partial<PlanOptions>): readonly (number | undefined)[] =>
  flowsOf(model, options).map(({ lanes }) => lanes?.delay)

t.test('a depthwise convolution by itself runs lane by lane over its input', (t) => {
  t.same(delays(layer()), [6])
  const { plan } = planModel(writeModel(layer()), PLAN_OPTIONS)
  t.equal(plan.bytes, 180 + 6)
  t.equal(plan.offsets.get(3), plan.offsets.get(0))
  t.end()
})

t.test('it does not where that is not possible', (t) => {
  t.same(delays(layer(), { input: 'preserve' }), [undefined], 'its input outlives it')
  t.same(delays(layer({ batches: 2 })), [undefined], 'its batch is larger than 1')
  t.same(delays(layer({ multiplier: 2 })), [undefined], 'its output is larger')
  const sum = { tensors: [activation('z', [1, 6, 5, 6])], operators: [{ kind: 'ADD', inputs: [0, 3], outputs: [4], options: {} }] } // prettier-ignore
  t.notOk(
    flowsOf(layer(sum as object)).some(({ lanes }) => lanes !== undefined),
    'its input is read later',
  )
  t.end()
})

t.test('it does not where speed is all that counts', (t) => {
  t.same(delays(layer(), { optimize: 'speed' }), [undefined])
  t.end()
})

t.test('it does not where something else needs as much as it does all at once', (t) => {
  const outputs = 90
  const dense: OperatorSpec = { kind: 'FULLY_CONNECTED', inputs: [3, 4, 5], outputs: [6], options: {} }
  const tensors = [
    weights('v', [outputs, 180]),
    bias('c', Array<number>(outputs).fill(3), 0.008),
    activation('scores', [1, outputs]),
  ]
  const model = layer({ tensors, operators: [dense] })
  t.equal(planModel(writeModel(model), PLAN_OPTIONS).plan.bytes, 180 + outputs)
  t.same(delays(model), [undefined, undefined])
  t.end()
})

t.test('what runs in place element by element has no lanes', (t) => {
  const operators = [plain('QUANTIZE', 3, 4)]
  t.same(delays(layer({ tensors: [activation('z', [1, 6, 5, 6], 0.1, 0)], operators })), [6, undefined])
  t.end()
})
