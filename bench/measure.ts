import { join } from 'node:path'
import { type Core, cores, type CoreId, kernelSetOn } from '../test/support/cores.js'
import { buildFirmware, cppFlags, type FirmwareOptions, runFirmware } from '../test/support/firmware.js'
import { firmwareStack } from '../test/support/firmware-stack.js'
import { linkedSizes, modelSizes } from '../test/support/linked-sizes.js'
import { runOrThrow } from '../test/support/toolchain.js'
import { version } from '../src/index.js'
import type { PreparedModel } from './prepare.js'
import { benchCores, factsOf, settingNames } from './settings.js'
import { columns, type Figures, type Measurement, type Obstacle, type Results } from './results.js'

/** Optimization of all figures. */
export const optimization = '-Os'

/** What the harness allows a float32 output, of the largest of its tensor. */
const floatTolerance = 1e-5

/**
 * Measures a model on a core: builds it, and the same firmware without it, runs its vectors in the emulator, and takes
 * the difference. What stands in the way is a result too.
 * @param workDir the builds' folder; they are named by setting, model and core
 */
export async function measureModel(model: PreparedModel, coreId: CoreId, workDir: string): Promise<Measurement> {
  const { name, setting, variant } = model
  const folder = join(workDir, setting)
  const outcome = await figuresOf(model, cores[coreId], folder).catch((error: unknown) => obstacleOf(error))
  return {
    model: name,
    core: coreId,
    setting,
    variant,
    ...('status' in outcome ? outcome : { status: 'measured', ...outcome }),
  }
}

/** Results around measurements, which are sorted by model, core and setting. */
export async function resultsOf(measurements: readonly Measurement[]): Promise<Results> {
  const { stdout } = await runOrThrow('arm-none-eabi-gcc', ['-dumpfullversion'])
  return {
    eonc: version,
    compiler: `arm-none-eabi-gcc ${stdout.trim()}`,
    library: 'newlib-nano',
    linker: '--gc-sections',
    optimization,
    flags: Object.fromEntries(benchCores.map((id) => [id, cppFlags(cores[id], optimization).join(' ')])),
    settings: Object.fromEntries(settingNames.map((name) => [name, factsOf(name).title])),
    kernels: 'portable, armv6m, dsp or mve, as the core has it',
    columns,
    measurements: [...measurements].sort(
      (a, b) =>
        compareText(a.model, b.model) ||
        benchCores.indexOf(a.core) - benchCores.indexOf(b.core) ||
        settingNames.indexOf(a.setting) - settingNames.indexOf(b.setting),
    ),
  }
}

async function figuresOf(model: PreparedModel, core: Core, workDir: string): Promise<Figures | Obstacle> {
  const { name, facts, vectors, comparable } = model
  const { inputs, outputs, inputMode, units } = facts
  const io = { inputs, outputs, inputMode, ...(units && { units }) }
  const options: FirmwareOptions = { core, name, io, vectors, workDir, sources: model.sources, optimization }
  const { elf } = await buildFirmware(options)
  const empty = await buildFirmware({ ...options, empty: true })
  const sizes = modelSizes(await linkedSizes(elf, core), await linkedSizes(empty.elf, core))
  const { ok, lines, instructions, stack: painted } = await runFirmware(elf, core, { count: true })
  if (instructions === undefined || painted === undefined)
    return { status: 'failed', reason: lines.at(-2) ?? 'the firmware says nothing' }
  const { model: stack, harness } = await firmwareStack(elf, core, name, facts.inputMode)
  if (painted > stack + harness)
    return { status: 'failed', reason: `${painted - harness} bytes of stack, more than the worst case of ${stack}` }
  return {
    context: sizes.context,
    otherRam: sizes.otherRam,
    ram: sizes.context + sizes.otherRam,
    stack,
    paintedStack: painted - harness,
    code: sizes.code,
    constants: sizes.constants,
    rom: sizes.rom,
    romCode: sizes.rom - kernelSetOn(core, facts).constantBytes,
    instructions,
    vectors: comparable ? vectors.length : 0,
    exact: comparable ? ok : null,
    tolerance: facts.outputs.some(({ type }) => type === 'float32') ? floatTolerance : 0,
  }
}

/** What became of a build or run that was thrown out. */
function obstacleOf(error: unknown): Obstacle {
  const message = error instanceof Error ? error.message : String(error)
  const [overflow] = /region `\w+' overflowed by \d+ bytes|less than 1 KiB is left for the stack/.exec(message) ?? []
  if (overflow !== undefined) return { status: 'too-large', reason: overflow }
  return { status: 'failed', reason: message.split('\n').find((line) => /error/i.test(line)) ?? message.slice(0, 200) }
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
