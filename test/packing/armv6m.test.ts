/** Streams of the kernel set `armv6m`, read back by what `src/kernels/README.md` says of them. */
import t, { type Test } from 'tap'
import type { KernelRequest } from '../../src/ops/index.js'
import { armv6mWindowOrder, vectorOrder } from '../../src/packing/armv6m.js'
import { layOut } from '../../src/packing/index.js'
import { chooseKernel, type Goal, SCALINGS } from '../../src/select/index.js'
import { seededRandom } from '../support/random.js'

const random = seededRandom(7)

/** Random weights, biases and scales of `channels` sums of `inputs` products. */
function weighted(channels: number, inputs: number, largestBias = 3000) {
  return {
    weights: Int8Array.from({ length: channels * inputs }, () => random.between(-127, 127)),
    bias: Int32Array.from({ length: channels }, () => random.between(-largestBias, largestBias)),
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

interface Laid {
  readonly set: string
  readonly scaling: string
  readonly fields: KernelRequest['fields']
  /** An array among the parameters, as words. */
  readonly words: (name: string) => Int32Array
}

function laidOut(request: KernelRequest, goal: Goal): Laid {
  const choice = chooseKernel(request, { set: 'armv6m', goal })
  const laid = layOut(choice)
  const words = (name: string): Int32Array => {
    const values = laid[name]
    if (!(values instanceof Int32Array)) throw new Error(`there are no words ${name}`)
    return values
  }
  const scaling = SCALINGS[Number(choice.request.fields['scaling'])] ?? ''
  return { set: choice.set, scaling, fields: choice.request.fields, words }
}

/** Multiplier, shift to the right and zero point of the two words of a scale. */
function scaleOf(scaling: string, low = 0, high = 0): readonly [number, number, number] {
  if (scaling === 'any') return [low, -((high << 16) >> 16), high >> 16]
  const by = (high >> 16) & 0xff
  const zeroPoint = high >> 24
  if (scaling.startsWith('4')) return [low, by - 7, zeroPoint]
  return [(low & 0xffff) + ((low >>> 16) << 11) + ((high & 0xffff) << 22), by - 9, zeroPoint]
}

/** The weights that meet the lower and the upper input of each of two words. */
function weightsOf(words: Int32Array, wide: boolean): readonly number[] {
  if (!wide) {
    const [b = 0, d = 0, a = 0, c = 0] = new Uint8Array(words.slice(0, 1).buffer)
    return [a, b, c, d].map((byte) => byte - 128)
  }
  return [...words.subarray(0, 2)].flatMap((word) => {
    const upper = (word << 16) >> 16
    return [(word - upper) / 2 ** 16, upper]
  })
}

/** Compares a stream in blocks of two channels with what it was made of. */
function checkBlocks(
  t: Test,
  { words, scaling }: Laid,
  wide: boolean,
  order: readonly (readonly [number, number])[],
  fields: ReturnType<typeof weighted>,
  scaled: boolean,
): void {
  const stream = words('stream')
  const [channels, inputs] = [fields.bias.length, fields.weights.length / fields.bias.length]
  const each = (order.length / 2) * (wide ? 2 : 1)
  const blockWords = 2 + 2 * each + (scaled ? 4 : 0)
  t.equal(stream.length, Math.ceil(channels / 2) * blockWords)
  for (let channel = 0; channel < channels; channel += 1) {
    const block = Math.floor(channel / 2) * blockWords
    const odd = channel % 2
    t.equal(stream[block + odd], fields.bias[channel])
    const weights = new Int8Array(inputs)
    for (let word = 0; word < order.length; word += 2) {
      const step = wide ? 2 : 1
      const found = weightsOf(stream.subarray(block + 2 + (word / 2) * 2 * step + odd * step), wide)
      const places = [...(order[word] ?? []), ...(order[word + 1] ?? [])]
      places.forEach((input, i) => {
        if (input >= 0 && input < inputs) weights[input] = found[i] ?? NaN
        else if (found[i] !== 0) t.fail('a place that no input has holds a weight')
      })
    }
    t.same(weights, fields.weights.subarray(channel * inputs, (channel + 1) * inputs))
    const scale = block + 2 + 2 * each + 2 * odd
    if (scaled) t.same(scaleOf(scaling, stream[scale], stream[scale + 1]), scaleIn(fields, channel))
  }
}

const scaleIn = (fields: ReturnType<typeof weighted>, channel: number): readonly number[] => [
  fields.multiplier[channel] ?? 0,
  -(fields.shift[channel] ?? 0),
  fields.output_zero_point,
]

for (const [height, width, depth, channels, dilation, bias, shift, scaling] of [
  [1, 1, 8, 4, 1, 3000, 10, '3 linear'],
  [3, 3, 3, 5, 1, 3000, 10, '3 linear'],
  [10, 4, 1, 3, 1, 3000, 10, '3 linear'],
  [2, 3, 5, 7, 2, 2 ** 22, 16, '4 linear'],
  [3, 4, 2, 6, 1, 3000, 0, 'any'],
] as const)
  for (const goal of ['balanced', 'speed'] as const)
    t.test(`a convolution of ${height}x${width}x${depth} to ${channels}, dilation ${dilation}, for ${goal}`, (t) => {
      const inputs = height * width * depth
      const values = weighted(channels, inputs, bias)
      if (shift !== 10) values.shift.fill(-shift)
      const fields = { ...windowOf(height, width, depth, channels, dilation), ...values }
      const laid = laidOut({ family: 'conv_2d', type: 's8', fields, reads: [0] }, goal)
      const wide = goal === 'speed'
      t.equal(laid.set, wide ? 'armv6m_wide' : 'armv6m')
      t.equal(laid.scaling, scaling)
      const order = armv6mWindowOrder(laid.fields)
      t.equal(order.length % 4, 0)
      checkBlocks(t, laid, wide, order, fields, true)
      t.end()
    })

t.test('a convolution whose windows are single pixels, for speed: the same blocks', (t) => {
  const [depth, channels] = [12, 5]
  const values = weighted(channels, depth)
  const fields = { ...windowOf(1, 1, depth, channels), padding_top: 0, padding_left: 0, ...values }
  const laid = laidOut({ family: 'conv_2d', type: 's8', fields, reads: [0] }, 'speed')
  t.equal(laid.set, 'armv6m_pointwise')
  checkBlocks(t, laid, true, armv6mWindowOrder(laid.fields), fields, true)
  t.end()
})

for (const goal of ['balanced', 'speed'] as const)
  t.test(`a dense layer, for ${goal}: scales of their own`, (t) => {
    const [inputs, outputs] = [13, 5]
    const values = weighted(outputs, inputs)
    const fields = { ...values, rows: 1, inputs, outputs }
    const laid = laidOut({ family: 'fully_connected', type: 's8', fields, reads: [0] }, goal)
    checkBlocks(t, laid, goal === 'speed', vectorOrder(inputs), values, false)
    const scales = laid.words('scales')
    t.equal(scales.length, 2 * outputs)
    for (let output = 0; output < outputs; output += 1) {
      t.same(scaleOf(laid.scaling, scales[2 * output], scales[2 * output + 1]), scaleIn(values, output))
    }
    const uniform = { ...fields, multiplier: fields.multiplier.slice(0, 1), shift: fields.shift.slice(0, 1) }
    const request = { family: 'fully_connected', type: 's8', fields: { ...uniform, channel_step: 0 }, reads: [0] }
    t.equal(laidOut(request, goal).words('scales').length, 2, 'all outputs share one')
    t.end()
  })

t.test('a depthwise convolution of 3x3, for speed: nine words for each channel', (t) => {
  const channels = 5
  const values = weighted(channels, 9)
  const fields = { ...windowOf(3, 3, channels, channels), depth_multiplier: 1, ...values }
  const laid = laidOut({ family: 'depthwise_conv_2d', type: 's8', fields, reads: [0] }, 'speed')
  t.equal(laid.set, 'armv6m_columns')
  const stream = laid.words('stream')
  t.equal(stream.length, 9 * channels)
  for (let channel = 0; channel < channels; channel += 1) {
    const words = stream.subarray(9 * channel)
    const weight = (row: number, column: number) => values.weights[(3 * row + column) * channels + channel] ?? 0
    for (const column of [0, 1, 2]) {
      t.equal(words[column], (weight(1, column) + weight(0, column) * 2 ** 16) | 0)
      t.equal(words[3 + column], weight(2, column))
    }
    t.equal(words[6], values.bias[channel])
    t.same(scaleOf(laid.scaling, words[7], words[8]), scaleIn(fields, channel))
  }
  t.end()
})

t.test('a depthwise convolution: weights as they are, filled up to taps in threes', (t) => {
  const [taps, channels] = [10, 6]
  const values = weighted(channels, taps)
  const fields = { ...windowOf(5, 2, channels, channels), depth_multiplier: 1, ...values }
  const request = { family: 'depthwise_conv_2d', type: 's8', fields, reads: [0] }
  const laid = laidOut(request, 'balanced')
  const choice = chooseKernel(request, { set: 'armv6m', goal: 'balanced' })
  t.same(
    layOut(choice)['weights'],
    Int8Array.from({ length: 12 * channels }, (_, i) => values.weights[i] ?? 0),
  )
  t.same(layOut(choice)['scale'], { function: `armv6m_scale_${laid.scaling.replace(' ', '_')}` })
  const scales = laid.words('scales')
  t.equal(scales.length, 3 * channels)
  for (let channel = 0; channel < channels; channel += 1) {
    const [bias, low, high] = scales.subarray(3 * channel)
    t.equal(bias, values.bias[channel])
    t.same(scaleOf(laid.scaling, low, high), scaleIn(values, channel))
  }
  t.end()
})

t.test('a sum: multipliers in two parts, a half as one that is shifted once more', (t) => {
  const fields = {
    ...{ multiplier_1: 2 ** 30, shift_1: 0, multiplier_2: 1518500249, shift_2: -3, zero_point_1: 0, zero_point_2: 1 },
    ...{ output_multiplier: 1234567891, output_shift: -18, output_zero_point: -5, clamp_min: -128, clamp_max: 127 },
  }
  const choice = chooseKernel({ family: 'add', type: 's8', fields, reads: [0, 1] }, { set: 'armv6m', goal: 'balanced' })
  t.equal(choice.set, 'armv6m')
  const laid = layOut(choice)
  t.match(laid, { high_1: 2 ** 20, low_1: 0, shift_1: 1, constant_1: 1, shift_2: 3, constant_2: 4 })
  t.equal(2 ** 11 * Number(laid['high_2']) + Number(laid['low_2']), fields.multiplier_2)
  t.equal(2 ** 16 * Number(laid['output_high']) + Number(laid['output_low']), fields.output_multiplier)
  t.match(laid, { output_shift: 18, output_constant: 2 ** 17 - 5 * 2 ** 18 })
  t.end()
})

t.test('a product: the scale of a channel', (t) => {
  const fields = { multiplier: 1234567891, shift: -9, output_zero_point: -5 }
  const choice = chooseKernel({ family: 'mul', type: 's8', fields, reads: [0, 1] }, { set: 'armv6m', goal: 'balanced' })
  const { scale_0, scale_1 } = layOut(choice)
  t.same(scaleOf('3 linear', Number(scale_0), Number(scale_1)), [fields.multiplier, 9, -5])
  t.end()
})
