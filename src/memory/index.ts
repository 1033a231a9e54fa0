export { checkPlan, type Clobber } from './check.js'
export type { Buffer, Purpose } from './occupancy.js'
export { type MemoryPlan, planMemory } from './plan.js'
export { type PlannedSchedule, planLeastMemory } from './search.js'
