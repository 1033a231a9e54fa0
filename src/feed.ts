import type { PlanOptions } from './compile-options.js'
import { type Diagnostic, DiagnosticsError, type Graph, tensorAt } from './ir/index.js'
import type { FeedRequest } from './lower/index.js'
import { type Feed, feedInput } from './passes/index.js'

const badOption = (rule: string, found: string, help: string): DiagnosticsError =>
  new DiagnosticsError([{ severity: 'error', code: 'BAD_OPTION', rule, found, help } satisfies Diagnostic])

/** The input that comes piece by piece, when the options ask for one. Throws a DiagnosticsError if it cannot. */
export function feedOf(graph: Graph, { input, streamInput }: PlanOptions): (Feed & FeedRequest) | undefined {
  if (input !== 'stream' && input !== 'callback') return undefined
  const tensors = graph.inputs.map((index) => tensorAt(graph, index))
  const tensor = streamInput === undefined ? tensors[0] : tensors.find(({ name }) => name === streamInput)
  if (tensor === undefined) {
    const names = tensors.map(({ name }) => JSON.stringify(name)).join(', ')
    const rule = 'The input that comes piece by piece is one of the model'
    throw badOption(rule, streamInput ?? 'no input', `The inputs are: ${names}.`)
  }
  if (tensor.shape.length > 1 && tensor.shape[0] !== 1) {
    const rule = 'An input that comes piece by piece has a batch of 1'
    const help = 'Export the model with batch 1, or use --input resident.'
    throw badOption(rule, `input ${tensor.shape.join('x')}`, help)
  }
  return { mode: input, ...feedInput(graph, tensor.index) }
}
