import { type PlanOptions, planModel } from '../../src/compile.js'
import { lowerProgram, type Program } from '../../src/lower/index.js'
import { builtinOperators } from '../../src/ops/index.js'
import { type ModelSpec, writeModel } from './model-writer.js'

/** What shapes a plan unless a test is about just that. */
export const PLAN_OPTIONS: PlanOptions = { cpu: 'any', optimize: 'balanced', stripFloatIo: false, input: 'resident' }

/** The program of a described model, with the prefix `net`. Throws a DiagnosticsError when it is refused. */
export function programFrom(spec: ModelSpec): Program {
  const { graph, schedule, plan, inputs } = planModel(writeModel(spec), PLAN_OPTIONS)
  return lowerProgram(graph, schedule, plan, builtinOperators, { name: 'net', inputs })
}
