import { createHash } from 'node:crypto'
import t from 'tap'
import {
  check,
  compile,
  DIAGNOSTIC_CODES,
  formatDiagnostic,
  inspect,
  modelNameOf,
  memoryMapSvg,
  type OutputFile,
  plan,
  PLUGIN_API_VERSION,
  type SourceSet,
  type Target,
  version,
} from '../src/index.js'
import { tinyModel } from './cli/command.js'
import { seededRandom } from './support/random.js'

const options = { name: 'tiny', target: 'cmake' } as const

/** A target that gives the sources back, and shows what it was given. */
function ownTarget(seen: SourceSet[] = []): Target {
  return {
    apiVersion: PLUGIN_API_VERSION,
    name: 'own',
    description: 'the sources alone',
    tools: [],
    emit: (sources) => {
      seen.push(sources)
      return Promise.resolve(sources.files)
    },
  }
}

async function filesOf(model: Uint8Array): Promise<readonly OutputFile[]> {
  const result = await compile(model, options)
  return result.ok ? result.files : []
}

t.test('a model is compiled to files and facts', async (t) => {
  const result = await compile(tinyModel, options)
  if (!result.ok) return t.fail('it compiles', result)
  t.same(result.files.map(({ path }) => path).sort(), [
    'CMakeLists.txt',
    'LICENSE',
    'README.md',
    'eonc.json',
    'example/CMakeLists.txt',
    'example/main.cpp',
    'src/tiny.cpp',
    'src/tiny.h',
    'src/tiny_armv6m.cpp',
    'src/tiny_armv6m_weights.h',
    'src/tiny_cmsis_nn.cpp',
    'src/tiny_cmsis_nn_weights.h',
    'src/tiny_dsp.cpp',
    'src/tiny_dsp_weights.h',
    'src/tiny_kernels.S',
    'src/tiny_kernels.h',
    'src/tiny_mve.cpp',
    'src/tiny_mve_weights.h',
    'src/tiny_weights.h',
  ])
  const { facts } = result
  t.match(facts, {
    name: 'tiny',
    compiler: version,
    modelHash: createHash('sha256').update(tinyModel).digest('hex'),
    description: 'a model for tests',
    inputs: [
      { name: 'features', type: 'int8', shape: [1, 4], elements: 4, bytes: 4, quantization: { zeroPoints: [-3] } },
    ],
    outputs: [{ name: 'scores', type: 'int8', shape: [1, 3], elements: 3, bytes: 3 }],
    macs: 12,
    needsMath: false,
  })
  t.ok(facts.contextBytes >= 7 && facts.contextBytes <= 12, 'input and output, and little more')
  t.same(result.notices, [])
})

t.test('the same model gives the same bytes, in whatever memory it lies', async (t) => {
  const expected = await filesOf(tinyModel)
  t.ok(expected.length > 0)
  const odd = Buffer.alloc(tinyModel.length + 3)
  odd.set(tinyModel, 3)
  t.same(await filesOf(Buffer.from(tinyModel)), expected, 'a Buffer')
  t.same(await filesOf(odd.subarray(3)), expected, 'a part of a buffer that begins at an odd address')
  t.same(await filesOf(new Uint8Array(tinyModel)), expected, 'a Uint8Array')
  const before = tinyModel.slice()
  await filesOf(tinyModel)
  t.same(tinyModel, before, 'the model is left as it was')
})

t.test("a target of the caller's own gets the sources and the facts, and gives the files", async (t) => {
  const seen: SourceSet[] = []
  const result = await compile(tinyModel, { ...options, target: ownTarget(seen) })
  if (!result.ok) return t.fail('it compiles', result)
  const [set] = seen
  t.match(set, { name: 'tiny', compiler: version, models: [{ name: 'tiny' }] })
  t.same(result.facts, set?.models[0])
  const roles = set?.files.map(({ path, role }) => `${path} ${role}`)
  t.same(roles, [
    'tiny.h public-header',
    'tiny_cmsis_nn.cpp source',
    'tiny_mve.cpp source',
    'tiny_dsp.cpp source',
    'tiny_armv6m.cpp source',
    'tiny.cpp source',
    'tiny_kernels.h private-header',
    'tiny_kernels.S source',
    'tiny_cmsis_nn_weights.h private-header',
    'tiny_mve_weights.h private-header',
    'tiny_dsp_weights.h private-header',
    'tiny_armv6m_weights.h private-header',
    'tiny_weights.h private-header',
  ])
  t.same(result.files.slice(0, 13), set?.files)
  t.same(
    result.files.slice(13).map(({ path }) => path),
    ['LICENSE', 'README.md', 'eonc.json'],
    'every output has a licence, a README and a manifest',
  )
})

t.test('wrong options are diagnostics', async (t) => {
  const wrong = { ...options, cpu: 'z80', optimise: 'ram' } as unknown as typeof options
  t.match(await compile(tinyModel, wrong), { ok: false, diagnostics: [{ code: 'BAD_OPTION' }, { code: 'BAD_OPTION' }] })
  t.match(await compile(tinyModel, { ...options, name: 'A' }), { ok: false, diagnostics: [{ code: 'BAD_OPTION' }] })
  t.match(await compile(tinyModel, { ...options, target: 'x' }), { ok: false, diagnostics: [{ code: 'BAD_TARGET' }] })
})

t.test('a model that is none is a diagnostic, never an exception', async (t) => {
  const random = seededRandom(7)
  const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => random.below(256))
  const flipped = (): Uint8Array => tinyModel.map((byte) => (random.chance(0.02) ? random.below(256) : byte))
  const garbage = [
    new Uint8Array(0),
    Uint8Array.of(0),
    Buffer.from('This is no model.'),
    Buffer.from('\u0000\u0000\u0000\u0000TFL3'),
    tinyModel.subarray(0, 100),
    ...Array.from({ length: 20 }, (_, index) => bytes(index * 50)),
    ...Array.from({ length: 100 }, flipped),
  ]
  let refused = 0
  for (const model of garbage) {
    const inspected = inspect(model)
    const found = check(model).filter(({ severity }) => severity === 'error')
    const compiled = await compile(model, { ...options, target: ownTarget() })
    if (!inspected.ok) t.ok(inspected.diagnostics.length > 0 && found.length > 0)
    t.equal(compiled.ok, found.length === 0, 'what check passes can be compiled, and nothing else')
    if (compiled.ok) continue
    refused += 1
    t.ok(compiled.diagnostics.every(({ code, rule, help }) => code in DIAGNOSTIC_CODES && rule !== '' && help !== ''))
  }
  t.ok(refused > 40, `${refused} of ${garbage.length} are refused`)
})

t.test('what is inspected is in the words of the file', async (t) => {
  const result = inspect(tinyModel)
  if (!result.ok) return t.fail('it can be read', result)
  t.match(result, {
    description: 'a model for tests',
    fileBytes: tinyModel.length,
    subgraphs: 1,
    macs: 12,
    weightBytes: 24,
  })
  t.match(result.operators, [{ kind: 'FULLY_CONNECTED', name: 'scores', supported: true, weightBytes: 24 }])
  t.same(
    result.tensors.map(({ name }) => name),
    ['features', 'weights', 'bias', 'scores'],
  )
})

t.test('what is planned is what is compiled', async (t) => {
  const planned = plan(tinyModel, { input: 'stream' })
  const compiled = await compile(tinyModel, { ...options, input: 'stream' })
  if (!planned.ok || !compiled.ok) return t.fail('it compiles', { planned, compiled })
  const { contextBytes, kernelSets } = compiled.facts
  const { name: kernels, constantBytes } = kernelSets.find(({ name }) => name === planned.report.kernels) ?? {}
  t.match(planned.report, { input: 'stream', kernels, contextBytes, constantBytes })
  t.same(planned.notices, [])
  t.match(memoryMapSvg(planned.map, 'tiny'), /^<svg [^>]*>\n<title>Memory of tiny over time<\/title>/)
})

t.test('a budget holds for compile, plan and check alike', async (t) => {
  const result = plan(tinyModel)
  if (!result.ok) return t.fail('it can be planned')
  const { contextBytes, constantBytes } = result.report
  const enough = { maxRam: contextBytes, maxRom: constantBytes }
  t.match(await compile(tinyModel, { ...options, ...enough }), { ok: true })
  t.match(plan(tinyModel, enough), { ok: true })
  t.same(check(tinyModel, enough), [])
  for (const less of [{ maxRam: contextBytes - 1 }, { maxRom: constantBytes - 1 }]) {
    const expected = [{ severity: 'error', code: 'OVER_BUDGET' }]
    t.match(await compile(tinyModel, { ...options, ...less }), { ok: false, diagnostics: expected })
    t.match(check(tinyModel, less), expected)
    t.match(plan(tinyModel, less), { ok: false, diagnostics: expected, report: { contextBytes }, map: { columns: 3 } })
  }
  t.equal(check(tinyModel, { maxRam: 1, maxRom: 1 }).length, 2, 'both at once')
})

t.test('what stands against a plan is diagnostics', async (t) => {
  const wrong = { maxRam: '64k', cpus: 'any' } as unknown as { readonly maxRam: number }
  t.match(plan(tinyModel, wrong), { ok: false, diagnostics: [{ code: 'BAD_OPTION' }, { code: 'BAD_OPTION' }] })
  t.match(check(tinyModel, wrong), [{ code: 'BAD_OPTION' }, { code: 'BAD_OPTION' }])
  const none = plan(tinyModel.subarray(0, 100))
  t.match(none, { ok: false, diagnostics: [{ severity: 'error' }] })
  t.notOk('report' in none)
})

t.test('a diagnostic is printed with its code, its place, and what to do', async (t) => {
  const [diagnostic] = check(new Uint8Array(0))
  if (diagnostic === undefined) return t.fail('there is one')
  t.match(formatDiagnostic(diagnostic), /^error BAD_FILE: .+\n {2}found: .+\n {2}\S/)
})

t.test('the name of a model file makes a valid name', async (t) => {
  t.match(await compile(tinyModel, { ...options, name: modelNameOf('My Model.tflite') }), { ok: true })
})
