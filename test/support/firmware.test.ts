import { join } from 'node:path'
import t from 'tap'
import { coreIds, cores, type CoreId } from './cores.js'
import { buildFirmware, runFirmware, type FirmwareOptions, type FirmwareRun, type Vector } from './firmware.js'
import { linkedSizes, modelSizes } from './linked-sizes.js'
import { projectRoot, skipWithout } from './toolchain.js'

const workDir = join(projectRoot, 'build', 'test', 'firmware')
const sources = join(projectRoot, 'test', 'firmware', 'fake')
const skip = skipWithout(...new Set(coreIds.flatMap((id) => [`${cores[id].tools}-gcc`, cores[id].emulator])))
const io: FirmwareOptions['io'] = {
  inputs: [{ bytes: 4, type: 'int8' }],
  outputs: [
    { bytes: 4, type: 'int8' },
    { bytes: 8, type: 'float32' },
  ],
}

/** What test/firmware/fake gives from the start: the input plus the next four weights, and two floats. */
const vectors = [0, 1, 2].map((n) => ({
  inputs: [bytes(n, n, n, n)],
  outputs: [bytes(5 * n + 1, -3 * n - 2, 5 * n + 3, -3 * n - 4), floats(0.5 * n, 100)] as const,
}))

for (const id of coreIds)
  t.test(`${id} runs a model and finds its outputs right`, { skip }, async (t) => {
    const run = await runFake(id, vectors)
    t.strictSame(run.lines.slice(0, 3), ['vector 0 ok', 'vector 1 ok', 'vector 2 ok'])
    t.ok(run.ok)
    t.equal(run.instructions, undefined)
  })

t.test('a wrong byte is reported with its place', { skip }, async (t) => {
  const planted = vectors.map(({ inputs, outputs }, n) => ({
    inputs,
    outputs: n === 1 ? [bytes(6, -5, 8, 99), outputs[1]] : outputs,
  }))
  const run = await runFake('cortex-m4f', planted)
  t.notOk(run.ok)
  t.strictSame(run.lines.slice(0, 3), ['vector 0 ok', 'vector 1 output 0 differs at 3: got -7 want 99', 'vector 2 ok'])
  t.equal(run.lines.at(-1), 'result failed')
})

t.test('a float may differ by 1e-5 of the largest of its tensor, and no more', { skip }, async (t) => {
  const planted = (difference: number) =>
    vectors.map(({ inputs, outputs }, n) => ({ inputs, outputs: [outputs[0], floats(0.5 * n + difference, 100)] }))
  t.ok((await runFake('cortex-m0plus', planted(0.9e-3))).ok)
  const run = await runFake('cortex-m0plus', planted(1.1e-3))
  t.notOk(run.ok)
  t.match(run.lines[1], /^vector 1 output 1 differs at 0: got 0x3f000000 want 0x3f00/)
  t.notOk((await runFake('cortex-m0plus', planted(NaN))).ok)
})

t.test('a fault and a write beyond the context fail', { skip }, async (t) => {
  const fault = await runFake('cortex-m4f', vectors, ['-DFAKE_FAULT'])
  t.notOk(fault.ok)
  t.match(fault.lines[0], /^fault 3 at 0x/)
  const trap = await runFake('riscv32', vectors, ['-DFAKE_FAULT'])
  t.notOk(trap.ok)
  t.match(trap.lines[0], /^fault 7 at 0x/)
  const overrun = await runFake('cortex-m4f', vectors, ['-DFAKE_OVERRUN'])
  t.notOk(overrun.ok)
  t.ok(overrun.lines.includes('written above the context'))
})

t.test('stack is measured by painting', { skip }, async (t) => {
  for (const id of ['cortex-m0plus', 'riscv32'] as const) {
    const { stack: small = 0 } = await runFake(id, vectors, ['-DFAKE_STACK=256'])
    const { stack: large = 0 } = await runFake(id, vectors, ['-DFAKE_STACK=1280'])
    t.equal(large - small, 1024)
    t.ok(small >= 256 && small < 256 + 64, `${small}`)
  }
})

t.test('instructions are counted, the same every time', { skip }, async (t) => {
  for (const id of coreIds) {
    const core = cores[id]
    const count = async (elf: string) => (await runFirmware(elf, core, { count: true })).instructions ?? NaN
    const short = await buildFake(id, vectors, ['-DFAKE_ROUNDS=10'])
    const few = await count(short)
    t.equal(await count(short), few)
    t.ok(few > 20 && few < 400, `${id}: ${few}`)
    const isLong = id === 'cortex-m0plus' || id === 'cortex-m55' // Longer than a period of the clock.
    const rounds = isLong ? 25_000_000 : 12_345
    const difference = (await count(await buildFake(id, vectors, [`-DFAKE_ROUNDS=${rounds}`]))) - few
    t.ok(Math.abs(difference - 2 * (rounds - 10)) <= 16, `${id}: ${difference} for ${rounds - 10} rounds`)
  }
})

t.test('sizes are those of the model alone', { skip }, async (t) => {
  const core = cores['cortex-m4f']
  const build = (empty: boolean) => buildFirmware({ core, sources, name: 'fake', io, vectors, workDir, empty })
  const withModel = await linkedSizes((await build(false)).elf, core)
  const empty = await linkedSizes((await build(true)).elf, core)
  const sizes = modelSizes(withModel, empty)
  t.equal(sizes.context, 20)
  t.equal(sizes.otherRam, 4, 'one variable outside the context')
  t.equal(sizes.constants, 64, 'the weights')
  const code = withModel.symbols.filter(({ name, kind }) => kind === 'code' && name.startsWith('fake_'))
  const bytesOfCode = code.reduce((sum, { bytes }) => sum + bytes, 0)
  t.equal(code.length, 4)
  t.ok(sizes.code >= bytesOfCode && sizes.code <= bytesOfCode + 8, `${sizes.code}, its functions ${bytesOfCode}`)
})

async function buildFake(id: CoreId, vectors: readonly Vector[], extraFlags: readonly string[] = []): Promise<string> {
  return (await buildFirmware({ core: cores[id], sources, name: 'fake', io, vectors, workDir, extraFlags })).elf
}

async function runFake(id: CoreId, vectors: readonly Vector[], extraFlags?: readonly string[]): Promise<FirmwareRun> {
  return runFirmware(await buildFake(id, vectors, extraFlags), cores[id], { count: false, timeoutMs: 60_000 })
}

function bytes(...values: readonly number[]): Uint8Array {
  return new Uint8Array(Int8Array.from(values).buffer)
}

function floats(...values: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer)
}
