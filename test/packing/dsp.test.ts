/** Streams of the kernel set `dsp`, read back by what `src/kernels/README.md` says of them. */
import t from 'tap'
import type { KernelRequest } from '../../src/ops/index.js'
import { windowOrder } from '../../src/packing/dsp.js'
import { layOut } from '../../src/packing/index.js'
import { chooseKernel, type Goal } from '../../src/select/index.js'
import { seededRandom } from '../support/random.js'

const random = seededRandom(6)

/** Random weights, biases and scales of `channels` sums of `inputs` products. */
function weighted(channels: number, inputs: number) {
  return {
    weights: Int8Array.from({ length: channels * inputs }, () => random.between(-127, 127)),
    bias: Int32Array.from({ length: channels }, () => random.between(-3000, 3000)),
    multiplier: Int32Array.from({ length: channels }, () => random.between(2 ** 30, 2 ** 31 - 1)),
    shift: Int8Array.from({ length: channels }, () => -random.between(6, 12)),
    channel_step: 1,
    ...{ padding_value: 3, output_zero_point: -7, clamp_min: -128, clamp_max: 127 },
  }
}

const windowOf = (height: number, width: number, depth: number, channels: number, dilation = 1) => ({
  ...{ batches: 1, input_height: 9, input_width: 9, input_channels: depth, output_channels: channels },
  ...{ output_height: 9, output_width: 9, filter_height: height, filter_width: width, padding_top: 1, padding_left: 1 },
  ...{ stride_height: 1, stride_width: 1, dilation_height: 1, dilation_width: dilation },
})

/** The stream of a request that the set has a kernel for. */
function streamOf(request: KernelRequest, set = 'dsp', goal: Goal = 'balanced'): Int32Array {
  const choice = chooseKernel(request, { set: 'dsp', goal })
  const { stream } = layOut(choice)
  if (choice.set !== set || !(stream instanceof Int32Array)) throw new Error('there is no stream')
  return stream
}

const halves = (word: number): readonly [number, number] => [(word << 16) >> 16, word >> 16]
/** The weights A and B of a half word that holds 256 * B + A. */
function unpaired(half: number): readonly [number, number] {
  const a = (half << 24) >> 24
  return [a, (half - a) / 256]
}

/** A scale of three words. */
function scaleOf(fields: ReturnType<typeof weighted>, channel: number, relu: boolean): readonly number[] {
  const shift = -(fields.shift[channel] ?? 0)
  const constant = 2 ** (shift - 1) + fields.output_zero_point * 2 ** shift
  return relu && channel % 2 === 1
    ? [fields.multiplier[channel] ?? 0, 64 + 128 * constant, shift + 7]
    : [fields.multiplier[channel] ?? 0, constant, shift]
}

const CONVOLUTIONS = [
  [1, 1, 8, 4, 1],
  [3, 3, 3, 6, 1],
  [3, 3, 16, 5, 1],
  [10, 4, 1, 3, 1],
  [2, 3, 5, 7, 2],
] as const
const FORMS = [
  { goal: 'balanced', relu: false },
  { goal: 'speed', relu: false },
  { goal: 'speed', relu: true },
] as const

for (const [height, width, depth, channels, dilation] of CONVOLUTIONS)
  for (const { goal, relu } of FORMS)
    t.test(
      `a convolution of ${height}x${width}x${depth} to ${channels}, dilation ${dilation}, for ${goal}${relu ? ', ReLU' : ''}`,
      (t) => {
        const inputs = height * width * depth
        const fields = { ...windowOf(height, width, depth, channels, dilation), ...weighted(channels, inputs) }
        if (relu) fields.clamp_min = fields.output_zero_point
        const wide = goal === 'speed'
        const set = wide ? 'dsp_wide' : 'dsp'
        const stream = streamOf({ family: 'conv_2d', type: 's8', fields, reads: [0] }, set, goal)
        const order = windowOrder(fields)
        t.equal(order.length % 4, 0)
        t.same(
          [...order.flat()].filter((input) => input >= 0).sort((a, b) => a - b),
          Array.from({ length: inputs }, (_, input) => input),
          'every input has one place',
        )
        const begin = wide ? 4 : 0
        const blockWords = begin + 2 * order.length + (wide ? 12 : 8)
        t.equal(stream.length, Math.ceil(channels / 4) * blockWords)
        for (let channel = 0; channel < channels; channel += 1) {
          const block = Math.floor(channel / 4) * blockWords
          const pair = Math.floor((channel % 4) / 2)
          const weights = new Int8Array(inputs)
          order.forEach((places, word) => {
            const pairs = halves(stream[block + begin + 2 * word + pair] ?? 0).map(unpaired)
            places.forEach((input, half) => {
              const weight = pairs[half]?.[channel % 2] ?? NaN
              if (input >= 0) weights[input] = weight
              else if (weight !== 0) t.fail('a place that no input has holds a weight')
            })
          })
          t.same(weights, fields.weights.subarray(channel * inputs, (channel + 1) * inputs))
          const scales = stream.subarray(block + begin + 2 * order.length)
          if (wide) {
            const [p = 0, q = 0] = stream.subarray(block + 2 * pair)
            t.equal(channel % 2 === 0 ? q : (p - q) / 256, fields.bias[channel])
            t.same([...scales.subarray(3 * (channel % 4)).subarray(0, 3)], scaleOf(fields, channel, relu))
          } else {
            const [multiplier, shared = 0] = scales.subarray(2 * (channel % 4))
            t.equal(multiplier, fields.multiplier[channel])
            t.equal(shared >> 8, fields.bias[channel])
            t.equal((shared & 255) + 1, -(fields.shift[channel] ?? 0))
          }
        }
        t.end()
      },
    )

t.test('a depthwise convolution, in blocks of four channels', (t) => {
  const [taps, channels] = [10, 6]
  const fields = { ...windowOf(5, 2, channels, channels), depth_multiplier: 1, ...weighted(channels, taps) }
  const stream = streamOf({ family: 'depthwise_conv_2d', type: 's8', fields, reads: [0] })
  const blockWords = 4 + 12 + 12
  t.equal(stream.length, 2 * blockWords, 'ten taps are filled up to twelve')
  const bytes = new Int8Array(stream.buffer)
  for (let channel = 0; channel < channels; channel += 1) {
    const block = Math.floor(channel / 4) * blockWords
    t.equal(stream[block + (channel % 4)], fields.bias[channel])
    for (let tap = 0; tap < 12; tap += 1) {
      const expected = tap < taps ? fields.weights[tap * channels + channel] : 0
      t.equal(bytes[4 * (block + 4 + tap) + (channel % 4)], expected)
    }
    const scale = block + 16 + 3 * (channel % 4)
    t.same([...stream.subarray(scale, scale + 3)], scaleOf(fields, channel, false))
  }
  t.end()
})

t.test('a dense layer, in blocks of eight outputs and pairs', (t) => {
  const [inputs, outputs] = [12, 11]
  const fields = { ...weighted(outputs, inputs), rows: 1, inputs, outputs }
  const stream = streamOf({ family: 'fully_connected', type: 's8', fields, reads: [0] })
  const [blockWords, pairWords] = [2 * inputs + 32, inputs / 2 + 8]
  t.equal(stream.length, blockWords + 2 * pairWords)
  for (let output = 0; output < outputs; output += 1) {
    const inBlock = output < 8
    const pair = Math.floor((output - (inBlock ? 0 : 8)) / 2)
    const [start, pairs] = inBlock ? [0, 4] : [blockWords + pair * pairWords, 1]
    const [p = 0, q = 0] = stream.subarray(inBlock ? 2 * pair : start)
    const bias = inBlock ? (output % 2 === 0 ? q : (p - q) / 256) : output % 2 === 0 ? p : q
    t.equal(bias, fields.bias[output], 'pairs begin with plain biases')
    const weights = Array.from({ length: inputs }, (_, input) => {
      const word = 2 * Math.floor(input / 4) + (input % 2)
      const at = start + 2 * pairs + word * pairs + (inBlock ? pair : 0)
      return unpaired(halves(stream[at] ?? 0)[Math.floor((input % 4) / 2)] ?? 0)[output % 2]
    })
    t.same(weights, [...fields.weights.subarray(output * inputs, (output + 1) * inputs)])
    const scales = start + 2 * pairs + (inputs / 2) * pairs + 3 * (inBlock ? output : output % 2)
    t.same([...stream.subarray(scales, scales + 3)], scaleOf(fields, output, false))
  }
  t.end()
})

t.test('a scale that all outputs of a dense layer share comes first, once', (t) => {
  const [inputs, outputs] = [12, 11]
  const own = { ...weighted(outputs, inputs), rows: 1, inputs, outputs }
  const fields = { ...own, multiplier: own.multiplier.fill(2 ** 30 + 5), shift: own.shift.fill(-9) }
  const stream = streamOf({ family: 'fully_connected', type: 's8', fields, reads: [0] })
  const [blockWords, pairWords] = [8 + 2 * inputs, 2 + inputs / 2]
  t.equal(stream.length, 3 + blockWords + 2 * pairWords)
  t.same([...stream.subarray(0, 3)], scaleOf(fields, 0, false))
  t.same([...stream.subarray(3 + blockWords, 5 + blockWords)], [...fields.bias.subarray(8, 10)])
  t.end()
})

for (const [set, goal, stride] of [
  ['dsp_columns', 'balanced', 1],
  ['dsp_columns', 'speed', 2],
  ['dsp_shape', 'speed', 1],
] as const)
  t.test(`a depthwise convolution of 3x3, channel by channel, ${set}, --optimize ${goal}`, (t) => {
    const channels = 5
    const window = { ...windowOf(3, 3, channels, channels), stride_width: stride }
    const fields = { ...window, depth_multiplier: 1, ...weighted(channels, 9) }
    const stream = streamOf({ family: 'depthwise_conv_2d', type: 's8', fields, reads: [0] }, set, goal)
    const [words, factor] = goal === 'speed' ? [8, 2] : [5, 1]
    const shared = goal === 'speed' ? 4 : 2
    t.equal(stream.length, channels * words)
    for (let channel = 0; channel < channels; channel += 1) {
      const own = stream.subarray(words * channel, words * (channel + 1))
      const [shift, last] = halves(own[shared] ?? 0)
      const [parts, places] =
        goal === 'speed'
          ? [[...own.subarray(0, 4)].flatMap(halves), [0, 2, 4, 1, 3, 5, 6, 7]]
          : [[...new Int8Array(own.slice().buffer)], [0, 1, 4, 2, 3, 6, 5, 7]]
      t.same(
        [...places.map((place) => parts[place]), last],
        Array.from({ length: 9 }, (_, tap) => factor * (fields.weights[tap * channels + channel] ?? 0)),
      )
      t.equal(own[shared + 1], factor * (fields.bias[channel] ?? 0))
      const [multiplier, constant, by = 0] = scaleOf(fields, channel, false)
      t.equal(own[shared + 2], multiplier)
      if (goal === 'speed') t.same([own[shared + 3], shift], [constant, by])
      else t.equal(shift, by - 1)
    }
    t.end()
  })

t.test('a depthwise convolution of 3x3 by columns is given its core', (t) => {
  const coreOf = (goal: Goal, stride: number, clamp: number) => {
    const window = { ...windowOf(3, 3, 5, 5), stride_width: stride, depth_multiplier: 1 }
    const fields = { ...window, ...weighted(5, 9), clamp_min: clamp }
    return layOut(chooseKernel({ family: 'depthwise_conv_2d', type: 's8', fields, reads: [0] }, { set: 'dsp', goal }))[
      'core'
    ]
  }
  t.same(coreOf('balanced', 1, -128), { function: 'depthwise_conv_2d_s8_dsp_outputs_3_1_linear' })
  t.same(coreOf('balanced', 1, -7), { function: 'depthwise_conv_2d_s8_dsp_outputs_3_1_relu' })
  t.same(coreOf('speed', 2, -7), { function: 'depthwise_conv_2d_s8_dsp_outputs_3_2_relu_wide' })
  t.end()
})

t.test('a channel that never changes has a sum that gives its output', (t) => {
  const [depth, channels] = [8, 4]
  const fields = { ...windowOf(1, 1, depth, channels), ...weighted(channels, depth), relu: 0 }
  fields.weights.fill(0, depth, 2 * depth)
  fields.bias[1] = 2 ** 20
  fields.multiplier[1] = 2 ** 30
  fields.shift[1] = -12
  const stream = streamOf({ family: 'conv_2d', type: 's8', fields, reads: [0] })
  // 2^20 / 2 / 2^12 = 128, with the zero point 121
  const [multiplier = 0, shared = 0] = stream.subarray(2 * (depth / 2) + 2)
  t.equal(multiplier, 2 ** 30)
  t.equal(((shared >> 8) * (multiplier / 2 ** 31)) / 2 ** ((shared & 255) + 1) + fields.output_zero_point, 121)
  t.end()
})

t.test('a convolution by tiles, in blocks of four channels', (t) => {
  const [depth, channels] = [12, 8]
  const inputs = 9 * depth
  const window = { ...windowOf(3, 3, depth, channels), output_height: 16, output_width: 7 }
  const fields = { ...window, ...weighted(channels, inputs) }
  const stream = streamOf({ family: 'conv_2d', type: 's8', fields, reads: [0] }, 'dsp_winograd', 'speed')
  const words = 24 // 3 rows of 12 channels are 18 words, filled up to a multiple of 8
  const blockWords = 4 + 4 * words * 4 + 12
  t.equal(stream.length, 2 * blockWords)
  for (let channel = 0; channel < channels; channel += 1) {
    const block = Math.floor(channel / 4) * blockWords
    t.equal(stream[block + (channel % 4)], 2 * (fields.bias[channel] ?? 0))
    const positions = [0, 1, 2, 3].map((position) =>
      Array.from({ length: words }, (_, word) =>
        halves(stream[block + 4 + 4 * (position * words + word) + (channel % 4)] ?? 0),
      ).flat(),
    )
    for (let row = 0; row < 3; row += 1)
      for (let from = 0; from < depth; from += 1) {
        const half = row * depth + from - (from % 4) + ([0, 2, 1, 3][from % 4] ?? 0)
        const [m0, m1, m2, m3] = positions.map((position) => position[half] ?? NaN) as [number, number, number, number]
        const at = channel * inputs + 3 * row * depth + from
        const read = [m1 / 2, (m0 - m2) / 2, m3 / 2]
        t.same(
          read,
          [0, 1, 2].map((column) => fields.weights[at + column * depth]),
        )
        t.equal(m0 + m2, m1 + m3)
      }
    t.ok(positions.every((position) => position.slice(3 * depth).every((weight) => weight === 0)))
    const scale = block + 4 + 16 * words + 3 * (channel % 4)
    t.same([...stream.subarray(scale, scale + 3)], scaleOf(fields, channel, false))
  }
  t.end()
})
