import t from 'tap'
import { linesOf, readLabels, readModel } from '../../src/tflite/index.js'
import { activation, chain, plain } from '../support/layers.js'
import { writeModel } from '../support/model-writer.js'
import { labelledModel, outputMetadata, withPackedFiles } from '../support/packed-files.js'

const spec = chain([activation('x', [1, 3]), activation('y', [1, 3])], [plain('RELU', 0, 1)])
const text = (words: string): Uint8Array => new TextEncoder().encode(words)
const labelsOf = (model: Uint8Array): readonly string[] => readLabels(model, readModel(model))

/** A model with these metadata, and these files behind it. */
const packed = (data: Uint8Array, files: Readonly<Record<string, Uint8Array>>): Uint8Array =>
  withPackedFiles(writeModel({ ...spec, metadata: [{ name: 'TFLITE_METADATA', data }] }), files)

t.test('the labels that a model carries are read, one a line', (t) => {
  t.same(labelsOf(labelledModel(spec, 'yes\nno\nsilence\n')), ['yes', 'no', 'silence'])
  t.same(labelsOf(labelledModel(spec, '\uFEFFyes\r\nno\r\nüñí')), ['yes', 'no', 'üñí'])
  t.end()
})

t.test('only a file of labels along an axis counts', (t) => {
  const files = { 'a.txt': text('other'), 'b.txt': text('yes\nno') }
  const metadata = outputMetadata([
    { name: 'a.txt', type: 1 },
    { name: 'b.txt', type: 2 },
  ])
  t.same(labelsOf(packed(metadata, files)), ['yes', 'no'])
  t.same(labelsOf(packed(outputMetadata([{ name: 'a.txt', type: 3 }]), files)), [])
  t.end()
})

t.test('a model without metadata, without the file, or with damaged ones has no labels', (t) => {
  const metadata = outputMetadata([{ name: 'labels.txt', type: 2 }])
  t.same(labelsOf(writeModel(spec)), [])
  t.same(labelsOf(writeModel({ ...spec, metadata: [{ name: 'TFLITE_METADATA', data: metadata }] })), [], 'no archive')
  t.same(labelsOf(packed(metadata, { 'other.txt': text('a') })), [], 'another file')
  t.same(labelsOf(packed(metadata, { 'labels.txt': new Uint8Array(2 ** 20 + 1) })), [], 'a text that is too long')
  for (let length = 0; length < metadata.length; length += 3) {
    t.same(labelsOf(packed(metadata.subarray(0, length), { 'other.txt': text('a') })), [], `${length} bytes`)
  }
  const whole = labelledModel(spec, 'yes\nno\n')
  const archive = Buffer.from(whole).lastIndexOf('PK\x03\x04')
  for (let at = archive; at < whole.length; ++at) {
    const damaged = whole.slice()
    damaged[at] = (damaged[at] ?? 0) ^ 0xff
    t.doesNotThrow(() => labelsOf(damaged), `byte ${at}`)
  }
  t.end()
})

t.test('lines are cut at line feeds, and the last one needs none', (t) => {
  t.same(linesOf('a\nb'), ['a', 'b'])
  t.same(linesOf('a\r\n b \r\n'), ['a', 'b'])
  t.same(linesOf('a\n\n'), ['a', ''])
  t.end()
})
