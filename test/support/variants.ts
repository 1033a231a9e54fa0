/** Sources of models whose plan is another than the compiler's own. */
import { compileSources, lowerModel, type PlannedModel, planModel, type PlanOptions } from '../../src/compile.js'
import { generateCode } from '../../src/codegen/index.js'
import { planLeastMemory } from '../../src/memory/index.js'
import { builtinOperators, type OperatorSet } from '../../src/ops/index.js'
import type { ModelSources } from '../../src/compile.js'
import { schedulerOf } from '../../src/schedule/index.js'
import { selectKernels } from '../../src/select/index.js'
import { sourceFiles } from '../../src/source-files.js'

/** The model planned anew: with stages of at most `longest` operators and none by lanes, or with other `operators` than it is lowered with. */
export function replanned(
  planned: PlannedModel,
  { input, ram = 'row' }: PlanOptions,
  { longest, operators = builtinOperators }: { readonly longest?: number; readonly operators?: OperatorSet },
): PlannedModel {
  const { graph, target } = planned
  const selected = selectKernels(graph, builtinOperators, target)
  const preserved = input === 'preserve' ? graph.inputs : []
  const options = { granularity: ram, preserved, ...(longest !== undefined && { longest, lanes: false }) }
  return { ...planned, ...planLeastMemory(graph, schedulerOf(graph, selected, operators, options)) }
}

/**
 * The sources of a model with the plan that `change` makes of the compiler's own. Facts are those of the model as it is:
 * only the size of the context may differ.
 */
export function sourcesWith(
  file: Uint8Array,
  name: string,
  options: PlanOptions,
  change: (planned: PlannedModel) => PlannedModel,
): ModelSources {
  const { facts } = compileSources(file, { ...options, name }).sources
  const { program } = lowerModel(change(planModel(file, options)), { ...options, name })
  return { facts, files: sourceFiles(name, generateCode([program], { compiler: facts.compiler, modelHash: '0' })) }
}
