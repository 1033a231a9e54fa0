/** Layers that prototypes of our kernels were measured on, as models of one operator with random weights. */
import { z } from 'zod'
import { coreIds, type CoreId } from '../test/support/cores.js'
import type { ModelSpec, OperatorSpec, TensorSpec } from '../test/support/model-writer.js'
import { type Random, seededRandom } from '../test/support/random.js'
import { readDataFile } from './data-file.js'

/** Optimization levels that the prototypes were measured at. */
export const levels = ['-O2', '-Os'] as const
export type Level = (typeof levels)[number]

const count = z.int().positive()
const prototypes = z.strictObject({
  conditions: z.record(z.string(), z.string()),
  layers: z.array(
    z.strictObject({
      layer: z.string(),
      core: z.enum(coreIds),
      instructions: z.strictObject({ '-O2': count, '-Os': count }),
    }),
  ),
})
export type Prototypes = z.infer<typeof prototypes>

/** What the prototypes needed, by layer and core: `bench/prototypes.json`. */
export function readPrototypes(): Prototypes {
  return readDataFile('prototypes.json', prototypes)
}

/** A layer that can be measured. */
export interface Layer {
  readonly name: string
  readonly macs: number
  readonly model: ModelSpec
}

/** With ReLU all zero points are -128, so that nothing is below the output's; else input and output have any. */
type Kind = 'relu' | 'linear'

interface Window {
  readonly height: number
  readonly width: number
  readonly inputs: number
  readonly outputs: number
  readonly filter: readonly [height: number, width: number]
  readonly stride?: number
  readonly kind: Kind
  readonly inputZeroPoint?: number
  /** Scaled sums are shifted to the right by about so many bits. */
  readonly shift: number
}

function tensor(name: string, shape: readonly number[], zeroPoint: number, scale = 1): TensorSpec {
  return { name, type: 'int8', shape, quantization: { scales: [scale], zeroPoints: [zeroPoint] } }
}

/** Weights and bias; each channel is scaled by a multiplier and shift of its own, or all by the same. */
function weightsAndBias(
  random: Random,
  shape: readonly number[],
  {
    channels,
    dimension,
    shift,
  }: { readonly channels: number; readonly dimension: number | undefined; readonly shift: number },
): readonly TensorSpec[] {
  const size = shape.reduce((a, b) => a * b, 1)
  const scale = (): number => Math.fround(2 ** -(shift + random.below(3)) * (1 + random.below(2 ** 20) / 2 ** 20))
  const scales = Array.from({ length: dimension === undefined ? 1 : channels }, scale)
  const quantization = { scales, ...(dimension !== undefined && { dimension }) }
  const data = Int8Array.from({ length: size }, () => random.between(-127, 127))
  const bias = Int32Array.from({ length: channels }, () => random.between(-20_000, 20_000))
  return [
    { name: 'weights', type: 'int8', shape, data, quantization },
    {
      name: 'bias',
      type: 'int32',
      shape: [channels],
      data: bias,
      quantization: { ...quantization, ...(dimension !== undefined && { dimension: 0 }) },
    },
  ]
}

const zeroPoints = (kind: Kind): readonly [input: number, output: number] => (kind === 'relu' ? [-128, -128] : [7, -5])

/** A model of one operator with weights. */
function weighted(tensors: readonly TensorSpec[], operator: Omit<OperatorSpec, 'inputs' | 'outputs'>): ModelSpec {
  const all = { ...operator, inputs: [0, 1, 2], outputs: [3] } as OperatorSpec
  return { tensors, operators: [all], inputs: [0], outputs: [3] }
}

function windowed(name: string, kind: 'CONV_2D' | 'DEPTHWISE_CONV_2D', window: Window): Layer {
  const { height, width, inputs, outputs, filter, stride = 1, shift } = window
  const [input, output] = zeroPoints(window.kind)
  const [rows, columns] = [Math.ceil(height / stride), Math.ceil(width / stride)]
  const depthwise = kind === 'DEPTHWISE_CONV_2D'
  const shape = depthwise ? [1, ...filter, outputs] : [outputs, ...filter, inputs]
  const options = {
    ...{ padding: 'SAME', strideW: stride, strideH: stride },
    ...{ activation: window.kind === 'relu' ? 'RELU' : 'NONE', ...(depthwise && { depthMultiplier: 1 }) },
  }
  const model = weighted(
    [
      tensor('input', [1, height, width, inputs], window.inputZeroPoint ?? input),
      ...weightsAndBias(seededRandom(name.length), shape, { channels: outputs, dimension: depthwise ? 3 : 0, shift }),
      tensor('output', [1, rows, columns, outputs], output),
    ],
    { kind, version: 3, options } as Omit<OperatorSpec, 'inputs' | 'outputs'>,
  )
  const macs = rows * columns * outputs * filter[0] * filter[1] * (depthwise ? 1 : inputs)
  return { name, macs, model }
}

const SMALL = { height: 25, width: 5, inputs: 64, outputs: 64 } as const
const LARGE = { height: 48, width: 48, inputs: 8 } as const
const POINT = [1, 1] as const
const SQUARE = [3, 3] as const

function fullyConnected(name: string, inputs: number, outputs: number): Layer {
  const model = weighted(
    [
      tensor('input', [1, inputs], -128),
      ...weightsAndBias(seededRandom(1), [outputs, inputs], { channels: outputs, dimension: undefined, shift: 11 }),
      tensor('output', [1, outputs], -128),
    ],
    { kind: 'FULLY_CONNECTED', version: 4, options: { activation: 'RELU' } },
  )
  return { name, macs: inputs * outputs, model }
}

function averagePool(name: string, height: number, width: number, channels: number): Layer {
  const options = { padding: 'VALID', strideW: 1, strideH: 1, filterW: width, filterH: height } as const
  const model: ModelSpec = {
    tensors: [tensor('input', [1, height, width, channels], -128), tensor('output', [1, 1, 1, channels], -128)],
    operators: [{ kind: 'AVERAGE_POOL_2D', version: 2, inputs: [0], outputs: [1], options }],
    ...{ inputs: [0], outputs: [1] },
  }
  return { name, macs: height * width * channels, model }
}

function softmax(name: string, classes: number): Layer {
  const model: ModelSpec = {
    tensors: [tensor('input', [1, classes], 0, 0.0625), tensor('output', [1, classes], -128, 1 / 256)],
    operators: [{ kind: 'SOFTMAX', version: 2, inputs: [0], outputs: [1], options: { beta: 1 } }],
    ...{ inputs: [0], outputs: [1] },
  }
  return { name, macs: classes, model }
}

const both: readonly Kind[] = ['relu', 'linear']

/** All layers, in the order of the tables. Work of a pool or softmax is counted in its inputs. */
export const layers: readonly Layer[] = [
  ...both.map((kind) =>
    windowed(`pointwise 64>64, 25x5, ${kind}`, 'CONV_2D', { ...SMALL, filter: POINT, kind, shift: 8 }),
  ),
  ...both.map((kind) =>
    windowed(`depthwise 3x3, 25x5x64, ${kind}`, 'DEPTHWISE_CONV_2D', { ...SMALL, filter: SQUARE, kind, shift: 7 }),
  ),
  windowed('conv 10x4 stride 2, 49x10, 1>64, relu', 'CONV_2D', {
    ...{ height: 49, width: 10, inputs: 1, outputs: 64, filter: [10, 4], stride: 2 },
    ...{ kind: 'relu', inputZeroPoint: 3, shift: 8 },
  }),
  ...both.map((kind) =>
    windowed(`conv 3x3 16>16, 32x32, ${kind}`, 'CONV_2D', {
      ...{ height: 32, width: 32, inputs: 16, outputs: 16, filter: SQUARE, kind, shift: 9 },
    }),
  ),
  windowed('depthwise 3x3, 48x48x8, relu', 'DEPTHWISE_CONV_2D', {
    ...LARGE,
    outputs: 8,
    filter: SQUARE,
    kind: 'relu',
    shift: 7,
  }),
  windowed('pointwise 8>16, 48x48, relu', 'CONV_2D', { ...LARGE, outputs: 16, filter: POINT, kind: 'relu', shift: 7 }),
  fullyConnected('fully connected 640>128, relu', 640, 128),
  averagePool('average pool 25x5x64', 25, 5, 64),
  softmax('softmax 12', 12),
]

/** Layers and cores that prototypes have figures of. */
export function comparisons(
  { layers: measured }: Prototypes,
  cores: readonly CoreId[],
): readonly { readonly layer: Layer; readonly core: CoreId; readonly prototype: Readonly<Record<Level, number>> }[] {
  return measured.flatMap(({ layer: name, core, instructions }) => {
    const layer = layers.find((each) => each.name === name)
    if (layer === undefined) throw new Error(`bench/prototypes.json has a layer that there is not: ${name}`)
    return cores.includes(core) ? [{ layer, core, prototype: instructions }] : []
  })
}
