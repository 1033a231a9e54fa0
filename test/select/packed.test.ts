import t from 'tap'
import { compileSources, lowerVariants, type PlanOptions } from '../../src/compile.js'
import { collect } from '../../src/diagnostics.js'
import { callsOf } from '../../src/lower/index.js'
import { planReport } from '../../src/report/index.js'
import { activation, bias, chain, weights } from '../support/layers.js'
import { writeModel } from '../support/model-writer.js'
import { PLAN_OPTIONS } from '../support/programs.js'
import { seededRandom } from '../support/random.js'

const random = seededRandom(8)
const data = (count: number, most: number) => Int8Array.from({ length: count }, () => random.between(-most, most))
const dense = (inputs: number, weights: number, output: number) =>
  ({ kind: 'FULLY_CONNECTED', inputs: [inputs, weights], outputs: [output], options: {} }) as const

/** Two dense layers: one of narrow weights, one of noise. */
const file = writeModel(
  chain(
    [
      activation('x', [1, 128]),
      { ...weights('w', [64, 128]), data: data(64 * 128, 9) },
      activation('h', [1, 64], 0.4),
      { ...weights('v', [128, 64]), data: data(128 * 64, 127) },
      activation('y', [1, 128], 2),
    ],
    [dense(0, 1, 2), dense(2, 3, 4)],
  ),
)

/** Of a processor for which there are kernels of packed weights. */
const BASE = { ...PLAN_OPTIONS, cpu: 'cortex-m4f' } as const
const variants = (options: Partial<PlanOptions>) => lowerVariants(file, { ...BASE, ...options })
const families = (options: Partial<PlanOptions>): readonly string[] =>
  variants({ cpu: 'host', ...options }).flatMap(({ program }) => callsOf(program).map(({ family }) => family))
const bytes = (options: Partial<PlanOptions>): number =>
  variants(options).reduce((most, each) => Math.max(most, planReport(each).constantBytes), 0)

const NORMAL = ['fully_connected', 'fully_connected']
const SMALL = ['packed_fully_connected', 'fully_connected']

t.test('weights are packed on request, where that makes them smaller', (t) => {
  t.same(families({}), NORMAL)
  t.same(families({ rom: 'normal' }), NORMAL)
  t.same(families({ rom: 'small' }), SMALL)
  const kernels = compileSources(file, { ...PLAN_OPTIONS, rom: 'small', name: 'net' }).sources.facts.kernelSets
  t.same(
    kernels.map(({ name, operators }) => [name, operators[0]?.kernel]),
    [
      ['mve', 'eonc_fully_connected_s8_mve'],
      ['dsp', 'eonc_packed_fully_connected_s8_dsp'],
      ['armv6m', 'eonc_packed_fully_connected_s8'],
      ['portable', 'eonc_packed_fully_connected_s8'],
    ],
  )
  t.end()
})

t.test('a budget of ROM packs weights when it is kept by that alone', (t) => {
  const [normal, small] = [bytes({}), bytes({ rom: 'small' })]
  t.ok(small < normal - 1024, `${small} of ${normal} bytes`)
  t.equal(bytes({ maxRom: normal }), normal, 'it fits as it is')
  t.equal(bytes({ maxRom: normal - 1 }), small)
  t.equal(bytes({ maxRom: small }), small)
  t.equal(bytes({ maxRom: small - 1 }), normal, 'packing does not help, so that it is not done')
  t.equal(bytes({ rom: 'normal', maxRom: small }), normal, 'and is not where it is ruled out')
  const over = collect(() => compileSources(file, { ...BASE, rom: 'normal', maxRom: small, name: 'net' }))
  t.match(over, { diagnostics: [{ code: 'OVER_BUDGET' }] })
  t.end()
})

t.test('a plan says what packing saves and costs', (t) => {
  for (const variant of variants({ rom: 'small' })) {
    const { constantBytes, stages } = planReport(variant)
    const [first, second] = stages.flatMap(({ operators }) => operators)
    const packing = first?.packing
    if (packing === undefined) throw new Error('the first layer is not packed')
    t.equal(packing.bytes.before, 64 * 128)
    t.ok(packing.bytes.after < 0.8 * packing.bytes.before)
    t.ok(packing.instructions.after > packing.instructions.before)
    t.ok(packing.instructions.after <= 3 * packing.instructions.before)
    t.equal(second?.packing, undefined)
    t.ok(constantBytes < 2 * 64 * 128 + 128 * 64, 'with biases and all')
  }
  t.end()
})

t.test('what is read again and again in a cascade, or piece by piece, stays as it is', (t) => {
  const image = chain(
    [
      activation('x', [1, 16, 8, 4]),
      { ...weights('w', [8, 3, 3, 4]), data: data(288, 5) },
      activation('d', [1, 16, 8, 8], 0.4),
      { ...weights('v', [16, 1024]), data: data(16 * 1024, 5) },
      bias('b', new Array<number>(16).fill(3)),
      activation('y', [1, 16], 2),
    ],
    [
      {
        kind: 'CONV_2D',
        inputs: [0, 1],
        outputs: [2],
        options: { padding: 'SAME', strideW: 1, strideH: 1 },
      },
      { kind: 'FULLY_CONNECTED', inputs: [2, 3, 4], outputs: [5], options: {} },
    ],
  )
  const options = { ...PLAN_OPTIONS, cpu: 'host', rom: 'small' } as const
  const calls = lowerVariants(writeModel(image), options).flatMap(({ program }) => callsOf(program))
  t.same(
    calls.map(({ form, family }) => `${family} ${form}`),
    ['conv_2d row', 'fully_connected accumulate'],
  )
  t.end()
})
