import type { Tensor } from '../ir/index.js'
import type { Access, Constraint, DataFlow, Instance, WindowAxis } from './definition.js'
import { present } from './constraints.js'

const PADDINGS = ['SAME', 'VALID'] as const

/** Padding before the first row and column, where a pass has folded a PAD operator into a window. */
export interface LeadingPadding {
  readonly top: number
  readonly left: number
}

/** Options of operators that slide a window over rows and columns. */
export interface Windowed {
  readonly padding: (typeof PADDINGS)[number] | 'UNKNOWN'
  readonly strideHeight: number
  readonly strideWidth: number
  readonly dilationHeight: number
  readonly dilationWidth: number
  /** Replaces what `padding` says. What lies behind the last row and column follows from the output's extents. */
  readonly leadingPadding?: LeadingPadding
}

/** The padding scheme of a schema number. */
export function parsePadding(value: number): Windowed['padding'] {
  return PADDINGS[value] ?? 'UNKNOWN'
}

/** Height and width of a filter or pooling window. */
export interface WindowSize {
  readonly height: number
  readonly width: number
}

function outputExtent(options: Windowed, input: number, size: number, stride: number, dilation: number): number {
  const reach = (size - 1) * dilation + 1
  return options.padding === 'SAME' ? Math.ceil(input / stride) : Math.floor((input - reach + stride) / stride)
}

/** Output height and width that the operator computes for an NHWC input. */
export function windowOutput(options: Windowed, input: Tensor, size: WindowSize): readonly [number, number] {
  const [, height = 0, width = 0] = input.shape
  return [
    outputExtent(options, height, size.height, options.strideHeight, options.dilationHeight),
    outputExtent(options, width, size.width, options.strideWidth, options.dilationWidth),
  ]
}

function paddingBefore(input: number, output: number, size: number, stride: number, dilation: number): number {
  const reach = (size - 1) * dilation + 1
  return Math.floor(Math.max(0, (output - 1) * stride + reach - input) / 2)
}

/** The window along rows and columns. Padding is as TensorFlow Lite computes it: the odd one goes behind. */
export function windowAxes(
  instance: Instance<Windowed>,
  size: WindowSize,
): { readonly rows: WindowAxis; readonly columns: WindowAxis } {
  const { options } = instance
  const [, inputHeight = 0, inputWidth = 0] = present(instance.inputs[0]).shape
  const [, outputHeight = 0, outputWidth = 0] = present(instance.outputs[0]).shape
  const { strideHeight, strideWidth, dilationHeight, dilationWidth, leadingPadding } = options
  return {
    rows: {
      size: size.height,
      stride: strideHeight,
      dilation: dilationHeight,
      before:
        leadingPadding?.top ?? paddingBefore(inputHeight, outputHeight, size.height, strideHeight, dilationHeight),
    },
    columns: {
      size: size.width,
      stride: strideWidth,
      dilation: dilationWidth,
      before: leadingPadding?.left ?? paddingBefore(inputWidth, outputWidth, size.width, strideWidth, dilationWidth),
    },
  }
}

/** Data flow of a windowed operator: the window over the first input, everything of the others. */
export function windowFlow(instance: Instance<Windowed>, size: WindowSize, lanewise: boolean): DataFlow {
  const window: Access = { kind: 'window', ...windowAxes(instance, size) }
  const [, height = 0, width = 0] = present(instance.outputs[0]).shape
  return {
    inputs: instance.inputs.map((_, index) => (index === 0 ? window : { kind: 'whole' })),
    inPlace: [],
    lanewise,
    accumulates: height === 1 && width === 1,
  }
}

/**
 * Bytes of 32-bit accumulators, one for each output channel, with which a windowed operator can take its input pixel by
 * pixel; undefined where its output has several positions.
 */
export function singleWindowAccumulatorBytes({ outputs }: Instance): number | undefined {
  const [batches, height, width, channels = 0] = present(outputs[0]).shape
  return batches === 1 && height === 1 && width === 1 ? 4 * channels : undefined
}

/** The input positions of a window's taps that lie inside the input: taps `from` up to, not including, `to`. */
export function validTaps(
  axis: WindowAxis,
  output: number,
  extent: number,
): { readonly from: number; readonly to: number } {
  const first = output * axis.stride - axis.before
  const from = first >= 0 ? 0 : Math.ceil(-first / axis.dilation)
  const to = Math.min(axis.size, Math.ceil((extent - first) / axis.dilation))
  return { from: Math.min(from, axis.size), to: Math.max(to, 0) }
}

/** How a window along an axis lies over an input of `extent` positions, at any of `outputs` positions of the output. */
export interface WindowReach {
  /** Some tap lies outside of the input. */
  readonly padded: boolean
  /** Some window lies outside as a whole. */
  readonly empty: boolean
}

/** Whether windows reach out of their NHWC input. */
export function windowReach(instance: Instance<Windowed>, size: WindowSize): WindowReach {
  const { rows, columns } = windowAxes(instance, size)
  const [, inputHeight = 0, inputWidth = 0] = present(instance.inputs[0]).shape
  const [, outputHeight = 0, outputWidth = 0] = present(instance.outputs[0]).shape
  const taps = [
    ...Array.from({ length: outputHeight }, (_, y) => ({ axis: rows, ...validTaps(rows, y, inputHeight) })),
    ...Array.from({ length: outputWidth }, (_, x) => ({ axis: columns, ...validTaps(columns, x, inputWidth) })),
  ]
  return {
    padded: taps.some(({ axis, from, to }) => to - from < axis.size),
    empty: taps.some(({ from, to }) => to <= from),
  }
}

/** Kernel parameters of a window over an NHWC input, as all window kernels name them. */
export function windowFields(instance: Instance<Windowed>, size: WindowSize): Readonly<Record<string, number>> {
  const { rows, columns } = windowAxes(instance, size)
  const [batches = 0, inputHeight = 0, inputWidth = 0, inputChannels = 0] = present(instance.inputs[0]).shape
  const [, outputHeight = 0, outputWidth = 0, outputChannels = 0] = present(instance.outputs[0]).shape
  return {
    batches,
    input_height: inputHeight,
    input_width: inputWidth,
    input_channels: inputChannels,
    output_height: outputHeight,
    output_width: outputWidth,
    output_channels: outputChannels,
    filter_height: rows.size,
    filter_width: columns.size,
    stride_height: rows.stride,
    stride_width: columns.stride,
    dilation_height: rows.dilation,
    dilation_width: columns.dilation,
    padding_top: rows.before,
    padding_left: columns.before,
  }
}

/** The largest step that the kernels hold. */
export const MAX_STEP = 32767

/** Rules for the options of a window, shared by all operators that have one. */
export const windowConstraints: readonly Constraint<Windowed>[] = [
  {
    code: 'UNSUPPORTED_OPTION',
    rule: 'The padding is SAME or VALID',
    help: 'The file is damaged, or newer than eonc: export it again.',
    prerequisite: true,
    holds: ({ options }) => options.padding !== 'UNKNOWN',
  },
  {
    code: 'UNSUPPORTED_OPTION',
    rule: `Strides and dilations are from 1 to ${MAX_STEP}`,
    help: 'Use strides and dilations of at least 1.',
    prerequisite: true,
    holds: ({ options }) =>
      [options.strideHeight, options.strideWidth, options.dilationHeight, options.dilationWidth].every(
        (step) => step >= 1 && step <= MAX_STEP,
      ),
    found: ({ options }) =>
      `stride ${options.strideHeight}x${options.strideWidth}, dilation ${options.dilationHeight}x${options.dilationWidth}`,
  },
]
