/**
 * Which requests a public function of CMSIS-NN computes exactly, and what scratch it takes on each kind of core. What it
 * asks for is what its `*_get_buffer_size` functions give; `src/kernels/README.md` says where it is not exact, and why.
 */
import type { KernelRequest } from '../ops/index.js'
import { asConvolution } from './dsp.js'
import { numberField } from './fields.js'
import type { FittedRequest } from './kernel-set.js'

/** The kinds of cores that CMSIS-NN has code of its own for: Helium, the DSP extension, all others. */
export type CmsisNnCore = 'mve' | 'dsp' | 'plain'

/** A request as CMSIS-NN takes it, and the function that does. */
export interface CmsisNnCall extends FittedRequest {
  readonly call: string
}

/** How a request becomes a call of CMSIS-NN; why it does not where it would not be exact. */
type CmsisNnKernel = (request: KernelRequest, core: CmsisNnCore) => CmsisNnCall | string

type Fields = KernelRequest['fields']

/** Extents are held in 16 bits, positions with a sign. */
const MOST_EXTENT = 2 ** 15 - 1
/** Inputs of one sum, counted in 16 bits. */
const MOST_INPUTS = 2 ** 16 - 1
/** Channels that depthwise convolutions take at a time on Helium (`CH_IN_BLOCK_MVE`). */
const CHANNELS_OF_A_BLOCK = 124

const TOO_LARGE = 'an extent is too large for CMSIS-NN'

const roundUp = (count: number, multiple: number): number => Math.ceil(count / multiple) * multiple

/** One axis of a window. */
interface Axis {
  readonly input: number
  readonly output: number
  readonly size: number
  readonly stride: number
  readonly dilation: number
  /** Padding before the first position, and behind the last one: below 0 where positions are left over. */
  readonly before: number
  readonly after: number
}

function axisOf(fields: Fields, axis: 'height' | 'width'): Axis {
  const [input, output, size, stride, dilation] = ['input', 'output', 'filter', 'stride', 'dilation'].map((what) =>
    numberField(fields, `${what}_${axis}`),
  ) as [number, number, number, number, number]
  const before = numberField(fields, axis === 'height' ? 'padding_top' : 'padding_left')
  const after = (output - 1) * stride - before + (size - 1) * dilation + 1 - input
  return { input, output, size, stride, dilation, before, after }
}

const channelsOf = (fields: Fields): readonly number[] =>
  ['input_channels', 'output_channels'].map((name) => numberField(fields, name))

/** Whether extents and padding are within what CMSIS-NN holds. */
const fits = (fields: Fields): boolean =>
  [axisOf(fields, 'height'), axisOf(fields, 'width')].every((axis) =>
    Object.values(axis as unknown as Readonly<Record<string, number>>).every((value) => value <= MOST_EXTENT),
  ) && channelsOf(fields).every((count) => count <= MOST_EXTENT)

/** Whether a convolution has padding anywhere. */
export const isPadded = (fields: Fields): boolean =>
  [axisOf(fields, 'height'), axisOf(fields, 'width')].some(({ before, after }) => before > 0 || after > 0)

/** Whether all windows along an axis reach into the input. */
const reachesInput = ({ before, after, size, dilation }: Axis): boolean =>
  before <= (size - 1) * dilation && after <= (size - 1) * dilation

/** Height and width exchanged: the same convolution where input and filter are one row high. */
function turned(fields: Fields): Fields {
  const other = (name: string): string =>
    name.includes('height') ? name.replace('height', 'width') : name.replace('width', 'height')
  const { padding_top: left = 0, padding_left: top = 0, ...rest } = fields
  const entries = Object.entries(rest).map(([name, value]) => [other(name), value])
  return { ...(Object.fromEntries(entries) as Fields), padding_top: top, padding_left: left }
}

/** Whether CMSIS-NN takes a convolution for one of 1 x N. */
function isOneRow(fields: Fields): boolean {
  const [rows, columns] = [axisOf(fields, 'height'), axisOf(fields, 'width')]
  const words = (columns.stride * numberField(fields, 'input_channels')) % 4 === 0
  return rows.input === 1 && rows.size === 1 && columns.dilation === 1 && words
}

/** Its way for 1 x N counts on padding that is the same on both sides, reads no row but one, and reads beyond a stride. */
function isExactOneRow(fields: Fields): boolean {
  const [rows, columns] = [axisOf(fields, 'height'), axisOf(fields, 'width')]
  const plain = columns.before === 0 && columns.after === 0 && columns.stride === 1
  return plain && rows.output === 1 && rows.before === 0
}

const isPoint = (fields: Fields): boolean => {
  const [rows, columns] = [axisOf(fields, 'height'), axisOf(fields, 'width')]
  return [rows, columns].every(({ size, before, dilation }) => size === 1 && before === 0 && dilation === 1)
}

const conv2d: CmsisNnKernel = ({ fields: given, ...request }, core) => {
  const channels = numberField(given, 'input_channels')
  const groupInputs = given['group_inputs'] ?? channels
  const single = groupInputs === channels
  const asGiven = single && !isPoint(given) && isOneRow(given) && !isExactOneRow(given)
  const fields: Fields = asGiven ? turned(given) : given
  if (!fits(fields)) return TOO_LARGE
  // a filter of one weight in padding: turned or not, it is taken for 1 x N
  if (single && !isPoint(fields) && isOneRow(fields) && !isExactOneRow(fields))
    return 'CMSIS-NN has no exact way for one position with padding'
  const window = axisOf(fields, 'height').size * axisOf(fields, 'width').size * channels
  if (window > MOST_INPUTS) return TOO_LARGE
  const point = single && isPoint(fields)
  if (point && [axisOf(fields, 'height'), axisOf(fields, 'width')].some(({ after }) => after > 0))
    return 'CMSIS-NN reads beyond the input where all padding of a 1x1 filter is behind it'
  const general = core === 'mve' ? 4 * roundUp(window, 16) : 4 * roundUp(window, 4)
  const oneRow = core === 'mve' && single && isOneRow(fields) ? window : general
  const scratchBytes = point ? 0 : oneRow
  const { group_inputs: _inputs, group_outputs: _outputs, ...others } = fields
  const added = { filter_channels: groupInputs, scratch_bytes: scratchBytes }
  const taken = { ...request, family: 'conv_2d', fields: { ...others, ...added } }
  return { request: taken, scratchBytes: roundUp(scratchBytes, 4), call: 'arm_convolve_wrapper_s8' }
}

/** Whether a depthwise convolution of one channel has a way of its own, four outputs at a time, that is the faster one. */
function isByFour(fields: Fields, core: CmsisNnCore): boolean {
  const undilated = ['dilation_height', 'dilation_width'].every((name) => numberField(fields, name) === 1)
  const fours = numberField(fields, 'depth_multiplier') % 4 === 0 && numberField(fields, 'batches') === 1
  return core !== 'mve' && fours && undilated
}

const depthwiseConv2d: CmsisNnKernel = (request, core) => {
  const { fields } = request
  if (numberField(fields, 'input_channels') === 1 && !isByFour(fields, core))
    return conv2d(asConvolution(request), core)
  if (!fits(fields)) return TOO_LARGE
  const [rows, columns] = [axisOf(fields, 'height'), axisOf(fields, 'width')]
  const undilated = rows.dilation === 1 && columns.dilation === 1
  const lanes = numberField(fields, 'depth_multiplier') === 1 && numberField(fields, 'batches') === 1 && undilated
  const threeByThree = rows.size === 3 && columns.size === 3 && rows.before <= 1 && columns.before <= 1
  const channels = numberField(fields, 'input_channels')
  let scratchBytes = 0
  if (lanes && core === 'mve') scratchBytes = 4 * CHANNELS_OF_A_BLOCK * rows.size * columns.size
  else if (lanes && threeByThree) {
    if (columns.after > 1)
      return 'CMSIS-NN reads beyond the row where a 3x3 filter has two columns of padding behind it'
  } else if (lanes) {
    if (!reachesInput(rows)) return 'CMSIS-NN has no exact way for a window that lies in the padding'
    scratchBytes = core === 'dsp' ? 2 * channels * rows.size * columns.size : 0
  }
  const taken = { ...request, fields: { ...fields, scratch_bytes: scratchBytes } }
  return { request: taken, scratchBytes: roundUp(scratchBytes, 4), call: 'arm_depthwise_conv_wrapper_s8' }
}

/** Vectors side by side are an image one row high, and a matrix is a filter of one by one. */
function asPointConvolution({ fields, ...request }: KernelRequest): KernelRequest {
  const { rows = 0, inputs = 0, outputs = 0, ...others } = fields
  const ones = ['batches', 'input_height', 'output_height', 'filter_height', 'filter_width', 'stride_height']
  const more = ['stride_width', 'dilation_height', 'dilation_width']
  const window = { input_width: rows, output_width: rows, input_channels: inputs, output_channels: outputs }
  const padding = { padding_top: 0, padding_left: 0, padding_value: 0 }
  const single = Object.fromEntries([...ones, ...more].map((name) => [name, 1]))
  return { ...request, family: 'conv_2d', fields: { ...others, ...single, ...window, ...padding } }
}

const fullyConnected: CmsisNnKernel = (request, core) => {
  if (numberField(request.fields, 'channel_step') === 1) return conv2d(asPointConvolution(request), core)
  if (numberField(request.fields, 'inputs') > MOST_INPUTS) return TOO_LARGE
  return { request, scratchBytes: 0, call: 'arm_fully_connected_s8' }
}

/** Pools count what lies inside, and have no value for a window that is empty. */
const pool =
  (call: string, bytesOfChannel: (core: CmsisNnCore) => number): CmsisNnKernel =>
  (request, core) => {
    const { fields } = request
    if (!fits(fields)) return TOO_LARGE
    if (![axisOf(fields, 'height'), axisOf(fields, 'width')].every(reachesInput))
      return 'CMSIS-NN has no exact way for a window that lies in the padding'
    const scratchBytes = bytesOfChannel(core) * numberField(fields, 'input_channels')
    return { request: { ...request, fields: { ...fields, scratch_bytes: scratchBytes } }, scratchBytes, call }
  }

/** Element by element, where both inputs have the shape of the output. */
const binary =
  (call: string): CmsisNnKernel =>
  (request) => {
    const same = ['dimensions', 'rows', 'step_1', 'step_2'].every((name) => numberField(request.fields, name) === 1)
    return same ? { request, scratchBytes: 0, call } : 'CMSIS-NN has no broadcasting'
  }

const softmax: CmsisNnKernel = (request) => ({ request, scratchBytes: 0, call: 'arm_softmax_s8' })

/** CMSIS-NN takes any number of elements, and makes two of them no faster. */
const binarySoftmax: CmsisNnKernel = (request, core) =>
  softmax({ ...request, family: 'softmax', fields: { ...request.fields, depth: 2 } }, core)

const KERNELS: ReadonlyMap<string, CmsisNnKernel> = new Map([
  ['add', binary('arm_elementwise_add_s8')],
  ['average_pool_2d', pool('arm_avgpool_s8', (core) => (core === 'dsp' ? 4 : 0))],
  ['binary_softmax', binarySoftmax],
  ['conv_2d', conv2d],
  ['depthwise_conv_2d', depthwiseConv2d],
  ['fully_connected', fullyConnected],
  ['grouped_conv_2d', conv2d],
  ['max_pool_2d', pool('arm_max_pool_s8', () => 0)],
  ['mul', binary('arm_elementwise_mul_s8')],
  ['softmax', softmax],
])

/** How CMSIS-NN computes a request on a kind of core; why it does not where it has no exact way. */
export function cmsisNnKernel(request: KernelRequest, core: CmsisNnCore): CmsisNnCall | string {
  if (request.type !== 's8') return 'only layers on int8 become calls of CMSIS-NN'
  return KERNELS.get(request.family)?.(request, core) ?? 'it becomes no call of CMSIS-NN'
}
