/** What a package takes and gives, in every input mode; what is wrong with it is said. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { emptyFolder } from '../../../test/support/folders.js'
import { goldenVectors } from '../../../test/support/golden.js'
import { activation, chain, plain } from '../../../test/support/layers.js'
import { writeModel } from '../../../test/support/model-writer.js'
import { ownModels } from '../../../test/support/models.js'
import { projectRoot, skipWithout } from '../../../test/support/toolchain.js'
import { emitPackage, importPackage, type Model, TOOLS } from './wasm-package.js'

const skip = skipWithout(...TOOLS)
const WORK = await emptyFolder('wasm-inputs')
const LABELS = join(projectRoot, 'models/labels/keyword_cnn2d_int8.txt')

const keyword = ownModels().find(({ name }) => name === 'keyword_cnn2d_int8')
if (keyword === undefined) throw new Error('the model is there')
const vectors = (await goldenVectors(keyword)).map(({ inputs, outputs }) => ({
  input: new Int8Array(inputs[0] ?? []),
  output: new Int8Array(outputs[0] ?? []),
}))
const [first = { input: new Int8Array(), output: new Int8Array() }] = vectors
const ROW = 24
const ROWS = 49

const loadKeyword = async (mode: string, options: readonly string[] = []): Promise<Model> => {
  const folder = await emitPackage(keyword.path, 'keyword', join(WORK, mode), ['--input', mode, ...options])
  return (await importPackage(folder)).load()
}

/** A model of one layer, such as ADD of two inputs. */
async function loadLayer(name: string, model: Uint8Array, options: readonly string[] = []): Promise<Model> {
  return (await importPackage(await emitPackage(model, name, join(WORK, 'layers'), options))).load()
}

const sum = writeModel({
  tensors: [activation('a', [1, 4], 0.5, 3), activation('b', [1, 4], 0.25, -1), activation('y', [1, 4], 1, 0)],
  operators: [{ kind: 'ADD', inputs: [0, 1], outputs: [2], options: {} }],
  inputs: [0, 1],
  outputs: [2],
})

t.test('resident: elements, real values and arrays of numbers', { skip }, async (t) => {
  const model = await loadKeyword('resident', ['--labels', LABELS])
  const labels = (await readFile(LABELS, 'utf8')).trimEnd().split('\n')
  t.same(model.labels, labels)
  t.match(model.inputs, [{ type: 'int8', shape: [1, ROWS, ROW, 1], elements: ROWS * ROW, zeroPoint: -41 }])
  for (const { input, output } of vectors) {
    const result = model.run(input)
    t.same(result.data, output)
    t.same(result.outputs[0]?.data, output)
    t.same(
      Array.from(result.values),
      Array.from(output, (element) => (element + 128) / 256),
    )
    const best = output.indexOf(Math.max(...output))
    t.match(result.top(1), [{ index: best, label: labels[best], value: ((output[best] ?? 0) + 128) / 256 }])
    t.equal(result.top().length, 5)
  }
  const { scale = 0, zeroPoint = 0 } = model.inputs[0] as { readonly scale?: number; readonly zeroPoint?: number }
  const real = Float32Array.from(first.input, (element) => scale * (element - zeroPoint))
  t.same(model.run(real).data, first.output, 'Float32Array')
  t.same(model.run(Float64Array.from(real)).data, first.output, 'Float64Array')
  t.same(model.run(Array.from(real)).data, first.output, 'array of numbers')
})

t.test('results are copies, and instances share nothing', { skip }, async (t) => {
  const folder = await emitPackage(keyword.path, 'keyword', join(WORK, 'copies'))
  const { load } = await importPackage(folder)
  const [one, other] = [await load(), await load({ wasm: await readFile(join(folder, 'keyword.wasm')), simd: false })]
  const results = vectors.map(({ input }, index) => (index % 2 === 0 ? one : other).run(input))
  vectors.forEach(({ output }, index) => t.same(results[index]?.data, output))
  const input = first.input.slice()
  one.run(input)
  t.same(input, first.input, 'the input of the caller stays as it is')
})

t.test('preserve: the same', { skip }, async (t) => {
  const model = await loadKeyword('preserve')
  for (const { input, output } of vectors) t.same(model.run(input).data, output)
})

t.test('pixel by pixel: the same, whole or pushed', { skip }, async (t) => {
  for (const mode of ['resident', 'stream']) {
    const folder = await emitPackage(keyword.path, 'keyword', join(WORK, `pixel-${mode}`), [
      '--ram',
      'pixel',
      '--input',
      mode,
    ])
    const { load } = await importPackage(folder)
    for (const simd of [false, true]) {
      const model = await load({ simd })
      for (const { input, output } of vectors) t.same(model.run(input).data, output)
    }
  }
})

t.test('stream: units come one by one or several at once', { skip }, async (t) => {
  const model = await loadKeyword('stream')
  for (const { input, output } of vectors) t.same(model.run(input).data, output, 'run')
  for (const rows of [1, 7, 49]) {
    const results = Array.from({ length: ROWS / rows }, (_, index) =>
      model.push(first.input.subarray(index * rows * ROW, (index + 1) * rows * ROW)),
    )
    t.same(results.pop()?.data, first.output, `${rows} at once`)
    t.ok(results.every((result) => result === undefined))
  }
  t.equal(model.push(new Int8Array(0)), undefined, 'none')
  t.equal(model.push(first.input.subarray(0, ROW)), undefined)
  t.throws(() => model.push(first.input), { name: 'RangeError', message: /49 units are more than the 48/ })
  t.throws(() => model.push(first.input.subarray(0, 5)), {
    name: 'RangeError',
    message: /5 elements: no whole units of 24/,
  })
  t.throws(() => model.push('rows'), { name: 'TypeError', message: /what is pushed is int8 .*, not string/ })
  t.same(model.push(first.input.subarray(ROW))?.data, first.output, 'nothing was taken of what was wrong')
  model.push(first.input.subarray(ROW, 5 * ROW))
  model.reset()
  t.same(model.push(first.input)?.data, first.output, 'reset drops a part')
  model.push(first.input.subarray(ROW, 5 * ROW))
  t.same(model.run(first.input).data, first.output, 'and so does run')
})

t.test('callback: the input is fetched, from a function or from elements', { skip }, async (t) => {
  const model = await loadKeyword('callback')
  for (const { input, output } of vectors) {
    const asked: number[] = []
    const result = model.run((offset: number, count: number) => {
      asked.push(offset)
      return input.subarray(offset, offset + count)
    })
    t.same(result.data, output)
    t.same(
      asked,
      [...asked].sort((a, b) => a - b),
      'from its start to its end',
    )
    t.same(model.run(input).data, output)
  }
  const failure = new Error('the sensor is gone')
  t.throws(
    () =>
      model.run(() => {
        throw failure
      }),
    failure,
    'what it throws is thrown',
  )
  t.throws(() => model.run(() => new Int8Array(3)), { name: 'RangeError', message: /element 0 on is .* not 3/ })
  t.same(model.run(first.input).data, first.output, 'the next inference is whole')
})

t.test('several inputs are a list, and of a stream the others are set', { skip }, async (t) => {
  const model = await loadLayer('sum', sum)
  // (5 - 3) / 2 + (3 + 1) / 4
  t.same(Array.from(model.run([Int8Array.of(5, 5, 5, 5), [1, 2, 3, 4]]).data), [2, 3, 4, 5])
  t.throws(() => model.run(Int8Array.of(1, 2, 3, 4)), {
    name: 'TypeError',
    message: /a list of 2 inputs, not Int8Array/,
  })
  t.throws(() => model.run([[1, 2, 3, 4]]), { name: 'TypeError', message: /a list of 2 inputs, not 1/ })
  t.throws(() => model.run([[1, 2, 3, 4], [1]]), {
    name: 'RangeError',
    message: /input 1 \("b"\) is int8 1x4: it takes 4 elements, not 1/,
  })
  const stream = await loadLayer('pushed', sum, ['--input', 'stream'])
  stream.setInput(1, [1, 2, 3, 4])
  t.equal(stream.push([1, 1]), undefined)
  t.same(Array.from(stream.push([1, 1])?.data ?? []), [2, 3, 4, 5])
  t.same(
    Array.from(
      stream.run([
        [0, 0, 0, 0],
        [1, 2, 3, 4],
      ]).data,
    ),
    [1, 2, 3, 4],
  )
  t.throws(() => stream.setInput(0, [1, 2, 3, 4]), { name: 'RangeError', message: /no input 0 can be set/ })
})

t.test('float32 inputs and outputs are real values', { skip }, async (t) => {
  const tensor = (name: string) => ({ name, type: 'float32', shape: [1, 5] }) as const
  const model = await loadLayer('curve', writeModel(chain([tensor('x'), tensor('y')], [plain('TANH', 0, 1)])))
  const values = [-1, -0.5, 0, 0.25, 2]
  const result = model.run(values)
  t.ok(result.data instanceof Float32Array)
  result.values.forEach((value, index) => t.ok(Math.abs(value - Math.tanh(values[index] ?? NaN)) < 1e-6))
  t.same(model.run(Float32Array.from(values)).data, result.data)
  t.throws(() => model.run(Int8Array.of(1, 2, 3, 4, 5)), {
    name: 'TypeError',
    message: /takes Float32Array, Float64Array or an array of numbers, not Int8Array/,
  })
})

t.test('real values are rounded half away from zero, and limited', { skip }, async (t) => {
  const model = await loadLayer(
    'same',
    writeModel(chain([activation('x', [1, 8], 0.5, 0), activation('y', [1, 8], 0.5, 0)], [plain('QUANTIZE', 0, 1)])),
  )
  t.same(
    Array.from(model.run([0.25, -0.25, 0.24, -0.24, 0.75, -0.75, 1e9, -1e9]).data),
    [1, -1, 0, 0, 2, -2, 127, -128],
  )
})

const WRONG: readonly (readonly [what: string, given: unknown, message: RegExp, name: string])[] = [
  [
    'nothing',
    undefined,
    /the input is int8 1x49x24x1: it takes Int8Array \(quantized\), or .*, not undefined/,
    'TypeError',
  ],
  ['null', null, /not null/, 'TypeError'],
  ['text', 'abc', /not string/, 'TypeError'],
  ['another type', new Uint8Array(ROWS * ROW), /not Uint8Array/, 'TypeError'],
  ['a buffer', new ArrayBuffer(ROWS * ROW), /not ArrayBuffer/, 'TypeError'],
  ['too few', new Int8Array(3), /it takes 1176 elements, not 3/, 'RangeError'],
  ['too many', new Float32Array(ROWS * ROW + 1), /it takes 1176 elements, not 1177/, 'RangeError'],
  ['NaN', new Float32Array(ROWS * ROW).fill(NaN), /element 0 is NaN, which int8 has not/, 'RangeError'],
  ['text in an array', Array.from(first.input, String), /element 0 is no number but string/, 'TypeError'],
  ['nested arrays', Array.from(first.input, (value) => [value]), /element 0 is no number but Array/, 'TypeError'],
]

t.test('wrong data are refused, and harm nothing', { skip }, async (t) => {
  const model = await loadKeyword('resident')
  for (const [what, given, message, name] of WRONG) t.throws(() => model.run(given), { name, message }, what)
  t.same(model.run(first.input).data, first.output)
})

t.test('a module that is none is refused', { skip }, async (t) => {
  const { load } = await importPackage(join(WORK, 'resident/keyword'))
  await t.rejects(load({ wasm: new Uint8Array(8) }), { name: 'CompileError' })
})
