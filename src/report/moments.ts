import type { Operator } from '../ir/index.js'
import type { Schedule } from '../schedule/index.js'

/** What runs at a moment of a schedule. */
export interface Running {
  /** Position of the stage. */
  readonly stage: number
  readonly operator: Operator
}

/**
 * What runs at each moment of a schedule, as the buffers of its plan count them: a moment is a step. Nothing runs at the
 * first, when the inputs are there, and at the last, when the outputs are.
 */
export function momentsOf({ stages }: Schedule): readonly (Running | undefined)[] {
  const steps = stages.flatMap(({ flows, simulation }, stage) =>
    simulation.steps.flatMap(({ flow }): readonly Running[] => {
      const operator = flows[flow]?.selected.operator
      return operator === undefined ? [] : [{ stage, operator }]
    }),
  )
  return [undefined, ...steps, undefined]
}
