/** Random models whose worst moment is often a depthwise convolution or pooling by itself: it runs lane by lane, in place. */
import { type Random, seededRandom } from '../support/random.js'
import { GraphBuilder, isSmall } from './graph-builder.js'
import { type RandomGraph, randomMode, randomOutputs } from './random-graph.js'
import { addInput, POINTWISE, sameWindow } from './random-network.js'
import * as shaping from './shape-operators.js'
import * as windowed from './windowed-operators.js'
import { convolution, isImage, type OperatorMaker, pool } from './windowed-operators.js'

/** An operator whose output has as many rows and columns as its input: its results wait for those of the next row. */
function inPlace(graph: GraphBuilder): boolean {
  const { random } = graph
  const input = graph.values.findLast(isImage)
  if (input === undefined) return false
  const window = sameWindow(random, input)
  const kind = random.pick(['DEPTHWISE_CONV_2D', 'AVERAGE_POOL_2D', 'MAX_POOL_2D'] as const)
  if (kind === 'DEPTHWISE_CONV_2D') return convolution(graph, kind, input, window)
  const rows = { ...window.rows, dilation: 1 }
  return pool(graph, kind, input, { ...window, rows, columns: { ...window.columns, dilation: 1 } })
}

const LANES: readonly OperatorMaker[] = [
  inPlace,
  inPlace,
  inPlace,
  windowed.depthwiseConv2d,
  windowed.depthwiseConv2d,
  windowed.maxPool2d,
  windowed.averagePool2d,
]

function imageShape(random: Random): readonly number[] {
  for (;;) {
    const [height, width] = [random.between(1, 14), random.between(1, 14)]
    const shape = [random.chance(0.05) ? 2 : 1, height, width, random.between(1, 9)]
    if (isSmall(shape)) return shape
  }
}

/** Graph `index` of the run with this seed. */
export function randomLanes(seed: number, index: number): RandomGraph {
  const random = seededRandom(Math.imul(seed, 0x3ed5) + index * 0x10043)
  const graph = new GraphBuilder(random)
  addInput(graph, random.pick(['int8', 'int8', 'float32'] as const), imageShape(random))
  for (let count = random.pick([1, 1, 1, 2, 3]); count > 0; count -= 1) {
    if (random.chance(0.1)) shaping.pad(graph)
    for (let attempt = 0; attempt < 10 && !random.pick(LANES)(graph); attempt += 1);
    if (random.chance(0.1)) random.pick(POINTWISE)(graph)
  }
  const model = graph.finish(random.chance(0.7) ? [graph.values.at(-1)?.tensor ?? 0] : randomOutputs(graph))
  const mode = random.chance(0.85) ? ({ input: 'resident' } as const) : randomMode(random, model)
  return { name: `l${String(index).padStart(4, '0')}`, model, ...mode }
}
