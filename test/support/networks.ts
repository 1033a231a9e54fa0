/** Networks of 70 operators and more, of the kinds that are put on microcontrollers. The weights mean nothing. */
import { activation, bias, chain, integers, weights } from './layers.js'
import type { ModelSpec, OperatorSpec, TensorSpec } from './model-writer.js'

/** A value of the network that is being built: a tensor of height, width and channels. */
interface Image {
  readonly tensor: number
  readonly height: number
  readonly width: number
  readonly channels: number
}

class NetworkBuilder {
  private readonly tensors: TensorSpec[] = []
  private readonly operators: OperatorSpec[] = []

  input(height: number, width: number, channels: number): Image {
    return this.image('input', height, width, channels)
  }

  conv(x: Image, channels: number, size: number, stride = 1, padding: 'SAME' | 'VALID' = 'SAME'): Image {
    const { height, width } = this.extent(x, size, stride, padding)
    const w = this.constant(weights(this.name('kernel'), [channels, size, size, x.channels]))
    const b = this.constant(bias(this.name('bias'), new Array<number>(channels).fill(3)))
    const y = this.image('conv', height, width, channels)
    const options = { padding, strideW: stride, strideH: stride, activation: 'RELU6' } as const
    this.operators.push({ kind: 'CONV_2D', inputs: [x.tensor, w, b], outputs: [y.tensor], options })
    return y
  }

  depthwise(x: Image, size: number, stride = 1, padding: 'SAME' | 'VALID' = 'SAME'): Image {
    const { height, width } = this.extent(x, size, stride, padding)
    const w = this.constant(weights(this.name('kernel'), [1, size, size, x.channels]))
    const b = this.constant(bias(this.name('bias'), new Array<number>(x.channels).fill(5)))
    const y = this.image('depthwise', height, width, x.channels)
    const options = { padding, strideW: stride, strideH: stride, depthMultiplier: 1, activation: 'RELU6' } as const
    this.operators.push({ kind: 'DEPTHWISE_CONV_2D', inputs: [x.tensor, w, b], outputs: [y.tensor], options })
    return y
  }

  /** One row and one column more below and at the right, as Keras pads before a stride of 2. */
  pad(x: Image): Image {
    const paddings = this.constant(integers(this.name('paddings'), [4, 2], [0, 0, 0, 1, 0, 1, 0, 0]))
    const y = this.image('padded', x.height + 1, x.width + 1, x.channels)
    this.operators.push({ kind: 'PAD', inputs: [x.tensor, paddings], outputs: [y.tensor], options: {} })
    return y
  }

  add(a: Image, b: Image): Image {
    const y = this.image('sum', a.height, a.width, a.channels)
    this.operators.push({ kind: 'ADD', version: 2, inputs: [a.tensor, b.tensor], outputs: [y.tensor], options: {} })
    return y
  }

  concatenation(parts: readonly Image[]): Image {
    const [{ height, width } = { height: 1, width: 1 }] = parts
    const channels = parts.reduce((sum, part) => sum + part.channels, 0)
    const y = this.image('joined', height, width, channels)
    const inputs = parts.map(({ tensor }) => tensor)
    this.operators.push({ kind: 'CONCATENATION', version: 2, inputs, outputs: [y.tensor], options: { axis: 3 } })
    return y
  }

  maxPool(x: Image, size: number, stride: number): Image {
    const { height, width } = this.extent(x, size, stride, 'SAME')
    const y = this.image('pooled', height, width, x.channels)
    const options = { padding: 'SAME', strideW: stride, strideH: stride, filterW: size, filterH: size } as const
    this.operators.push({ kind: 'MAX_POOL_2D', version: 2, inputs: [x.tensor], outputs: [y.tensor], options })
    return y
  }

  /** Global pooling and a dense layer. */
  head(x: Image, classes: number): ModelSpec {
    const axes = this.constant(integers('axes', [2], [1, 2]))
    const pooled = this.constant(activation('pooled', [1, x.channels]))
    this.operators.push({ kind: 'MEAN', version: 2, inputs: [x.tensor, axes], outputs: [pooled], options: {} })
    const w = this.constant(weights('classes', [classes, x.channels]))
    const b = this.constant(bias('class bias', new Array<number>(classes).fill(1)))
    const y = this.constant(activation('scores', [1, classes]))
    this.operators.push({ kind: 'FULLY_CONNECTED', version: 4, inputs: [pooled, w, b], outputs: [y], options: {} })
    return chain(this.tensors, this.operators)
  }

  private extent({ height, width }: Image, size: number, stride: number, padding: 'SAME' | 'VALID') {
    const along = (extent: number): number =>
      padding === 'SAME' ? Math.ceil(extent / stride) : Math.floor((extent - size) / stride) + 1
    return { height: along(height), width: along(width) }
  }

  private name(kind: string): string {
    return `${kind} ${this.tensors.length}`
  }

  private constant(tensor: TensorSpec): number {
    return this.tensors.push(tensor) - 1
  }

  private image(kind: string, height: number, width: number, channels: number): Image {
    const tensor = this.constant(activation(this.name(kind), [1, height, width, channels]))
    return { tensor, height, width, channels }
  }
}

/**
 * MobileNetV2 with a quarter of its channels, as Keras exports it: inverted residuals, and an explicit PAD before each
 * stride of 2. 68 operators of the network itself, and its head.
 */
export function mobileNetV2(size = 96): ModelSpec {
  const net = new NetworkBuilder()
  let x = net.conv(net.pad(net.input(size, size, 3)), 8, 3, 2, 'VALID')
  const block = (expansion: number, channels: number, stride: number): void => {
    const expanded = expansion === 1 ? x : net.conv(x, expansion * x.channels, 1)
    const filtered = stride === 1 ? net.depthwise(expanded, 3) : net.depthwise(net.pad(expanded), 3, 2, 'VALID')
    const y = net.conv(filtered, channels, 1)
    x = stride === 1 && channels === x.channels ? net.add(x, y) : y
  }
  const groups = [
    [1, 8, 1, 1],
    [6, 8, 2, 2],
    [6, 8, 3, 2],
    [6, 16, 4, 2],
    [6, 24, 3, 1],
    [6, 40, 3, 2],
    [6, 80, 1, 1],
  ] as const
  for (const [expansion, channels, count, stride] of groups)
    for (let i = 0; i < count; i += 1) block(expansion, channels, i === 0 ? stride : 1)
  return net.head(net.conv(x, 320, 1), 10)
}

/** Blocks of four branches that are joined, as in GoogLeNet: 76 operators. */
export function inception(size = 64): ModelSpec {
  const net = new NetworkBuilder()
  let x = net.conv(net.input(size, size, 3), 8, 3, 2)
  for (let i = 0; i < 9; i += 1) {
    const parts = [
      net.conv(x, 8, 1),
      net.conv(net.conv(x, 6, 1), 8, 3),
      net.conv(net.conv(x, 4, 1), 4, 5),
      net.conv(net.maxPool(x, 3, 1), 4, 1),
    ]
    x = net.concatenation(parts)
    if (i === 2 || i === 5) x = net.maxPool(x, 3, 2)
  }
  return net.head(x, 10)
}

/** A chain of 72 operators with a way around every three of them, and ways that reach far. */
export function branchingChain(size = 48): ModelSpec {
  const net = new NetworkBuilder()
  let x = net.conv(net.input(size, size, 1), 8, 3)
  let far = x
  for (let i = 0; i < 17; i += 1) {
    const y = net.conv(net.depthwise(net.conv(x, 12, 1), 3), 8, 1)
    x = net.add(i % 6 === 5 ? far : x, y)
    if (i % 6 === 5) far = x
  }
  return net.head(net.conv(x, 16, 1), 4)
}
