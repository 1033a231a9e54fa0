/** Streams of convolutions by Winograd's F(2, 3), laid out as `src/kernels/README.md` says. */
import type { KernelRequest } from '../ops/index.js'
import { numberField, type WeightedChannels, weightedChannels, winogradWords } from '../select/index.js'
import { kept, LIMITS, scale, Stream, WINDOW } from './dsp.js'

/** Twice the transformed weights of a row of a filter, by position; the first one is that whose sums begin with the bias. */
const TRANSFORMS: readonly ((first: number, second: number, third: number) => number)[] = [
  (first, second, third) => first + second + third,
  (first) => 2 * first,
  (first, second, third) => first - second + third,
  (_first, _second, third) => 2 * third,
]

/** The input of each half of a position's words, as row of the filter and channel: channels 0 and 2, then 1 and 3, of four. */
function tileOrder(rows: number, depth: number): readonly (readonly [number, number])[] {
  const order = [0, 2, 1, 3]
  return Array.from({ length: rows * depth }, (_, half) => {
    const channel = half % depth
    return [Math.floor(half / depth), channel - (channel % 4) + (order[channel % 4] ?? 0)] as const
  })
}

function conv2d({ fields, ...request }: KernelRequest): KernelRequest['fields'] {
  const [rows, depth, count] = ['filter_height', 'input_channels', 'output_channels'].map((name) =>
    numberField(fields, name),
  ) as [number, number, number]
  const channels = weightedChannels({ fields, ...request }, count, 'channel outermost')
  const words = winogradWords(fields)
  const halves = tileOrder(rows, depth)
  const stream = new Stream()
  for (let block = 0; block < count; block += 4) {
    const four = [block, block + 1, block + 2, block + 3]
    stream.word(...four.map((channel) => 2 * channels.bias(channel)))
    for (const transform of TRANSFORMS) {
      for (let word = 0; word < words; word += 1) {
        for (const channel of four) {
          const [low = 0, high = 0] = [0, 1].map((half) =>
            transformed(channels, channel, halves[2 * word + half], transform, depth),
          )
          stream.halves(low, high)
        }
      }
    }
    for (const channel of four) scale(stream, channels, channel)
  }
  return {
    stream: stream.finish(),
    ...kept(fields, [...WINDOW, 'padding_value', ...LIMITS]),
    position_bytes: 8 * words,
  }
}

/** A transformed weight; 0 where words are filled up. */
function transformed(
  { weight }: WeightedChannels,
  channel: number,
  input: readonly [number, number] | undefined,
  transform: (first: number, second: number, third: number) => number,
  depth: number,
): number {
  if (input === undefined) return 0
  const [row, from] = input
  const [first = 0, second = 0, third = 0] = [0, 1, 2].map((column) =>
    weight(channel, (3 * row + column) * depth + from),
  )
  return transform(first, second, third)
}

/** Layouts by family. */
export const dspWinogradLayouts: ReadonlyMap<string, (request: KernelRequest) => KernelRequest['fields']> = new Map([
  ['conv_2d', conv2d],
])
