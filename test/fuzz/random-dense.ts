/** Random networks of dense layers whose weights are worth packing: each output has weights of a spread of its own. */
import { type Random, seededRandom } from '../support/random.js'
import { GraphBuilder, type Value } from './graph-builder.js'
import { randomScale, randomZeroPoint } from './quantization.js'
import { type RandomGraph, randomMode } from './random-graph.js'
import { randomActivation } from './windowed-operators.js'

/** How far the weights of an output are from their center, where that is, and how many are anywhere. */
function outputWeights(random: Random, inputs: number): Int8Array {
  const spread = random.pick([1, 3, 7, 12, 20])
  const center = random.pick([0, 0, 0, 5, -20, 100, -128])
  const anywhere = random.pick([0, 0.01, 0.05])
  return Int8Array.from({ length: inputs }, () =>
    random.chance(anywhere)
      ? random.between(-128, 127)
      : Math.max(-128, Math.min(127, center + random.between(-spread, spread))),
  )
}

function dense(graph: GraphBuilder, input: Value, outputs: number): Value {
  const { random } = graph
  const [rows = 1, inputs = 1] = input.shape
  const perChannel = random.chance(0.3)
  const weightScales = Array.from({ length: perChannel ? outputs : 1 }, () => randomScale(random))
  const weights = graph.constant({
    type: 'int8',
    shape: [outputs, inputs],
    data: Int8Array.from(Array.from({ length: outputs }, () => [...outputWeights(random, inputs)]).flat()),
    quantization: { scales: weightScales, zeroPoints: weightScales.map(() => 0) },
  })
  const bias = graph.constant({
    type: 'int32',
    shape: [outputs],
    data: Array.from({ length: outputs }, () => random.between(-5000, 5000)),
    quantization: { scales: weightScales.map((scale) => scale * input.scale), zeroPoints: weightScales.map(() => 0) },
  })
  const typical = input.scale * (weightScales[0] ?? 1) * Math.sqrt(inputs)
  return graph.operator(
    {
      kind: 'FULLY_CONNECTED',
      inputs: [input.tensor, weights, bias],
      options: { activation: randomActivation(random) },
    },
    {
      type: 'int8',
      shape: [rows, outputs],
      scale: typical * random.pick([4, 12, 40]),
      zeroPoint: randomZeroPoint(random),
    },
  )
}

/** Graph `index` of the run with this seed; its weights are packed where that pays. */
export function randomDense(seed: number, index: number): RandomGraph {
  const random = seededRandom(Math.imul(seed, 0x2b95) + index * 0x10051)
  const graph = new GraphBuilder(random)
  const shape = [random.chance(0.1) ? 2 : 1, random.between(60, 300)]
  let value = graph.input({ type: 'int8', shape, scale: randomScale(random), zeroPoint: randomZeroPoint(random) })
  for (let count = random.between(1, 3); count > 0; count -= 1) value = dense(graph, value, random.between(20, 70))
  const model = graph.finish([value.tensor])
  return { name: `d${String(index).padStart(4, '0')}`, model, rom: 'small', ...randomMode(random, model) }
}
