import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { PlannedModel } from '../../src/compile.js'
import { GRANULARITIES, type Granularity } from '../../src/ops/index.js'
import { cores } from '../support/cores.js'
import { buildFirmware, runFirmware, type Vector } from '../support/firmware.js'
import { goldenVectors } from '../support/golden.js'
import { allModels, type ModelFile, ownModels } from '../support/models.js'
import { skipWithoutOracle } from '../support/oracle.js'
import { PLAN_OPTIONS } from '../support/programs.js'
import { projectRoot, skipWithout } from '../support/toolchain.js'
import { replanned, sourcesWith } from '../support/variants.js'
import { oracleVectors } from '../support/vectors.js'

const workDir = join(projectRoot, 'build', 'test', 'firmware-cascades')
const core = cores['cortex-m4f']
/** Instructions of cascades, of those that the same operators take one after the other. */
const MOST = 1.08

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
  plan: string,
  ram: Granularity,
  vectors: readonly Vector[],
  change: (planned: PlannedModel) => PlannedModel,
): Promise<Cost> {
  let arena = NaN
  let cascades = NaN
  const { facts, files } = sourcesWith(await readFile(path), name, { ...PLAN_OPTIONS, ram }, (planned) => {
    const changed = change(planned)
    arena = changed.plan.bytes
    cascades = changed.schedule.stages.filter(({ flows }) => flows.length > 1).length
    return changed
  })
  const sources = join(workDir, plan, name)
  await rm(sources, { recursive: true, force: true })
  await mkdir(sources, { recursive: true })
  for (const { path, contents } of files) await writeFile(join(sources, path), contents)
  const { elf } = await buildFirmware({ core, sources, name, io: facts, vectors, workDir: join(workDir, plan) })
  const { ok, lines, instructions = NaN } = await runFirmware(elf, core, { count: true, timeoutMs: 120_000 })
  t.ok(ok, `${name}, ${plan}, is exact`, { lines })
  return { instructions, arena, cascades }
}

async function compare(t: Test, model: ModelFile, vectors: readonly Vector[]): Promise<boolean> {
  const apart = await costOf(t, model, 'layer-by-layer', 'row', vectors, (planned) =>
    replanned(planned, PLAN_OPTIONS, { longest: 1 }),
  )
  t.equal(apart.cascades, 0)
  let arena = apart.arena
  let cascaded = false
  for (const ram of GRANULARITIES) {
    const together = await costOf(t, model, ram, ram, vectors, (planned) => planned)
    const ratio = together.instructions / apart.instructions
    const figures = `${together.instructions} of ${apart.instructions} instructions, ${together.arena} of ${apart.arena} bytes`
    t.ok(together.arena <= arena, `${model.name}, ${ram}: no more memory`)
    t.ok(ratio <= MOST, `${model.name}, ${ram}: ${ratio.toFixed(4)} (${figures}, ${together.cascades} cascades)`)
    arena = together.arena
    cascaded ||= together.cascades > 0
  }
  return cascaded
}

t.test("cascades of the project's own models take few instructions more", { skip: tools }, async (t) => {
  let cascaded = 0
  for (const model of ownModels()) {
    const [vector] = await goldenVectors(model)
    if (await compare(t, model, vector === undefined ? [] : [vector])) cascaded += 1
  }
  t.ok(cascaded >= 2, `${cascaded} of them have cascades`)
})

t.test('so do those of the int8 models of others', { skip: skipForeign }, async (t) => {
  t.equal(foreign.length, 6)
  for (const model of foreign) {
    const vectors = await oracleVectors(await readFile(model.path), 1, join(workDir, 'oracle', model.name))
    await compare(t, model, vectors)
  }
})
