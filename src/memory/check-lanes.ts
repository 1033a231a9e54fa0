import type { WindowAxis } from '../ops/index.js'

/** Bytes of a tensor, from one up to but not including another. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** Shapes of an operator that slides a window, with channels last, and the bytes of an element. */
export interface Lanes {
  readonly rows: WindowAxis
  readonly columns: WindowAxis
  readonly input: readonly number[]
  readonly output: readonly number[]
  readonly elementBytes: number
  /** Whether a channel of the output needs that channel of the input alone, or all of them. */
  readonly apart: boolean
  /** Results that wait. */
  readonly delay: number
}

/** What a replay does to the shadow arena. The queue's bytes are counted on and on, though it is a ring. */
export interface LaneActions {
  read(what: 'input' | 'queue', span: Span): void
  write(what: 'output' | 'queue', span: Span): void
}

/** The positions that an output position reads along one axis. */
function positions({ size, stride, dilation, before }: WindowAxis, p: number, extent: number): readonly number[] {
  const found: number[] = []
  for (let tap = 0; tap < size; tap += 1) {
    const position = p * stride - before + tap * dilation
    if (position >= 0 && position < extent) found.push(position)
  }
  return found
}

/** For each pixel of the output, the input pixels that its window covers. */
function windows({ rows, columns, input, output }: Lanes): readonly (readonly number[])[] {
  const [, height = 1, width = 1] = input
  const [, outputHeight = 1, outputWidth = 1] = output
  const across = Array.from({ length: outputWidth }, (_, x) => positions(columns, x, width))
  return Array.from({ length: outputHeight }, (_, y) => positions(rows, y, height)).flatMap((lines) =>
    across.map((places) => lines.flatMap((line) => places.map((place) => line * width + place))),
  )
}

/**
 * Replays an operator lane by lane: all results of a channel, each of which is computed from the input, waits in the
 * queue until it is full, and goes to its place in the output; then those of the next channel.
 */
export function replayLanes(lanes: Lanes, { read, write }: LaneActions): void {
  const { input, output, elementBytes, apart, delay } = lanes
  const pixels = windows(lanes)
  const depth = output.at(-1) ?? 1
  const inputDepth = input.at(-1) ?? 1
  const element = (index: number, count = 1): Span => ({
    from: index * elementBytes,
    to: (index + count) * elementBytes,
  })
  let [queued, left] = [0, 0]
  for (let channel = 0; channel < depth; channel += 1) {
    const leave = (pixel: number): void => {
      if (delay > 0) read('queue', element(left++))
      write('output', element(pixel * depth + channel))
    }
    pixels.forEach((window, pixel) => {
      for (const tap of window)
        read('input', apart ? element(tap * inputDepth + channel) : element(tap * inputDepth, inputDepth))
      if (pixel >= delay) leave(pixel - delay)
      if (delay > 0) write('queue', element(queued++))
    })
    for (let pixel = Math.max(0, pixels.length - delay); pixel < pixels.length; pixel += 1) leave(pixel)
  }
}
