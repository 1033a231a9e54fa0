import t from 'tap'
import type { KernelRequest } from '../../src/ops/index.js'
import {
  CMSIS_NN_SETS,
  type KernelChoice,
  chooseKernel,
  cmsisNnSetsOf,
  CPUS,
  isCmsisNn,
} from '../../src/select/index.js'

const AXIS = { input: 8, output: 8, filter: 3, stride: 1, dilation: 1, padding: 1 }

/** A convolution over squares, changed where a case says so; it is of the given family. */
function windowed(family: string, changes: Readonly<Record<string, number>> = {}, channels = 4): KernelRequest {
  const { input, output, filter, stride, dilation, padding } = AXIS
  const sides = Object.entries({ input, output, filter, stride, dilation }).flatMap(
    ([name, value]): [string, number][] => [
      [`${name}_height`, value],
      [`${name}_width`, value],
    ],
  )
  const fields = {
    ...(Object.fromEntries(sides) as Readonly<Record<string, number>>),
    ...{ batches: 1, input_channels: channels, output_channels: channels, padding_top: padding, padding_left: padding },
    ...(family === 'depthwise_conv_2d' ? { depth_multiplier: 1 } : {}),
    ...changes,
  }
  return { family, type: 's8', reads: [0], fields }
}

const on = (request: KernelRequest): readonly KernelChoice[] =>
  CMSIS_NN_SETS.map((set) => chooseKernel(request, { set, goal: 'balanced' }))

/** Bytes of scratch with Helium, with the DSP extension, and without. */
const scratch = (request: KernelRequest): readonly number[] => on(request).map(({ scratchBytes }) => scratchBytes)

const notes = (request: KernelRequest): readonly (string | undefined)[] => on(request).map(({ note }) => note)

t.test('each processor has the calls of its core, and no other set', async (t) => {
  for (const cpu of CPUS) t.ok(cmsisNnSetsOf(cpu).every(isCmsisNn), cpu)
  t.same(cmsisNnSetsOf('any'), ['cmsis_nn_mve', 'cmsis_nn_dsp', 'cmsis_nn'])
  t.same(cmsisNnSetsOf('cortex-m7'), ['cmsis_nn_dsp'])
  t.same(cmsisNnSetsOf('cortex-m55'), ['cmsis_nn_mve'])
  t.same(cmsisNnSetsOf('cortex-m0plus'), ['cmsis_nn'])
})

t.test('scratch is what CMSIS-NN asks for on each core', async (t) => {
  // two columns of 36 inputs in int16; four of them in int8, filled up to vectors of 16
  t.same(scratch(windowed('conv_2d')), [4 * 48, 4 * 36, 4 * 36])
  // a filter of one by one is a product of matrices
  const point = { filter_height: 1, filter_width: 1, padding_top: 0, padding_left: 0 }
  t.same(scratch(windowed('conv_2d', point)), [0, 0, 0])
  // four blocks of 124 channels for each tap; 3x3 has a way of its own without Helium
  t.same(scratch(windowed('depthwise_conv_2d')), [4 * 124 * 9, 0, 0])
  const five = { filter_height: 5, filter_width: 5, padding_top: 2, padding_left: 2 }
  t.same(scratch(windowed('depthwise_conv_2d', five)), [4 * 124 * 25, 2 * 4 * 25, 0])
  t.same(scratch(windowed('average_pool_2d')), [0, 16, 0])
  t.same(scratch(windowed('max_pool_2d')), [0, 0, 0])
})

t.test('one row is turned where the way for it is not exact', async (t) => {
  const row = { input_height: 1, output_height: 1, filter_height: 1, padding_top: 0 }
  for (const { request } of on(windowed('conv_2d', row))) {
    t.match(request.fields, { input_height: 8, input_width: 1, filter_height: 3, filter_width: 1 })
    t.match(request.fields, { padding_top: 1, padding_left: 0 })
  }
  const exact = { ...row, padding_left: 0, output_width: 6 }
  t.match(on(windowed('conv_2d', exact))[0], { request: { fields: { input_height: 1 } }, scratchBytes: 12 })
})

t.test('what CMSIS-NN would not compute exactly stays on our kernels, and the reason is told', async (t) => {
  const wide = windowed('depthwise_conv_2d', { padding_left: 0, output_width: 8 })
  t.match(notes(wide), ['arm_depthwise_conv_wrapper_s8', /two columns of padding/, /two columns of padding/])
  const behind = { filter_height: 1, filter_width: 1, padding_top: 0, padding_left: 0, output_width: 9 }
  for (const note of notes(windowed('conv_2d', behind))) t.match(note, /reads beyond/)
  for (const note of notes(windowed('average_pool_2d', { padding_top: 3, output_height: 12 })))
    t.match(note, /lies in the padding/)
  for (const note of notes(windowed('conv_2d', { input_width: 40_000 }))) t.match(note, /too large/)
  t.match(notes({ family: 'sub', type: 's8', reads: [0, 1], fields: {} })[0], /no call/)
  t.match(notes({ family: 'conv_2d', type: 'f32', reads: [0], fields: {} })[0], /only layers on int8/)
  const stretched = { dimensions: 1, rows: 1, step_1: 1, step_2: 0 }
  t.match(notes({ family: 'add', type: 's8', reads: [0, 1], fields: stretched })[0], /no broadcasting/)
  for (const choice of on(wide).slice(1)) t.match(choice, { set: 'portable', scratchBytes: 0 })
})

t.test('layers of other kinds become calls that are exact for them', async (t) => {
  const weights = Int8Array.of(1, 2, 3, 4, 5, 6)
  const single = windowed('depthwise_conv_2d', { depth_multiplier: 2, output_channels: 2 }, 1)
  const convolution = on({ ...single, fields: { ...single.fields, weights } })[0]
  t.equal(convolution?.request.family, 'conv_2d')
  t.same(convolution?.request.fields['weights'], Int8Array.of(1, 3, 5, 2, 4, 6))
  const dense = { rows: 3, inputs: 2, outputs: 3, weights, clamp_min: -128, clamp_max: 127 }
  const perChannel = on({ family: 'fully_connected', type: 's8', reads: [0], fields: { ...dense, channel_step: 1 } })[0]
  t.match(perChannel?.request, { family: 'conv_2d', fields: { input_width: 3, input_channels: 2, output_channels: 3 } })
  const perTensor = on({ family: 'fully_connected', type: 's8', reads: [0], fields: { ...dense, channel_step: 0 } })[0]
  t.equal(perTensor?.note, 'arm_fully_connected_s8')
  for (const two of on({ family: 'binary_softmax', type: 's8', reads: [0], fields: { rows: 3 } })) {
    t.match(two, { set: 'cmsis_nn', note: 'arm_softmax_s8' })
    t.match(two.request, { family: 'softmax', fields: { rows: 3, depth: 2 } })
  }
})
