import t from 'tap'
import { planModel, type Progress } from '../src/compile.js'
import { branchingChain, inception, mobileNetV2 } from './support/networks.js'
import { writeModel } from './support/model-writer.js'
import { PLAN_OPTIONS } from './support/programs.js'

/** Of one core: the planner has no more. A minute is what a user is promised; rows leave half of it to slower machines. */
const MOST_SECONDS = { row: 30, pixel: 60 } as const

const networks = { mobileNetV2, inception, branchingChain }

for (const [name, network] of Object.entries(networks))
  t.test(`${name} is planned in time, and the same every time`, async (t) => {
    const spec = network()
    t.ok(spec.operators.length >= 70, `${spec.operators.length} operators`)
    const file = writeModel(spec)
    const bytes: number[] = []
    for (const ram of ['row', 'pixel', 'row'] as const) {
      const seen: Progress[] = []
      const before = process.cpuUsage().user
      const onProgress = (progress: Progress): void => void seen.push(progress)
      const { plan, schedule } = planModel(file, { ...PLAN_OPTIONS, optimize: 'ram', ram, onProgress })
      const seconds = (process.cpuUsage().user - before) / 1e6
      t.ok(seconds < MOST_SECONDS[ram], `${ram}: ${plan.bytes} bytes, ${seconds.toFixed(1)} s`)
      t.ok(schedule.stages.some(({ flows }) => flows.length > 1))
      t.ok(plan.bytes <= 1.1 * plan.bound, `${plan.bytes} of at least ${plan.bound}`)
      t.ok(seen.length > 100 && seen.every(({ done, of }) => done > 0 && done <= of))
      bytes.push(plan.bytes)
    }
    const [rows = 0, pixels = 0, again = 0] = bytes
    t.equal(again, rows)
    t.ok(pixels <= rows)
  })

t.test('what is told of the progress changes nothing', async (t) => {
  const file = writeModel(mobileNetV2(32))
  const { plan } = planModel(file, PLAN_OPTIONS)
  t.same(planModel(file, { ...PLAN_OPTIONS, onProgress: () => undefined }).plan, plan)
})
