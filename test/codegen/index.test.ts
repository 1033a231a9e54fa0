import t from 'tap'
import { constantBytes, generateCode, kernelFunction, needsMath } from '../../src/codegen/index.js'
import { type Elements, InternalError } from '../../src/ir/index.js'
import type { KernelCall, Program, ProgramTensor } from '../../src/lower/index.js'
import type { PackedField } from '../../src/packing/index.js'
import { activation, bias, chain, conv, weights } from '../support/layers.js'
import { programFrom } from '../support/programs.js'

const ORIGIN = { compiler: '1.2.3', modelHash: 'a'.repeat(64) }

const tensor = (changes: Partial<ProgramTensor> = {}): ProgramTensor => ({
  name: 'x',
  type: 'int8',
  shape: [1, 4],
  quantization: { scales: [0.5], zeroPoints: [-3], dimension: 0 },
  placement: { kind: 'arena', offset: 0 },
  ...changes,
})

const at = (offset: number) => ({ type: 'int8', placement: { kind: 'arena', offset } }) as const

/** A clamp of 4 elements. */
const clamp = (changes: Partial<KernelCall> = {}): KernelCall => ({
  operator: { index: 0, kind: 'RELU' },
  comment: ['0 RELU "y"', 'int8 1x4 -> int8 1x4'],
  name: 'op0',
  form: 'whole',
  family: 'clamp',
  type: 's8',
  set: 'portable',
  fields: { clamp_max: 127, clamp_min: -3, count: 4 },
  inputs: [at(0)],
  output: at(0),
  ...changes,
})

const program = (changes: Partial<Program> = {}, ...calls: readonly KernelCall[]): Program => ({
  name: 'net',
  set: 'portable',
  inputs: [tensor()],
  outputs: [tensor({ name: 'y' })],
  arenaBytes: 8,
  arenaAlignment: 4,
  constants: [],
  stages: calls.map((call) => ({ kind: 'layer', calls: [call] })),
  ...changes,
})

/** The files of a program that is the only one. */
function files(only: Program) {
  const { variants, ...common } = generateCode([only], ORIGIN)
  const [{ source, weights } = { source: '', weights: '' }] = variants
  return { ...common, source, weights }
}

const generate = (changes: Partial<Program> = {}, ...calls: readonly KernelCall[]) => files(program(changes, ...calls))

t.test('the header says what is left out, if anything is', (t) => {
  const removed = { weights: { before: 200, after: 50 }, macs: { before: 1000, after: 900 } }
  t.match(generateCode([program({}, clamp())], { ...ORIGIN, removed }).header, /75 % of the weights and 10 % of the/)
  t.notMatch(generateCode([program({}, clamp())], ORIGIN).header, /left out/)
  t.end()
})

t.test('parameters stand in the order of their struct, each with its name', (t) => {
  const { source } = generate({}, clamp())
  t.match(
    source,
    'static const eonc_clamp_s8_params op0 NET_ROM = {\n    /* count */ 4, /* clamp_min */ -3, /* clamp_max */ 127};',
  )
  t.match(source, 'eonc_clamp_s8(eonc_from_rom(op0), at<int8_t>(arena, 0), at<int8_t>(arena, 0));')
  t.end()
})

t.test('a parameter that is missing, or that no struct has, is a defect', (t) => {
  t.throws(() => generate({}, clamp({ fields: { count: 4, clamp_min: 0 } })), InternalError)
  t.throws(() => generate({}, clamp({ fields: { count: 4, clamp_min: 0 } })), /eonc_clamp_s8 needs clamp_max/)
  const fields = { ...clamp().fields, speed: 1, size: 2 }
  t.throws(() => generate({}, clamp({ fields })), InternalError)
  t.throws(() => generate({}, clamp({ fields })), /eonc_clamp_s8_params has no speed, size/)
  t.end()
})

t.test('integers are integers, and floats are floats', (t) => {
  const fields = (count: number): Readonly<Record<string, PackedField>> => ({ count, scale: 1, zero_point: 0 })
  const dequantize = {
    family: 'dequantize',
    type: 's8_f32',
    set: 'float32',
    output: { ...at(0), type: 'float32' },
  } as const
  const { source } = generate({}, clamp({ ...dequantize, fields: fields(4) }))
  t.match(source, '/* count */ 4, /* scale */ 1.0f, /* zero_point */ 0}')
  t.match(source, 'eonc_dequantize_s8_f32(eonc_from_rom(op0), at<int8_t>(arena, 0), at<float>(arena, 0));')
  t.equal(needsMath(program({}, clamp({ ...dequantize, fields: fields(4) }))), false)
  t.throws(() => generate({}, clamp({ ...dequantize, fields: fields(0.5) })), InternalError, 'half an element')
  t.end()
})

t.test('members of a struct within have braces of their own', (t) => {
  const window = programFrom(
    chain(
      [activation('x', [1, 4, 4, 2]), weights('w', [3, 1, 1, 2]), bias('b', [1, 2, 3]), activation('y', [1, 4, 4, 3])],
      [conv([0, 1, 2], 3)],
    ),
  )
  const { source } = files(window)
  t.match(source, /\/\* weights \*\/ op0_weights,/)
  t.match(source, /\/\* window \*\/ \{\n +\/\* batches \*\/ 1, \/\* input_height \*\/ 4,/)
  t.end()
})

t.test('constants stand in a file of their own, by their type and length', (t) => {
  const constant = (name: string, values: Elements) => ({ name, values })
  const constants = [
    constant('op0_weights', Int8Array.of(-128, 127)),
    constant('op0_bias', Int32Array.of(-(2 ** 31))),
    constant('tensor3', Float32Array.of(0.1, -0)),
  ]
  const { weights: text, header } = generate({ constants })
  t.match(text, 'static const int8_t op0_weights[2] NET_ROM = {\n    -128, 127};')
  t.match(text, 'static const int32_t op0_bias[1] NET_ROM = {\n    INT32_MIN};')
  t.match(text, 'static const float tensor3[2] NET_ROM = {\n    0.1f, -0.0f};')
  t.equal(constantBytes(program({ constants })), 2 + 4 + 8)
  t.match(header, '#define NET_CONSTANT_BYTES 14\n')
  t.end()
})

t.test('constants that AVR cannot reach are an error there', (t) => {
  const weightsOf = (...bytes: readonly number[]) =>
    generate({ constants: bytes.map((each, i) => ({ name: `op${i}_weights`, values: new Int8Array(each) })) }).weights
  t.notMatch(weightsOf(32_767, 32_257), '#error')
  t.match(weightsOf(32_768), /#ifdef __AVR__\n#error "net has an array of 32768 bytes, .* 32767 at most"\n#endif/)
  t.match(
    weightsOf(32_767, 32_258),
    /#ifdef __AVR__\n#error "net has 65025 bytes of constants, and .* 64 KiB .*"\n#endif/,
  )
  t.end()
})

t.test('a comment says what an operator is called, and what goes in and comes out', (t) => {
  const named = clamp({ comment: ['7 RELU "a */ b"', 'int8 1x4 -> int8 1x4'] })
  const { source } = generate({}, named, clamp({ comment: [], name: 'op1' }))
  t.match(
    source,
    '  /* 7 RELU "a * / b"\n   * int8 1x4 -> int8 1x4 */\n  NET_BEGIN(0);\n  eonc_clamp_s8(eonc_from_rom(op0)',
  )
  t.match(source, '\n\n  NET_BEGIN(0);\n  eonc_clamp_s8(eonc_from_rom(op1)', 'a call without a comment has none')
  t.end()
})

t.test('macros describe inputs and outputs', (t) => {
  const { header } = generate({
    inputs: [tensor({ name: 'image', shape: [1, 2, 3] })],
    outputs: [
      tensor({ type: 'float32', shape: [] }),
      tensor({ quantization: { scales: [0.25], zeroPoints: [7], dimension: 0 } }),
    ],
  })
  const lines = header.split('\n').filter((line) => /^#define NET_\w+ /.test(line))
  t.same(lines, [
    '#define NET_INPUT_COUNT 1',
    '#define NET_OUTPUT_COUNT 2',
    '#define NET_INPUT_0_ELEMENTS 6',
    '#define NET_INPUT_0_BYTES 6',
    '#define NET_INPUT_0_RANK 3',
    '#define NET_INPUT_0_SHAPE {1, 2, 3}',
    '#define NET_INPUT_0_SCALE 0.5f',
    '#define NET_INPUT_0_ZERO_POINT (-3)',
    // a float32 tensor has no scale, and a scalar is a list of one extent
    '#define NET_OUTPUT_0_ELEMENTS 1',
    '#define NET_OUTPUT_0_BYTES 4',
    '#define NET_OUTPUT_0_RANK 0',
    '#define NET_OUTPUT_0_SHAPE {1}',
    '#define NET_OUTPUT_1_ELEMENTS 4',
    '#define NET_OUTPUT_1_BYTES 4',
    '#define NET_OUTPUT_1_RANK 2',
    '#define NET_OUTPUT_1_SHAPE {1, 4}',
    '#define NET_OUTPUT_1_SCALE 0.25f',
    '#define NET_OUTPUT_1_ZERO_POINT 7',
    '#define NET_CONTEXT_BYTES 8',
    '#define NET_CONSTANT_BYTES 0',
  ])
  t.match(header, '/* Input 0, "image": int8 1x2x3; real value = scale * (element - zero point) */')
  t.match(header, '/* Output 0, "x": float32 scalar */')
  t.end()
})

t.test('functions have the type that all tensors have, or void where types differ', (t) => {
  const real = tensor({ type: 'float32' })
  const { header } = generate({ inputs: [tensor(), real], outputs: [real, real] })
  t.match(header, 'void *net_input(net_context *context, int index);')
  t.match(header, 'const float *net_output(const net_context *context, int index);')
  const { header: none } = generate({ inputs: [] })
  t.match(none, 'void *net_input(net_context *context, int index);', 'void where there are none')
  t.notMatch(none, 'memcpy')
  t.end()
})

t.test('an output may be a constant, which lies where pointers reach it', (t) => {
  const { source, weights: text } = generate({
    outputs: [tensor({ placement: { kind: 'constant', name: 'tensor5' } })],
    constants: [{ name: 'tensor5', values: Int8Array.of(1, 2, 3, 4), isOutput: true }],
  })
  t.match(source, 'return tensor5;')
  t.match(text, 'on AVR it is copied there. */\nstatic const int8_t tensor5[4] = {\n')
  t.end()
})

t.test('an output may be an input: both are the same memory', (t) => {
  const { source } = generate()
  const pointers = source.match(/return at<int8_t>\(context->arena.bytes, \d+\);/g)
  t.same(
    pointers,
    Array.from({ length: 2 }, () => 'return at<int8_t>(context->arena.bytes, 0);'),
  )
  t.notMatch(source, 'arena = context->arena', 'and without a call nothing is named that nobody uses')
  t.notMatch(source, 'using namespace eonc_1_2_3')
  t.end()
})

t.test('the context is aligned for its largest elements', (t) => {
  t.match(generate().header, 'uint32_t alignment;')
  t.match(generate({ arenaAlignment: 8 }).header, 'uint64_t alignment;')
  t.match(generate({ arenaBytes: 1232 }).header, '#define NET_CONTEXT_BYTES 1232\n')
  t.match(generate().source, 'static_assert(sizeof(net_context) == NET_CONTEXT_BYTES,')
  t.end()
})

t.test('only the kernels that are called are there, in a namespace of this version', (t) => {
  const { kernels, source } = generate({}, clamp())
  t.match(kernels, 'namespace eonc_1_2_3 {')
  t.match(kernels, '#ifndef EONC_1_2_3_CLAMP_PORTABLE_H')
  t.match(kernels, '#include <stdint.h>')
  t.notMatch(kernels, 'conv_2d')
  t.match(source, 'using namespace eonc_1_2_3;')
  t.end()
})

t.test('every file says where it comes from', (t) => {
  const { header, source, kernels, weights: constants } = generate({}, clamp())
  for (const text of [header, source, kernels, constants]) {
    t.match(text, 'SPDX-License-Identifier: MIT-0')
    t.match(text, 'eonc 1.2.3')
    t.match(text, 'Do not edit')
  }
  t.match(header, ORIGIN.modelHash)
  t.end()
})

t.test('units of an input differ where those of the programs do, and stand under their macros', (t) => {
  const fed = (units: number): Program => ({
    ...program(),
    feed: {
      ...{ mode: 'callback', input: 0, units, unitElements: 60 / units, piecesOfUnit: 1, cascaded: false },
      target: { ...at(0), piece: { elements: 60 / units, ring: 0 } },
    },
  })
  const units = (programs: readonly Program[]): readonly string[] =>
    generateCode(programs, ORIGIN)
      .header.split('\n')
      .filter((line) => /_UNITS |^#(else|endif)$|defined\(NET_/.test(line))
  const dsp = (feeding: Program): Program => ({ ...feeding, set: 'dsp' })
  const different = ['#if defined(NET_KERNELS_DSP)', '#define NET_UNITS 5', '#else', '#define NET_UNITS 15', '#endif']
  t.match(units([dsp(fed(5)), fed(15)]).join(), different.join())
  t.same(
    units([dsp(fed(5)), fed(5)]).filter((line) => line.includes('UNITS')),
    ['#define NET_UNITS 5'],
  )
  t.end()
})

t.test('kernels are named by family, type and set', (t) => {
  t.equal(kernelFunction({ family: 'conv_2d', type: 's8', set: 'portable' }), 'eonc_conv_2d_s8')
  t.equal(kernelFunction({ family: 'conv_2d', type: 'f32', set: 'float32' }), 'eonc_conv_2d_f32')
  t.equal(kernelFunction({ family: 'conv_2d', type: 's8', set: 'dsp' }), 'eonc_conv_2d_s8_dsp')
  t.equal(kernelFunction({ family: 'conv_2d', type: 's8', set: 'armv6m_wide' }), 'eonc_conv_2d_s8_armv6m_wide')
  t.end()
})

t.test('the same program gives the same bytes', (t) => {
  t.same(generate({}, clamp()), generate({}, clamp()))
  t.end()
})
