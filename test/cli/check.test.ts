import t from 'tap'
import { sharedModels } from '../support/shared.js'
import { eonc } from './command.js'

const hybrid = sharedModels().find((path) => path.endsWith('/mlperf_tiny_kws_hybrid.tflite'))
const skip = hybrid === undefined && 'no ../shared/models'

t.test('a hybrid model is refused: each operator, the reason, the way out', { skip }, async (t) => {
  const { status, stdout, stderr } = await eonc(['check', hybrid ?? ''])
  t.equal(status, 1)
  t.equal(stderr, '')
  const places = [...stdout.matchAll(/^ {2}at subgraph 0, operator (\d+) (\w+) ".+"$/gm)]
  t.same(
    places.map(([, index, kind]) => `${index ?? ''} ${kind ?? ''}`),
    ['0 CONV_2D', '2 CONV_2D', '4 CONV_2D', '6 CONV_2D', '8 CONV_2D'],
  )
  t.equal(stdout.match(/hybrid model \(float activations, int8 weights\): quantize activations/g)?.length, 5)
  t.match(stdout, /mlperf_tiny_kws_hybrid\.tflite cannot be compiled: 5 findings\n$/)
})

const others = sharedModels().filter((path) => path !== hybrid)
t.test('what check passes can be compiled', { skip: others.length === 0 && 'no ../shared/models' }, async (t) => {
  for (const path of others) {
    const { status, stdout } = await eonc(['check', path])
    t.equal(status, 0, path)
    t.match(stdout, /\.tflite can be compiled\n$/)
  }
})
