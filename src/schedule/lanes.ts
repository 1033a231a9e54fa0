import { elementBytes, type Graph, outputTensors, inputTensors, type Tensor } from '../ir/index.js'
import { type Access, instanceOf, type OperatorSet, type WindowAxis } from '../ops/index.js'
import { atOnce, type OperatorFlow } from './flow.js'

/**
 * An operator that writes its output over its own input, one channel (a lane) after the other. A result of a lane goes where
 * the input pixel of the same number was, as soon as no later result of the lane needs that pixel.
 */
export interface Lanes {
  /** Results of a lane that wait for their place to be free: they are in a queue of so many elements. */
  readonly delay: number
}

type WindowAccess = Extract<Access, { readonly kind: 'window' }>

/** The first input position that output position `p` reads along an axis; undefined where all taps are in the padding. */
function firstTap({ size, stride, dilation, before }: WindowAxis, p: number, extent: number): number | undefined {
  const first = p * stride - before
  const skipped = first < 0 ? Math.ceil(-first / dilation) : 0
  const position = first + skipped * dilation
  return skipped < size && position < extent ? position : undefined
}

/**
 * The least number of results that have to wait. Result `n` is written over pixel `n` once `delay` results more are there:
 * a result that reads pixel `n` comes at most so far behind it. So it is the largest distance from the first pixel that a
 * result reads to the result itself.
 */
export function laneDelay({ rows, columns }: WindowAccess, input: Tensor, output: Tensor): number {
  const [, height = 1, width = 1] = input.shape
  const [, outputHeight = 1, outputWidth = 1] = output.shape
  const lefts = Array.from({ length: outputWidth }, (_, x) => firstTap(columns, x, width))
  let delay = 0
  for (let y = 0; y < outputHeight; y += 1) {
    const top = firstTap(rows, y, height)
    if (top === undefined) continue
    lefts.forEach((left, x) => {
      if (left !== undefined) delay = Math.max(delay, y * outputWidth + x - (top * width + left))
    })
  }
  return delay
}

/**
 * The operator all at once, lane by lane over its own input; undefined where it cannot run so, as a lane needs more than
 * its own input, or the output is larger. The queue of results is its scratch.
 */
export function inLanes(graph: Graph, flow: OperatorFlow, operators: OperatorSet): OperatorFlow | undefined {
  const { operator, kernels } = flow.selected
  const [fed, ...others] = flow.inputs
  const dataFlow = operators.get(operator.kind)?.dataFlow(instanceOf(graph, operator))
  const [input] = inputTensors(graph, operator)
  const [output] = outputTensors(graph, operator)
  const [access] = dataFlow?.inputs ?? []
  if (dataFlow?.lanewise !== true || access?.kind !== 'window' || kernels.length !== 1) return undefined
  if (input === undefined || output === undefined || fed === undefined || others.length > 0) return undefined
  if (input.shape[0] !== 1 || flow.output.bytes > fed.storage.bytes) return undefined
  const delay = laneDelay(access, input, output)
  return { ...atOnce(flow), lanes: { delay }, scratchBytes: delay * (elementBytes(output.type) ?? 1) }
}
