import t from 'tap'
import type { Tensor } from '../../src/ir/index.js'
import type { Instance, WindowAxis } from '../../src/ops/index.js'
import {
  parsePadding,
  validTaps,
  windowAxes,
  windowConstraints,
  type Windowed,
  windowFields,
  windowFlow,
  windowOutput,
} from '../../src/ops/window.js'
import { tensor } from '../support/instances.js'

const VALID: Windowed = { padding: 'VALID', strideHeight: 1, strideWidth: 1, dilationHeight: 1, dilationWidth: 1 }
const SAME: Windowed = { ...VALID, padding: 'SAME' }

const image = (height: number, width: number): Tensor => tensor({ shape: [1, height, width, 1] })

/** An operator on an image whose output has the extents that the window gives. */
function windowed(
  options: Windowed,
  height: number,
  width: number,
  size: { height: number; width: number },
): Instance<Windowed> {
  const input = image(height, width)
  const [outputHeight, outputWidth] = windowOutput(options, input, size)
  const output = { ...image(outputHeight, outputWidth), index: 1 }
  const operator = { kind: 'W', index: 0, version: 1, inputs: [0], outputs: [1], options }
  return { operator, options, inputs: [input], outputs: [output] }
}

t.test('reads the padding', (t) => {
  t.same([0, 1, 2, -1].map(parsePadding), ['SAME', 'VALID', 'UNKNOWN', 'UNKNOWN'])
  t.end()
})

t.test('SAME has a position for each stride, VALID where the window fits', (t) => {
  const three = { height: 3, width: 3 }
  const strides = { strideHeight: 2, strideWidth: 3 }
  t.same(windowOutput(SAME, image(7, 8), three), [7, 8])
  t.same(windowOutput({ ...SAME, ...strides }, image(7, 8), three), [4, 3])
  t.same(windowOutput(VALID, image(7, 8), three), [5, 6])
  t.same(windowOutput({ ...VALID, ...strides }, image(7, 8), three), [3, 2])
  t.same(windowOutput({ ...VALID, dilationHeight: 3, dilationWidth: 2 }, image(7, 8), three), [1, 4])
  t.ok(
    windowOutput(VALID, image(2, 2), three).every((extent) => extent < 1),
    'nowhere in a smaller image',
  )
  t.end()
})

t.test('padding is divided, the odd one going behind', (t) => {
  const before = (extent: number, size: number, stride = 1, dilation = 1): number => {
    const options = { ...SAME, strideHeight: stride, dilationHeight: dilation }
    return windowAxes(windowed(options, extent, 1, { height: size, width: 1 }), { height: size, width: 1 }).rows.before
  }
  t.equal(before(5, 3), 1)
  t.equal(before(5, 2), 0)
  t.equal(before(5, 4), 1)
  t.equal(before(6, 3, 2), 0, 'one row is missing: (3 - 1) * 2 + 3 - 6')
  t.equal(before(5, 3, 2), 1)
  t.equal(before(1, 7), 3)
  t.equal(before(3, 3, 1, 4), 4)
  t.equal(before(7, 1, 3), 0, 'never negative')
  t.end()
})

t.test('a pass may say what the padding before is', (t) => {
  const size = { height: 3, width: 3 }
  const given = windowed({ ...SAME, leadingPadding: { top: 5, left: 0 } }, 4, 4, size)
  t.match(windowAxes(given, size), { rows: { before: 5 }, columns: { before: 0 } })
  t.end()
})

t.test('valid taps are those inside the input', (t) => {
  const axis = (changes: Partial<WindowAxis>): WindowAxis => ({
    size: 3,
    stride: 1,
    dilation: 1,
    before: 1,
    ...changes,
  })
  const taps = (changes: Partial<WindowAxis>, output: number, extent: number): readonly number[] => {
    const { from, to } = validTaps(axis(changes), output, extent)
    return [from, to]
  }
  t.same(taps({}, 0, 5), [1, 3])
  t.same(taps({}, 2, 5), [0, 3])
  t.same(taps({}, 4, 5), [0, 2])
  t.same(taps({ size: 5, before: 2 }, 0, 1), [2, 3], 'on both sides at once')
  t.same(taps({ dilation: 4, before: 4 }, 1, 3), [1, 2])
  t.same(taps({ dilation: 2, before: 3 }, 0, 9), [2, 3], 'the second tap is at -1')
  const behind = validTaps(axis({ before: -9 }), 0, 5)
  t.ok(behind.from >= behind.to, 'a window behind the input has none')
  const ahead = validTaps(axis({ before: 9 }), 0, 5)
  t.ok(ahead.from >= ahead.to, 'nor has one before it')
  t.end()
})

t.test('valid taps are what trying each tap gives', (t) => {
  const wrong = Array.from({ length: 2000 }, (_, seed) => {
    const axis = {
      size: 1 + (seed % 5),
      stride: 1 + ((seed >> 2) % 3),
      dilation: 1 + ((seed >> 3) % 4),
      before: (seed >> 4) % 6,
    }
    const [output, extent] = [(seed >> 5) % 5, 1 + ((seed >> 6) % 7)]
    const inside = Array.from({ length: axis.size }, (_, tap) => tap).filter((tap) => {
      const position = output * axis.stride - axis.before + tap * axis.dilation
      return position >= 0 && position < extent
    })
    const { from, to } = validTaps(axis, output, extent)
    const right = inside.length === 0 ? from >= to : from === inside[0] && to === (inside.at(-1) ?? 0) + 1
    return right ? [] : [{ axis, output, extent, from, to }]
  })
  t.same(wrong.flat(), [])
  t.end()
})

t.test('an output row needs the rows of its window; one position takes all in as it comes', (t) => {
  const size = { height: 2, width: 3 }
  const flow = windowFlow(windowed(VALID, 5, 5, size), size, true)
  t.same(flow, {
    inputs: [
      {
        kind: 'window',
        rows: { size: 2, stride: 1, dilation: 1, before: 0 },
        columns: { size: 3, stride: 1, dilation: 1, before: 0 },
      },
    ],
    inPlace: [],
    lanewise: true,
    accumulates: false,
  })
  t.equal(windowFlow(windowed(VALID, 2, 3, size), size, false).accumulates, true)
  t.end()
})

t.test('kernels get all of the geometry', (t) => {
  const size = { height: 3, width: 2 }
  const options = { ...SAME, strideHeight: 2, dilationWidth: 5 }
  t.same(windowFields(windowed(options, 6, 7, size), size), {
    batches: 1,
    input_height: 6,
    input_width: 7,
    input_channels: 1,
    output_height: 3,
    output_width: 7,
    output_channels: 1,
    filter_height: 3,
    filter_width: 2,
    stride_height: 2,
    stride_width: 1,
    dilation_height: 1,
    dilation_width: 5,
    padding_top: 0,
    padding_left: 2,
  })
  t.end()
})

t.test('refuses paddings and steps that it does not know', (t) => {
  const broken = (options: Windowed): readonly string[] => {
    const given = { ...windowed(VALID, 5, 5, { height: 1, width: 1 }), options }
    return windowConstraints.filter((constraint) => !constraint.holds(given)).map(({ rule }) => rule)
  }
  t.same(broken({ ...VALID, strideHeight: 32767, dilationWidth: 32767 }), [])
  t.same(broken({ ...VALID, padding: 'UNKNOWN' }), ['The padding is SAME or VALID'])
  for (const name of ['strideHeight', 'strideWidth', 'dilationHeight', 'dilationWidth'] as const) {
    for (const step of [0, -1, 32768]) {
      t.same(broken({ ...VALID, [name]: step }), ['Strides and dilations are from 1 to 32767'], `${name} ${step}`)
    }
  }
  t.end()
})
