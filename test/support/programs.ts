import { lowerModel, type PlannedModel, type PlanOptions, planModel } from '../../src/compile.js'
import type { Program } from '../../src/lower/index.js'
import type { ReportedPlan } from '../../src/report/index.js'
import { type ModelSpec, writeModel } from './model-writer.js'

/** What shapes a plan unless a test is about just that. */
export const PLAN_OPTIONS: PlanOptions = { cpu: 'any', optimize: 'balanced', stripFloatIo: false, input: 'resident' }

/** A described model from its file to its program, with the prefix `net`. Throws a DiagnosticsError when it is refused. */
export function loweredFrom(spec: ModelSpec, changes: Partial<PlanOptions> = {}): PlannedModel & ReportedPlan {
  const options = { ...PLAN_OPTIONS, ...changes }
  return lowerModel(planModel(writeModel(spec), options), { ...options, name: 'net' })
}

/** The program of a described model. */
export function programFrom(spec: ModelSpec): Program {
  return loweredFrom(spec).program
}
