import { createHash } from 'node:crypto'
import t from 'tap'
import { compileSources, planModel, type SourceOptions } from '../src/compile.js'
import { collect } from '../src/diagnostics.js'
import type { Diagnostic } from '../src/ir/index.js'
import { builtinOperators, type OperatorDefinition } from '../src/ops/index.js'
import type { ModelSources } from '../src/compile.js'
import { version } from '../src/version.js'
import { activation, bias, chain, conv, plain, weights } from './support/layers.js'
import { type ModelSpec, type TensorSpec, writeModel } from './support/model-writer.js'
import { PLAN_OPTIONS } from './support/programs.js'

const options: SourceOptions = { ...PLAN_OPTIONS, name: 'net' }
const real = (name: string, shape: readonly number[]): TensorSpec => ({ name, type: 'float32', shape })

const convolution = chain(
  [
    activation('x', [1, 4, 4, 2]),
    weights('w', [3, 3, 3, 2]),
    bias('b', [1, 2, 3]),
    activation('y', [1, 2, 2, 3], 0.2, 0),
  ],
  [conv([0, 1, 2], 3)],
)

const sourcesOf = (spec: ModelSpec, changes: Partial<SourceOptions> = {}): ModelSources =>
  compileSources(writeModel(spec), { ...options, ...changes }).sources

const contentsOf = ({ files }: ModelSources, wanted: string): string | undefined =>
  files.find(({ path }) => path === wanted)?.contents

function diagnosticsOf(spec: ModelSpec): readonly Diagnostic[] {
  const planned = collect(() => planModel(writeModel(spec), PLAN_OPTIONS))
  return 'diagnostics' in planned ? planned.diagnostics : []
}

t.test(
  'gives files named after the model, a source and weights for each kernel set that has something to gain',
  (t) => {
    const { files } = sourcesOf(convolution)
    t.same(
      files.map(({ path, role }) => [path, role]),
      [
        ['net.h', 'public-header'],
        ['net_mve.cpp', 'source'],
        ['net_dsp.cpp', 'source'],
        ['net_armv6m.cpp', 'source'],
        ['net.cpp', 'source'],
        ['net_kernels.h', 'private-header'],
        ['net_kernels.S', 'source'],
        ['net_mve_weights.h', 'private-header'],
        ['net_dsp_weights.h', 'private-header'],
        ['net_armv6m_weights.h', 'private-header'],
        ['net_weights.h', 'private-header'],
      ],
    )
    t.ok(files.every(({ contents }) => contents.endsWith('\n')))
    t.end()
  },
)

t.test('knows what can be known of the compiled model', (t) => {
  const spec = { ...convolution, description: 'one layer' }
  const { facts } = sourcesOf(spec)
  t.match(facts, {
    name: 'net',
    compiler: version,
    modelHash: createHash('sha256').update(writeModel(spec)).digest('hex'),
    description: 'one layer',
    inputs: [{ name: 'x', type: 'int8', shape: [1, 4, 4, 2], elements: 32, bytes: 32 }],
    outputs: [{ name: 'y', type: 'int8', elements: 12, bytes: 12, quantization: { zeroPoints: [0] } }],
    macs: 4 * 3 * 18,
    operators: [{ name: 'op0', kernel: 'eonc_conv_2d_s8' }],
    needsMath: false,
  })
  const [mve, dsp, armv6m, portable] = ['mve', 'dsp', 'armv6m', 'portable'].map((set) =>
    facts.kernelSets.find(({ name }) => name === set),
  )
  if (mve === undefined || dsp === undefined || armv6m === undefined || portable === undefined) {
    return t.fail('kernel sets', { facts })
  }
  t.match(mve, { name: 'mve', operators: [{ name: 'op0', kernel: 'eonc_conv_2d_s8_mve' }] })
  t.match(dsp, { name: 'dsp', operators: [{ name: 'op0', kernel: 'eonc_conv_2d_s8_dsp' }] })
  t.match(armv6m, { name: 'armv6m', operators: [{ name: 'op0', kernel: 'eonc_conv_2d_s8_armv6m' }] })
  t.match(portable, { name: 'portable', operators: facts.operators })
  t.ok(portable.contextBytes >= 32 && portable.contextBytes <= 32 + 12, 'the input, and an output that may overlap it')
  // a window of 18 inputs: two pixels of 12 words, filled up from 9
  t.equal(dsp.contextBytes, portable.contextBytes + 2 * 12 * 4, 'and scratch')
  // four columns of three taps of two channels
  t.equal(mve.contextBytes, portable.contextBytes + 4 * 3 * 2)
  t.equal(portable.constantBytes, 54 + 3 * 4 + 4 + 1, 'weights, bias, one multiplier and one shift')
  t.equal(dsp.constantBytes, 4 * (24 + 8), 'four channels of 24 weights, and a scale in two words')
  t.equal(armv6m.contextBytes, dsp.contextBytes)
  t.equal(armv6m.constantBytes, 4 * (24 + 4 + 8), 'the same, and a start')
  t.equal(mve.constantBytes, 3 * (12 + 20) + 16, 'channels by themselves, and where their columns go')
  t.match(facts, { contextBytes: dsp.contextBytes, constantBytes: armv6m.constantBytes }, 'the larger ones count')
  t.match(
    contentsOf(sourcesOf(spec), 'net.h'),
    new RegExp(`#elif defined\\(NET_KERNELS_DSP\\)[^#]*#define NET_CONTEXT_BYTES ${dsp.contextBytes}\n`),
  )
  t.end()
})

t.test('with a processor named there is one kernel set, and what other compilers would make of it is an error', (t) => {
  const compiled = (cpu: SourceOptions['cpu']) =>
    compileSources(writeModel(convolution), { ...PLAN_OPTIONS, cpu, name: 'net' }).sources
  const portable = compiled('cortex-m3')
  t.same(
    portable.facts.kernelSets.map(({ name }) => name),
    ['portable'],
  )
  t.notMatch(contentsOf(portable, 'net.h'), /KERNELS|__ARM/)
  const dsp = compiled('cortex-m4f')
  t.same(
    dsp.facts.kernelSets.map(({ name }) => name),
    ['dsp'],
  )
  t.match(contentsOf(dsp, 'net.cpp'), /#if !\([^#]*__ARM_FEATURE_DSP[^#]*\)\n#error "/)
  for (const cpu of ['cortex-m0', 'cortex-m0plus', 'cortex-m23'] as const) {
    const armv6m = compiled(cpu)
    t.same(
      armv6m.facts.kernelSets.map(({ name }) => name),
      ['armv6m'],
    )
    t.match(contentsOf(armv6m, 'net.cpp'), /#if !\([^#]*__ARM_ARCH_6M__[^#]*\)\n#error "/)
  }
  t.end()
})

t.test('a kernel set that has nothing to gain is none of the output', (t) => {
  const { facts, files } = sourcesOf(
    chain([activation('x', [8]), activation('y', [8], 1 / 128, 0)], [plain('TANH', 0, 1)]),
  )
  t.same(
    facts.kernelSets.map(({ name }) => name),
    ['portable'],
  )
  t.notOk(files.some(({ path }) => /dsp|armv6m|mve|\.S$/.test(path)))
  t.end()
})

t.test('facts say bytes of floats, and when the math library is needed', (t) => {
  const { facts } = sourcesOf(chain([real('x', [3]), real('y', [3])], [plain('TANH', 0, 1)]))
  t.match(facts, { inputs: [{ elements: 3, bytes: 12 }], contextBytes: 12, needsMath: true })
  t.notOk('quantization' in (facts.inputs[0] ?? {}))
  t.end()
})

t.test('the same model gives the same bytes, and its name goes into every symbol', (t) => {
  t.same(sourcesOf(convolution), sourcesOf(convolution))
  const header = contentsOf(sourcesOf(convolution, { name: 'other' }), 'other.h')
  t.match(header, 'other_status other_invoke(other_context *context);')
  t.notMatch(header, /\bnet_/)
  t.end()
})

t.test('conversions at the boundary are left to the application when it asks for that', (t) => {
  const spec = chain(
    [real('in', [4]), activation('x', [4]), activation('y', [4], 1 / 256, -128), real('out', [4])],
    [plain('QUANTIZE', 0, 1), plain('LOGISTIC', 1, 2), plain('DEQUANTIZE', 2, 3)],
  )
  const types = ({ facts }: ModelSources): readonly string[] =>
    [...facts.inputs, ...facts.outputs].map(({ type }) => type)
  t.same(types(sourcesOf(spec)), ['float32', 'float32'])
  t.same(types(sourcesOf(spec, { stripFloatIo: true })), ['int8', 'int8'])
  t.end()
})

t.test('everything that is not supported is reported at once, in the order of the file', (t) => {
  const spec: ModelSpec = {
    tensors: [activation('x', [1, 4]), activation('a', [1, 4]), activation('b', [1, 3]), activation('y', [1, 3])],
    operators: [
      { kind: 'CUSTOM', customCode: 'Mystery', inputs: [0], outputs: [1] },
      plain('RELU', 1, 2),
      { kind: 'COS', inputs: [2], outputs: [3] },
    ],
    inputs: [0],
    outputs: [3],
  }
  t.match(diagnosticsOf(spec), [
    { code: 'UNSUPPORTED_OPERATOR', where: { operator: { index: 0, kind: 'Mystery' } } },
    { code: 'BAD_MODEL', where: { operator: { index: 1, kind: 'RELU' } } },
    { code: 'UNSUPPORTED_OPERATOR', where: { operator: { index: 2, kind: 'COS' } } },
  ])
  t.equal(diagnosticsOf(spec).length, 3)
  t.end()
})

t.test('a model beyond any microcontroller is refused', (t) => {
  const huge = (extent: number): ModelSpec =>
    chain([activation('x', [1, extent]), activation('y', [1, extent], 0.1, 0)], [plain('QUANTIZE', 0, 1)])
  t.match(diagnosticsOf(huge(2 ** 26 + 1)), [{ code: 'TOO_LARGE', found: /^671088\d\d bytes$/ }])
  t.same(diagnosticsOf(huge(2 ** 20)), [])
  t.end()
})

t.test('an open batch is a notice, not an error', (t) => {
  const [input, ...rest] = convolution.tensors
  const open = { ...input, shapeSignature: [-1, 4, 4, 2] } as TensorSpec
  const { notices } = compileSources(writeModel({ ...convolution, tensors: [open, ...rest] }), options)
  t.match(notices, [{ severity: 'notice', code: 'BATCH_ASSUMED' }])
  t.same(compileSources(writeModel(convolution), options).notices, [])
  t.end()
})

t.test('a model without operators has outputs that are inputs', (t) => {
  const { facts } = sourcesOf({ tensors: [activation('x', [1, 4])], operators: [], inputs: [0], outputs: [0] })
  t.match(facts, { macs: 0, operators: [], contextBytes: 4, constantBytes: 0 })
  t.end()
})

t.test('knows the operators that it is given, and no others', (t) => {
  const file = writeModel(chain([activation('x', [4]), activation('y', [4], 0.1, 0)], [plain('RELU', 0, 1)]))
  const none = collect(() => planModel(file, PLAN_OPTIONS, new Map()))
  t.match(none, { diagnostics: [{ rule: 'The operator RELU is not supported' }] })
  const relu = builtinOperators.get('RELU') as OperatorDefinition
  const strict: OperatorDefinition = {
    ...relu,
    constraints: [{ code: 'UNSUPPORTED_SHAPE', rule: 'Five elements', help: 'Add one.', holds: () => false }],
  }
  const refused = collect(() => planModel(file, PLAN_OPTIONS, new Map([['RELU', strict]])))
  t.match(refused, { diagnostics: [{ rule: 'Five elements', help: 'Add one.' }] })
  t.end()
})

t.test('keeps the graph of the file beside that after all passes', (t) => {
  const { source, graph } = planModel(writeModel(convolution), PLAN_OPTIONS)
  t.notMatch(source.operators[0]?.options, { zeroPointFolded: true })
  t.match(graph.operators[0]?.options, { zeroPointFolded: true })
  t.end()
})
