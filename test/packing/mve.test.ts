/** Streams of the kernel set `mve`, read back by what `src/kernels/README.md` says of them. */
import t from 'tap'
import type { KernelRequest } from '../../src/ops/index.js'
import { type LaidFields, layOut } from '../../src/packing/index.js'
import { chooseAccumulator, chooseKernel, type KernelTarget } from '../../src/select/index.js'
import { seededRandom } from '../support/random.js'

const random = seededRandom(6)
const BALANCED: KernelTarget = { set: 'mve', goal: 'balanced' }

/** Random weights, biases and scales of `channels` sums of `inputs` products. */
function weighted(channels: number, inputs: number) {
  return {
    weights: Int8Array.from({ length: channels * inputs }, () => random.between(-128, 127)),
    bias: Int32Array.from({ length: channels }, () => random.between(-3000, 3000)),
    multiplier: Int32Array.from({ length: channels }, () => random.between(2 ** 30, 2 ** 31 - 1)),
    shift: Int8Array.from({ length: channels }, () => -random.between(6, 12)),
    channel_step: 1,
    ...{ padding_value: 3, output_zero_point: -7, clamp_min: -128, clamp_max: 127 },
  }
}

const windowOf = (height: number, width: number, depth: number, channels: number) => ({
  ...{ batches: 1, input_height: 9, input_width: 9, input_channels: depth, output_channels: channels },
  ...{ output_height: 9, output_width: 9, filter_height: height, filter_width: width, padding_top: 1, padding_left: 1 },
  ...{ stride_height: 1, stride_width: 1, dilation_height: 1, dilation_width: 1 },
})

function arrayOf<Elements>(
  fields: LaidFields,
  name: string,
  type: abstract new (...all: never[]) => Elements,
): Elements {
  const values = fields[name]
  if (!(values instanceof type)) throw new Error(`there is no ${name}`)
  return values
}

interface Channel {
  readonly bias: number
  readonly multiplier: number
  readonly shift: number
  readonly weights: readonly number[]
}

/** What a stream says of its channels: `blocks` of four, then single ones up to `channels`. */
function readStream(stream: Int32Array, inputs: number, blocks: number, channels: number): readonly Channel[] {
  const bytes = new Int8Array(stream.buffer)
  const read: Channel[] = []
  let word = 0
  for (let block = 0; block < blocks; block += 1) {
    const scales = word + 4 + inputs
    for (let i = 0; i < 4; i += 1) {
      const weights = Array.from({ length: inputs }, (_, input) => {
        const first = input - (input % 16)
        const together = Math.min(16, inputs - first)
        return bytes[4 * (word + 4) + 4 * first + i * together + (input % 16)] ?? NaN
      })
      const [bias = NaN, multiplier = NaN] = [stream[word + i], stream[scales + i]]
      read.push({ bias, multiplier, shift: bytes[4 * (scales + 4) + i] ?? NaN, weights })
    }
    word = scales + 5
  }
  for (; read.length < channels; word += 3 + Math.ceil(inputs / 4)) {
    const [bias = NaN, multiplier = NaN, shift = NaN] = stream.subarray(word, word + 3)
    read.push({ bias, multiplier, shift, weights: [...bytes.subarray(4 * word + 12, 4 * word + 12 + inputs)] })
  }
  if (word !== stream.length) throw new Error(`${stream.length - word} words are left`)
  return read
}

const scalesOf = ({ bias, multiplier, shift }: ReturnType<typeof weighted>, channel: number) => ({
  bias: bias[channel],
  multiplier: multiplier[channel],
  shift: shift[channel],
})

for (const [height, width, depth, channels] of [
  [1, 1, 8, 4],
  [3, 3, 3, 6],
  [3, 3, 16, 5],
  [10, 4, 1, 3],
  [2, 3, 5, 9],
] as const)
  t.test(`a convolution of ${height}x${width}x${depth} to ${channels}`, (t) => {
    const inputs = height * width * depth
    const fields = { ...windowOf(height, width, depth, channels), ...weighted(channels, inputs) }
    const laidOut = layOut(chooseKernel({ family: 'conv_2d', type: 's8', fields, reads: [0] }, BALANCED))
    const blocks = Math.floor(channels / 4)
    t.match(laidOut, { whole: inputs - (inputs % 16), rest: inputs % 16, block_channels: 4 * blocks, relu: 0 })
    readStream(arrayOf(laidOut, 'stream', Int32Array), inputs, blocks, channels).forEach((read, channel) => {
      const column = (kx: number, ky: number): readonly number[] => {
        const first = ((channel * height + ky) * width + kx) * depth
        return [...fields.weights.subarray(first, first + depth)]
      }
      const weights = Array.from({ length: width }, (_, kx) =>
        Array.from({ length: height }, (_, ky) => column(kx, ky)),
      )
      t.same(read, { ...scalesOf(fields, channel), weights: weights.flat(2) })
    })
    t.end()
  })

t.test('columns go into a strip many at a time', (t) => {
  const laidOut = (depth: number, changes: Record<string, number> = {}) => {
    const fields = { ...windowOf(3, 3, depth, 4), ...weighted(4, 9 * depth), ...changes }
    return layOut(chooseKernel({ family: 'conv_2d', type: 's8', fields, reads: [0] }, BALANCED))
  }
  t.match(laidOut(3), {
    ...{ depth: 3, column_distance: 3, column_pitch: 9, lanes: 15, lane_step: 45, input_step: 9 },
    offsets: Int8Array.of(0, 1, 2, 9, 10, 11, 18, 19, 20, 27, 28, 29, 36, 37, 38, 0),
  })
  t.match(laidOut(16), { lanes: 16, lane_step: 48, offsets: Int8Array.from({ length: 16 }, (_, i) => i) })
  t.match(laidOut(17), { lanes: 0, column_pitch: 51 })
  t.match(laidOut(2, { dilation_width: 2 }), { lanes: 16, column_pitch: 18, lane_step: 144, input_step: 18 })
  t.match(laidOut(2, { dilation_width: 2, stride_width: 2 }), { lanes: 0, column_distance: 4, column_pitch: 18 })
  t.end()
})

t.test('a depthwise convolution, in arrays', (t) => {
  const [height, width, channels] = [5, 2, 6]
  const fields = { ...windowOf(height, width, channels, channels), depth_multiplier: 1, ...weighted(channels, 10) }
  const laidOut = layOut(chooseKernel({ family: 'depthwise_conv_2d', type: 's8', fields, reads: [0] }, BALANCED))
  t.match(laidOut, { taps: 10, strip_distance: 50, pixel_step: 5, column_distance: 6, column_pitch: 5 })
  t.same(laidOut['bias'], fields.bias)
  t.same(laidOut['multiplier'], fields.multiplier)
  t.same(laidOut['shift'], fields.shift)
  const weights = arrayOf(laidOut, 'weights', Int8Array)
  for (let channel = 0; channel < channels; channel += 1) {
    for (let kx = 0; kx < width; kx += 1) {
      for (let ky = 0; ky < height; ky += 1)
        t.equal(weights[channel * 10 + kx * height + ky], fields.weights[(ky * width + kx) * channels + channel])
    }
  }
  t.end()
})

t.test('a dense layer, in blocks of four outputs and single ones', (t) => {
  const [inputs, outputs] = [21, 6]
  const fields = { ...weighted(outputs, inputs), rows: 1, inputs, outputs }
  const request: KernelRequest = { family: 'fully_connected', type: 's8', fields, reads: [0] }
  for (const [blocks, choice] of [
    [1, chooseKernel(request, BALANCED)],
    [0, chooseAccumulator(request, 7, BALANCED)],
  ] as const) {
    const read = readStream(arrayOf(layOut(choice), 'stream', Int32Array), inputs, blocks, outputs)
    read.forEach((channel, i) => {
      const weights = [...fields.weights.subarray(i * inputs, (i + 1) * inputs)]
      t.same(channel, { ...scalesOf(fields, i), weights }, `${blocks} blocks, output ${i}`)
    })
  }
  t.end()
})

t.test('a channel that is constant has a sum of four times its output', (t) => {
  const fields = { ...weighted(4, 8), rows: 1, inputs: 8, outputs: 4 }
  fields.weights.fill(0, 0, 8)
  fields.bias[0] = 1000
  fields.shift[0] = 0
  fields.multiplier[0] = 2 ** 30
  fields.clamp_max = 90
  const choice = chooseKernel({ family: 'fully_connected', type: 's8', fields, reads: [0] }, BALANCED)
  const [first] = readStream(arrayOf(layOut(choice), 'stream', Int32Array), 8, 1, 4)
  t.same(first, { bias: 4 * (90 + 7), multiplier: 2 ** 30, shift: -1, weights: Array.from({ length: 8 }, () => 0) })
  t.end()
})

t.test('an operand that is halved exactly is shifted to the left once more', (t) => {
  const fields = { multiplier_1: 2 ** 30, shift_1: 0, multiplier_2: 2 ** 30 + 5, shift_2: -3, output_shift: -18 }
  t.match(layOut(chooseKernel({ family: 'add', type: 's8', fields, reads: [0, 1] }, BALANCED)), {
    ...{ left_1: 21, shift_1: -1, left_2: 20, shift_2: -3 },
  })
  t.end()
})
