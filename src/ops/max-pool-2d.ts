import type { Elements } from '../ir/index.js'
import { elementCount, newElements } from '../ir/index.js'
import { outputRange } from './activation.js'
import { present } from './constraints.js'
import type { OperatorDefinition } from './definition.js'
import { lowerPool, parsePool, poolChannels, poolConstraints, poolSize, type PoolOptions } from './pool.js'
import { validTaps, windowAxes, windowFlow } from './window.js'
import { windowUnits } from './units.js'

/** Lowest finite float32, which TensorFlow Lite starts from: NaN is never the larger one. */
const LOWEST = -3.4028234663852886e38

/** Maximum over a window; elements of padding do not count. */
export const maxPool2d: OperatorDefinition<PoolOptions> = {
  kind: 'MAX_POOL_2D',
  maxVersion: 3,
  summary: 'Maximum pooling, int8 and float32, any window and stride',
  parse: parsePool,
  constraints: poolConstraints,
  units: windowUnits,
  channels: (instance) => poolChannels(instance),
  dataFlow: (instance) => windowFlow(instance, poolSize(instance), true),
  evaluate(instance, inputs) {
    const output = present(instance.outputs[0])
    const result = newElements(output.type, elementCount(output.shape)) as Elements
    const [batches = 0, outputHeight = 0, outputWidth = 0, channels = 0] = output.shape
    const [, inputHeight = 0, inputWidth = 0] = present(instance.inputs[0]).shape
    const { rows, columns } = windowAxes(instance, poolSize(instance))
    const range = outputRange(instance, output)
    const input = inputs[0] as Elements
    let at = 0
    for (let b = 0; b < batches; b += 1) {
      for (let y = 0; y < outputHeight; y += 1) {
        const tapRows = validTaps(rows, y, inputHeight)
        for (let x = 0; x < outputWidth; x += 1) {
          const tapColumns = validTaps(columns, x, inputWidth)
          for (let c = 0; c < channels; c += 1) {
            let max = LOWEST
            for (let ky = tapRows.from; ky < tapRows.to; ky += 1) {
              const inputY = y * rows.stride - rows.before + ky
              for (let kx = tapColumns.from; kx < tapColumns.to; kx += 1) {
                const inputX = x * columns.stride - columns.before + kx
                const value = input[((b * inputHeight + inputY) * inputWidth + inputX) * channels + c] ?? 0
                if (value > max) max = value
              }
            }
            result[at] = Math.min(range.max, Math.max(range.min, max))
            at += 1
          }
        }
      }
    }
    return [result]
  },
  lower: (instance) => lowerPool(instance, 'max_pool_2d'),
}
