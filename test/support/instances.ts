import {
  type Elements,
  type ElementType,
  type Graph,
  type OptionsTable,
  toBytes,
  type Tensor,
} from '../../src/ir/index.js'
import type { Foldable } from '../../src/ops/channel-scaling.js'
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

/** A constant vector of these values, in the type of their array; another shape, scale and so on as told. */
export function constant(values: Elements, description: TensorDescription = {}): Tensor {
  const type = values.constructor.name.replace('Array', '').toLowerCase() as ElementType
  return tensor({ type, shape: [values.length], data: toBytes(values), ...description })
}

/** An options table that has these fields, by slot, and no others. */
export function optionsTable(fields: Readonly<Record<number, number | boolean | readonly number[]>>): OptionsTable {
  const number = (slot: number, fallback: number): number => Number(fields[slot] ?? fallback)
  return {
    present: true,
    int8: number,
    int32: number,
    float32: number,
    bool: (slot, fallback) => Boolean(fields[slot] ?? fallback),
    int32s: (slot) => fields[slot] as readonly number[] | undefined,
  }
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

/** The instance with the input zero point in its bias, as the pass `fold-zero-points` leaves it. */
export function folded<Options extends Foldable>(
  definition: OperatorDefinition<Options>,
  given: Instance<Options>,
): Instance<Options> {
  const bias = definition.foldedBias?.(given)
  if (bias === undefined) throw new Error(`${definition.kind} has no bias`)
  return instance(definition, {
    inputs: [...given.inputs.slice(0, 2), constant(bias)],
    outputs: given.outputs,
    options: { ...given.options, zeroPointFolded: true },
  })
}
