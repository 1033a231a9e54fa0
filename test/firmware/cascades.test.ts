import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { GRANULARITIES } from '../../src/ops/index.js'
import type { PlannedModel, PlanOptions } from '../../src/compile.js'
import { type Core, cores } from '../support/cores.js'
import { buildFirmware, runFirmware, type Vector } from '../support/firmware.js'
import { goldenVectors } from '../support/golden.js'
import { allModels, type ModelFile, ownModels } from '../support/models.js'
import { skipWithoutOracle } from '../support/oracle.js'
import { PLAN_OPTIONS } from '../support/programs.js'
import { writeSources } from '../support/sources.js'
import { projectRoot, skipWithout } from '../support/toolchain.js'
import { replanned, sourcesWith } from '../support/variants.js'
import { oracleVectors } from '../support/vectors.js'

const workDir = join(projectRoot, 'build', 'test', 'firmware-cascades')
/** Instructions of cascades, of those that the same operators take one after the other. */
const MOST = 1.08
/** The kernels of a processor, on a core that has it, and how cascades are cut: what makes pixels is portable. */
const KERNELS = [
  { cpu: 'host', core: cores['cortex-m4f'], granularities: GRANULARITIES },
  { cpu: 'cortex-m4f', core: cores['cortex-m4f'], granularities: ['row'] },
  { cpu: 'cortex-m0plus', core: cores['cortex-m0plus'], granularities: ['row'] },
  { cpu: 'cortex-m55', core: cores['cortex-m55'], granularities: ['row'] },
] as const
type Kernels = (typeof KERNELS)[number]

const tools = skipWithout('arm-none-eabi-gcc', 'qemu-system-arm')
const foreign = allModels().filter(({ name, own }) => !own && name.endsWith('_int8'))
const skipForeign =
  tools || skipWithoutOracle() || (foreign.length === 0 && 'no ../shared/models beside the repository')

interface Cost {
  readonly instructions: number
  readonly arena: number
  readonly cascades: number
}

/** Runs a model with the plan that `change` makes of the compiler's own. */
async function costOf(
  t: Test,
  { name, path }: ModelFile,
  core: Core,
  plan: string,
  options: PlanOptions,
  vectors: readonly Vector[],
  change: (planned: PlannedModel) => PlannedModel,
): Promise<Cost> {
  let arena = NaN
  let cascades = NaN
  const { facts, files } = sourcesWith(await readFile(path), name, options, (planned) => {
    const changed = change(planned)
    arena = changed.plan.bytes
    cascades = changed.schedule.stages.filter(({ flows }) => flows.length > 1).length
    return changed
  })
  const sources = await writeSources(join(workDir, plan, name), files)
  const { elf } = await buildFirmware({ core, sources, name, io: facts, vectors, workDir: join(workDir, plan) })
  const { ok, lines, instructions = NaN } = await runFirmware(elf, core, { count: true, timeoutMs: 120_000 })
  t.ok(ok, `${name}, ${plan}, is exact`, { lines })
  return { instructions, arena, cascades }
}

async function compare(
  t: Test,
  model: ModelFile,
  { cpu, core, granularities }: Kernels,
  vectors: readonly Vector[],
): Promise<boolean> {
  const options = { ...PLAN_OPTIONS, cpu }
  const apart = await costOf(t, model, core, `${cpu}-layer-by-layer`, options, vectors, (planned) =>
    replanned(planned, options, { longest: 1 }),
  )
  t.equal(apart.cascades, 0)
  let arena = apart.arena
  let cascaded = false
  for (const ram of granularities) {
    const together = await costOf(t, model, core, `${cpu}-${ram}`, { ...options, ram }, vectors, (planned) => planned)
    const ratio = together.instructions / apart.instructions
    const figures = `${together.instructions} of ${apart.instructions} instructions, ${together.arena} of ${apart.arena} bytes`
    t.ok(together.arena <= arena, `${model.name}, ${cpu}, ${ram}: no more memory`)
    t.ok(
      ratio <= MOST,
      `${model.name}, ${cpu}, ${ram}: ${ratio.toFixed(4)} (${figures}, ${together.cascades} cascades)`,
    )
    arena = together.arena
    cascaded ||= together.cascades > 0
  }
  return cascaded
}

t.test("cascades of the project's own models take few instructions more", { skip: tools }, async (t) => {
  let cascaded = 0
  for (const model of ownModels()) {
    const vectors = (await goldenVectors(model)).slice(0, 1)
    for (const kernels of KERNELS) if (await compare(t, model, kernels, vectors)) cascaded += 1
  }
  t.ok(cascaded >= 2 * KERNELS.length, `${cascaded} of them have cascades`)
})

t.test('so do those of the int8 models of others', { skip: skipForeign }, async (t) => {
  t.equal(foreign.length, 6)
  for (const model of foreign) {
    const vectors = await oracleVectors(await readFile(model.path), 1, join(workDir, 'oracle', model.name))
    for (const kernels of KERNELS) await compare(t, model, kernels, vectors)
  }
})
