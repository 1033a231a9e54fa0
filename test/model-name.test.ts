import t from 'tap'
import { modelNameOf, nameDiagnostics } from '../src/model-name.js'
import { seededRandom } from './support/random.js'

t.test('a name is made of the file name', async (t) => {
  const names = {
    'kws.tflite': 'kws',
    '/models/My Model-2.TFLITE': 'my_model_2',
    'a__b.tflite': 'a_b',
    '_private_.tflite': 'private',
    'model.v3.tflite': 'model_v3',
    '5_words.tflite': 'model_5_words',
    'eonc.tflite': 'model_eonc',
    'string.tflite': 'model_string',
    'Übung.tflite': 'bung',
    '模型.tflite': 'model',
    '.tflite': 'model',
    '': 'model',
    [`${'x'.repeat(39)}_y.tflite`]: 'x'.repeat(39),
  }
  for (const [path, name] of Object.entries(names)) t.equal(modelNameOf(path), name, path)
})

t.test('whatever a file is called, the name is a valid one', async (t) => {
  const random = seededRandom(1)
  const pieces = [
    'a',
    'z',
    'Q',
    '0',
    '9',
    '_',
    '__',
    '-',
    '.',
    ' ',
    'é',
    '\u{1f600}',
    'eonc',
    'string',
    '.tflite',
    '\n',
  ]
  const bad = Array.from({ length: 2000 }, () =>
    Array.from({ length: random.below(30) }, () => random.pick(pieces)).join(''),
  ).filter((path) => nameDiagnostics(modelNameOf(path)).length > 0)
  t.same(bad, [])
})

t.test('a name that cannot prefix symbols or name a header is refused, with what to do', async (t) => {
  for (const name of ['kws', 'a', 'k1_2', 'x'.repeat(40)]) t.same(nameDiagnostics(name), [], name)
  for (const name of [
    '',
    'Kws',
    '1kws',
    '_kws',
    'kws_',
    'k__s',
    'k-s',
    'k s',
    'kws\n',
    'é',
    'eonc_kws',
    'x'.repeat(41),
  ]) {
    t.match(nameDiagnostics(name), [{ code: 'BAD_OPTION', found: JSON.stringify(name), help: /--name/ }], name)
  }
  for (const name of ['string', 'stdint', 'math', 'time', 'features']) {
    t.match(nameDiagnostics(name), [{ code: 'BAD_OPTION', rule: /header of the system/ }], name)
  }
})
