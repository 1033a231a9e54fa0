export { type Alternative, type Budgets, overBudget } from './budget.js'
export { type MapBuffer, type MapSpan, type MapStage, type MemoryMap, memoryMap } from './memory-map.js'
export { memoryMapSvg } from './memory-map-svg.js'
export { operatorSizes, type ReducedLayer, type Reduction } from './removed-channels.js'
export { type RemovedChannels, removedChannels } from './removed-channels.js'
export { planReport } from './plan-report.js'
export type {
  BufferKind,
  BufferReport,
  OperatorReport,
  PeakReport,
  PlanReport,
  ReportedPlan,
  StageReport,
  StepReport,
  TensorReport,
} from './plan-report.js'
