import type { Elements, Graph, Tensor } from '../../src/ir/index.js'
import { checkGraph, type Instance, type KernelRequest, type OperatorDefinition } from '../../src/ops/index.js'

/** A tensor in few words; `scale` and `zeroPoint` stand for a quantization of one of each. */
export interface TensorDescription extends Partial<Tensor> {
  readonly scale?: number
  readonly zeroPoint?: number
}

/** A tensor: int8 of shape 1x4 unless told, quantized when `scale`, `zeroPoint` or `quantization` is given. */
export function tensor(description: TensorDescription = {}): Tensor {
  const { scale, zeroPoint, ...rest } = description
  const quantized = scale !== undefined || zeroPoint !== undefined
  const quantization = { scales: [scale ?? 1], zeroPoints: [zeroPoint ?? 0], dimension: 0 }
  const base = { index: 0, name: 'tensor', type: 'int8', shape: [1, 4], isVariable: false } as const
  return { ...base, ...(quantized ? { quantization } : {}), ...rest }
}

/** What an operator reads, writes and is told; inputs that are left out are undefined. */
export interface InstanceDescription<Options> {
  readonly inputs: readonly (Tensor | undefined)[]
  readonly outputs: readonly Tensor[]
  readonly options: Options
}

/** An operator with its tensors, which get their indices in the order of inputs, then outputs. */
export function instance<Options>(
  definition: OperatorDefinition<Options>,
  { inputs, outputs, options }: InstanceDescription<Options>,
): Instance<Options> {
  const placed = inputs.map((input, index) => input && { ...input, index })
  const results = outputs.map((output, index) => ({ ...output, index: inputs.length + index }))
  const operator = {
    kind: definition.kind,
    index: 0,
    version: 1,
    inputs: placed.map((input) => input?.index ?? -1),
    outputs: results.map(({ index }) => index),
    options,
  }
  return { operator, options, inputs: placed, outputs: results }
}

/** The rules that an instance breaks, as a user is told them: nothing after a prerequisite that fails. */
export function brokenRules<Options>(
  definition: OperatorDefinition<Options>,
  { operator, inputs, outputs }: Instance<Options>,
): readonly string[] {
  const tensors = [...inputs.map((input) => input ?? tensor()), ...outputs]
  const graph: Graph = { name: '', tensors, operators: [operator], inputs: [], outputs: [] }
  return checkGraph(graph, new Map([[definition.kind, definition as OperatorDefinition]])).map(({ rule }) => rule)
}

/** The values of the only output, as an operator's reference semantics compute them. */
export function evaluated<Options>(
  definition: OperatorDefinition<Options>,
  instance: Instance<Options>,
  inputs: readonly (Elements | undefined)[],
): readonly number[] {
  const [output] = definition.evaluate(instance, inputs)
  return Array.from(output ?? [])
}

/** The kernel call of an operator that needs only one. */
export function lowered<Options>(definition: OperatorDefinition<Options>, instance: Instance<Options>): KernelRequest {
  const [request, ...others] = [definition.lower(instance)].flat()
  if (request === undefined || others.length > 0) throw new Error(`${definition.kind} needs ${others.length + 1} calls`)
  return request
}
