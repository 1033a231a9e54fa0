/** Packed weights, read back by what `src/kernels/README.md` says of them. */
import t from 'tap'
import type { KernelRequest } from '../../src/ops/index.js'
import { layOut } from '../../src/packing/index.js'
import { packedRequests } from '../../src/select/packed.js'
import { seededRandom } from '../support/random.js'

const random = seededRandom(7)
const GROUPS = { 3: [20, 2], 4: [8, 1], 5: [12, 2], 6: [16, 3], 8: [4, 1] } as const
type Width = keyof typeof GROUPS

function dense(inputs: number, outputs: number, weight: (index: number) => number): KernelRequest {
  const fields = {
    weights: Int8Array.from({ length: inputs * outputs }, (_, index) => weight(index)),
    bias: new Int32Array(outputs),
    ...{ multiplier: Int32Array.of(2 ** 30), shift: Int8Array.of(-8), channel_step: 0 },
    ...{ rows: 1, inputs, outputs, output_zero_point: 0, clamp_min: -128, clamp_max: 127 },
  }
  return { family: 'fully_connected', type: 's8', fields, reads: [0] }
}

/** The streams of a request; undefined where its weights are not packed. */
function streamsOf(request: KernelRequest, set = 'portable') {
  const packed = packedRequests([request], set).get(request)
  if (packed === undefined) return undefined
  const { words, codes } = layOut({ ...packed, set: 'portable' })
  if (!(words instanceof Int32Array) || !(codes instanceof Uint8Array)) throw new Error('there are no streams')
  t.equal(words.byteLength + codes.byteLength, packed.packing.bytes.after, 'the bytes are those that were foreseen')
  return { words, codes }
}

/** The field of an input in a group's words. */
function fieldAt(words: Int32Array, width: Width, input: number): number {
  const upper = input & 2 ? 16 : 0
  const pair = 2 * (input >> 2) + (input & 1)
  const half = (word: number): number => ((words[word] ?? 0) >>> upper) & 0xffff
  if (width === 6 && pair >= 6) return (half(pair - 6) >> 12) | (((half(2) >> (12 + 2 * (pair - 6))) & 3) << 4)
  const perWord = Math.floor(16 / width)
  return (half(Math.floor(pair / perWord)) >> (width * (pair % perWord))) & (2 ** width - 1)
}

function unpack({ words, codes }: { words: Int32Array; codes: Uint8Array }, inputs: number, outputs: number): number[] {
  const weights: number[] = []
  let [word, at] = [0, 0]
  const next = (): number => codes[at++] ?? NaN
  for (let output = 0; output < outputs; output += 1) {
    const [width, least, corrections] = [next() as Width, (next() << 24) >> 24, next()]
    const [size, length] = GROUPS[width]
    const row: number[] = []
    for (; row.length + size <= inputs; word += length)
      for (let input = 0; input < size; input += 1)
        row.push(fieldAt(words.subarray(word, word + length), width, input % size) + least)
    while (row.length < inputs) row.push((next() << 24) >> 24)
    let input = 0
    for (let i = 0; i < corrections; i += 1) {
      const code = next()
      input += code >> 3
      row[input] = (row[input] ?? NaN) + ((code << 29) >> 29) * 2 ** width
    }
    weights.push(...row)
  }
  t.equal(at, codes.length, 'all codes are read')
  t.equal(word, words.length, 'all words are read')
  return weights
}

const bell = (deviation: number): number => {
  const sum = Array.from({ length: 12 }, () => random.between(-1000, 1000)).reduce((a, b) => a + b, 0)
  return Math.max(-128, Math.min(127, Math.round((sum / 2000) * deviation)))
}

const DISTRIBUTIONS: Readonly<Record<string, (index: number) => number>> = {
  zeros: () => 0,
  'all -128': () => -128,
  'all 127': () => 127,
  'a zero now and then among -128': () => (random.chance(0.02) ? 0 : -128),
  'both ends, now and then': () => (random.chance(0.03) ? random.pick([-128, 127]) : 0),
  'one far away': (index) => (index % 97 === 5 ? 127 : -1),
  'narrow around 100': () => random.between(97, 103),
  'a narrow bell': () => bell(2),
  'a bell': () => bell(8),
  'a wide bell': () => bell(17),
  'another width in each row': (index) => bell(1 + (Math.floor(index / 64) % 30)),
}

for (const [title, weight] of Object.entries(DISTRIBUTIONS))
  for (const [inputs, outputs] of [
    [640, 24],
    [128, 64],
    [61, 90],
    [1000, 7],
  ] as const)
    t.test(`${title}: ${inputs} inputs, ${outputs} outputs`, (t) => {
      const request = dense(inputs, outputs, weight)
      const streams = streamsOf(request)
      if (streams === undefined) {
        t.match(title, /wide|another/, 'what has few bits is packed')
        return t.end()
      }
      t.same(Int8Array.from(unpack(streams, inputs, outputs)), request.fields['weights'])
      t.end()
    })

t.test('noise is not packed', (t) => {
  t.equal(streamsOf(dense(640, 128, () => random.between(-128, 127))), undefined)
  t.end()
})

t.test('what saves less than the decoder takes is not packed', (t) => {
  t.equal(streamsOf(dense(16, 64, () => 0)), undefined)
  t.ok(streamsOf(dense(64, 64, () => 0)))
  t.end()
})

t.test('where the other kernel is fast, a layer takes more bytes rather than more than three times as long', (t) => {
  const request = dense(640, 64, () => bell(17))
  const [portable, dsp] = ['portable', 'dsp'].map((set) => packedRequests([request], set).get(request)?.packing)
  if (portable === undefined || dsp === undefined) throw new Error('one of them is not packed')
  for (const { instructions } of [portable, dsp]) t.ok(instructions.after <= 3 * instructions.before)
  t.ok(dsp.bytes.after >= portable.bytes.after)
  t.end()
})
