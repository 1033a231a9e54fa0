import { tensorAt, type Graph, type Operator, type Tensor, type TensorIndex } from '../ir/index.js'
import type { MemoryPlan } from '../memory/index.js'
import { ConstantPool, packFields } from '../packing/index.js'
import type { Stage } from '../schedule/index.js'
import type { Argument, KernelCall, Placement, Program, ProgramTensor } from './program.js'

export type { Argument, KernelCall, Placement, Program, ProgramTensor } from './program.js'

const describe = ({ type, shape }: Tensor): string => `${type} ${shape.length === 0 ? 'scalar' : shape.join('x')}`

/** Two lines on an operator: what it is called, and what goes in and comes out. */
function comment(graph: Graph, { index, kind, inputs, outputs }: Operator): readonly string[] {
  const [output] = outputs.map((tensor) => tensorAt(graph, tensor))
  const data = inputs.flatMap((tensor) => graph.tensors[tensor] ?? [])
  return [
    `${index} ${kind} "${output?.name ?? ''}"`,
    `${data.map(describe).join(', ')} -> ${output ? describe(output) : ''}`,
  ]
}

/** The kernel calls of a schedule with their buffers and constants, as data. */
export function lowerProgram(graph: Graph, stages: readonly Stage[], plan: MemoryPlan, name: string): Program {
  const pool = new ConstantPool()
  const placement = (index: TensorIndex): Placement => {
    const offset = plan.offsets.get(index)
    if (offset !== undefined) return { kind: 'arena', offset }
    return { kind: 'constant', name: pool.addTensor(`tensor${index}`, tensorAt(graph, index)) }
  }
  const argument = (index: TensorIndex): Argument => ({
    type: tensorAt(graph, index).type,
    placement: placement(index),
  })
  const ioTensor = (index: TensorIndex): ProgramTensor => {
    const { name: tensorName, type, shape, quantization } = tensorAt(graph, index)
    return { name: tensorName, type, shape, ...(quantization ? { quantization } : {}), placement: placement(index) }
  }
  const calls = stages.flatMap(({ operators }) =>
    operators.flatMap(({ operator, kernels }) =>
      kernels.map(({ request, set }, part): KernelCall => {
        const call = `op${operator.index}${kernels.length > 1 ? `_${part}` : ''}`
        return {
          comment: part === 0 ? comment(graph, operator) : [],
          name: call,
          family: request.family,
          type: request.type,
          set,
          fields: packFields(request.fields, call, pool),
          inputs: request.reads.map((read) => argument(operator.inputs[read] ?? -1)),
          output: argument(operator.outputs[0] ?? -1),
        }
      }),
    ),
  )
  const arenaBytes = Math.ceil(Math.max(1, plan.bytes) / plan.alignment) * plan.alignment
  return {
    name,
    inputs: graph.inputs.map(ioTensor),
    outputs: graph.outputs.map(ioTensor),
    arenaBytes,
    arenaAlignment: plan.alignment,
    calls,
    // after inputs, outputs and calls have added theirs
    constants: pool.list(),
  }
}
