import type { Graph, Operator } from '../ir/index.js'
import { INPUT, instanceOf, type KernelRequest, type OperatorSet } from '../ops/index.js'

/** Processors that kernels can be chosen for. `any` leaves the choice to the C++ preprocessor. */
export const CPUS = [
  'any',
  'host',
  'cortex-m0',
  'cortex-m0plus',
  'cortex-m3',
  'cortex-m4f',
  'cortex-m7',
  'cortex-m33',
  'cortex-m55',
] as const
export type Cpu = (typeof CPUS)[number]

/** What kernels are chosen for: least RAM, fast with small code, or fastest. */
export const GOALS = ['ram', 'balanced', 'speed'] as const
export type Goal = (typeof GOALS)[number]

/** The kernel sets that exist: files of a family's folder in `src/kernels`. */
export type KernelSet = 'portable' | 'float32'

/** One kernel call of an operator, with the kernel set that computes it. */
export interface KernelChoice {
  readonly request: KernelRequest
  readonly set: KernelSet
}

/** An operator with the kernel calls that compute it; an operator that only gives another shape has none. */
export interface SelectedOperator {
  readonly operator: Operator
  readonly kernels: readonly KernelChoice[]
}

/** The kernel set that computes a request. */
export function setOf(request: KernelRequest): KernelSet {
  return request.type.includes('f32') ? 'float32' : 'portable'
}

/**
 * Chooses a kernel for each operator of a graph. There is one set of integer kernels today, so that `cpu` and `goal`
 * do not change the choice.
 */
export function selectKernels(
  graph: Graph,
  operators: OperatorSet,
  _cpu: Cpu,
  _goal: Goal,
): readonly SelectedOperator[] {
  return graph.operators.map((operator) => {
    const definition = operators.get(operator.kind)
    const hasCode = definition !== undefined && definition.aliases !== true && operator.kind !== INPUT
    if (!hasCode) return { operator, kernels: [] }
    const requests = [definition.lower(instanceOf(graph, operator))].flat()
    return { operator, kernels: requests.map((request) => ({ request, set: setOf(request) })) }
  })
}
