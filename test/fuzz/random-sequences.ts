/** Random networks of sequences, as 1-D convolutions are exported: cascades make them some pixels at a time. */
import { type Random, seededRandom } from '../support/random.js'
import { GraphBuilder, type Value } from './graph-builder.js'
import type { RandomGraph } from './random-graph.js'
import { addInput, addUp, HEADS, POINTWISE, sameShape } from './random-network.js'
import * as shaping from './shape-operators.js'
import { convolution, isImage, pool, type Window, windowPositions } from './windowed-operators.js'

/** A window along a sequence; sometimes it has rows, of which all but one lie in the padding. */
function sequenceWindow(random: Random, { shape }: Value, dilates: boolean): Window {
  const [, inputHeight = 1, inputWidth = 1] = shape
  const padding = random.pick(['SAME', 'SAME', 'VALID'] as const)
  const most = Math.min(random.pick([3, 3, 5, 9]), inputWidth)
  const dilation = dilates ? random.pick([1, 1, 1, 2, 3]) : 1
  const columns = { size: random.between(1, most), stride: random.pick([1, 1, 1, 2, 3]), dilation }
  const size = padding === 'SAME' && random.chance(0.15) ? 3 : inputHeight
  const rows = { size, stride: 1, dilation: 1 }
  const fits = windowPositions(padding, inputWidth, columns) >= 1
  const along = fits ? columns : { size: 1, stride: 1, dilation: 1 }
  const width = windowPositions(padding, inputWidth, along)
  return { padding, rows, columns: along, height: windowPositions(padding, inputHeight, rows), width }
}

function addLayer(graph: GraphBuilder): void {
  const { random } = graph
  const input = graph.values.findLast(isImage)
  if (input === undefined) return
  const kind = random.pick(['CONV_2D', 'CONV_2D', 'DEPTHWISE_CONV_2D', 'MAX_POOL_2D', 'AVERAGE_POOL_2D'] as const)
  if (kind === 'CONV_2D' || kind === 'DEPTHWISE_CONV_2D')
    convolution(graph, kind, input, sequenceWindow(random, input, true))
  else pool(graph, kind, input, sequenceWindow(random, input, false))
}

/** Network `index` of the run with this seed. */
export function randomSequences(seed: number, index: number): RandomGraph {
  const random = seededRandom(Math.imul(seed, 0x2f1d) + index * 0x1000b)
  const graph = new GraphBuilder(random)
  addInput(graph, 'int8', [1, 1, random.between(9, 90), random.between(1, 6)])
  for (let layers = random.between(2, 6); layers > 0; layers -= 1) {
    addLayer(graph)
    if (random.chance(0.15)) random.pick([...POINTWISE, shaping.pad])(graph)
    const last = graph.values.findLast(isImage)
    const around = graph.values.findLast((value) => last !== undefined && value !== last && sameShape(value, last))
    if (last !== undefined && around !== undefined && random.chance(0.4)) addUp(graph, around, last)
  }
  if (random.chance(0.5)) random.pick(HEADS)(graph)
  const model = graph.finish([graph.values.at(-1)?.tensor ?? 0])
  return { name: `s${String(index).padStart(4, '0')}`, model, input: 'resident' }
}
