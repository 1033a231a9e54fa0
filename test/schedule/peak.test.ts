import t from 'tap'
import { planModel } from '../../src/compile.js'
import { collect } from '../../src/diagnostics.js'
import { GRANULARITIES } from '../../src/ops/index.js'
import type { Stage } from '../../src/schedule/index.js'
import { randomNetwork } from '../fuzz/random-network.js'
import { writeModel } from '../support/model-writer.js'
import { PLAN_OPTIONS } from '../support/programs.js'

/** The most bytes alive at a step, added up over what the traces say of it, and the scratch of the operator. */
function mostAlive({ simulation: { steps, traces, accumulators }, flows }: Stage): number {
  const aliveAt = (time: number): number =>
    [...traces, ...accumulators].reduce((sum, each) => {
      if (time < each.first || time > each.last) return sum
      if (!('from' in each)) return sum + each.bytes
      const alive = (each.to[time] ?? 0) - (each.from[time] ?? 0)
      return alive > 0 ? sum + (each.ring ?? alive) : sum
    }, 0)
  return steps.reduce((most, { flow }, time) => Math.max(most, aliveAt(time) + (flows[flow]?.scratchBytes ?? 0)), 0)
}

t.test('the bytes of a stage are those that its traces add up to', async (t) => {
  let [cascades, rings, accumulators] = [0, 0, 0]
  for (let index = 0; index < 60; index += 1)
    for (const granularity of GRANULARITIES) {
      const file = writeModel(randomNetwork(3, index).model)
      const planned = collect(() => planModel(file, { ...PLAN_OPTIONS, ram: granularity }))
      if ('diagnostics' in planned) continue
      const { schedule } = planned.value
      for (const stage of schedule.stages) {
        const { key, simulation, flows } = stage
        t.equal(simulation.bytes, mostAlive(stage), `network ${index}, ${granularity}, stage ${key}`)
        if (flows.length > 1) cascades += 1
        rings += simulation.traces.filter(({ ring }) => ring !== undefined).length
        accumulators += simulation.accumulators.length
      }
    }
  t.ok(cascades > 40 && rings > 40 && accumulators > 0, `${cascades} cascades, ${rings} rings, ${accumulators}`)
})
