import t from 'tap'
import { readArguments, UsageError } from '../../bench/arguments.js'

const read = (...words: readonly string[]) => readArguments(words, ['kws', 'vww'], ['cortex-m4f', 'cortex-m7'])

t.test('everything is measured unless told', async (t) => {
  const plain = {
    models: ['kws', 'vww'],
    cores: ['cortex-m4f', 'cortex-m7'],
    layers: false,
    json: false,
    write: false,
    help: false,
  }
  t.same(read(), { ...plain, whole: true })
  t.same(read('--write', '--json'), { ...plain, whole: true, write: true, json: true })
  t.same(read('--layers', '--core', 'cortex-m7'), { ...plain, layers: true, cores: ['cortex-m7'], whole: false })
  t.same(read('--model', 'vww'), { ...plain, models: ['vww'], whole: false })
  t.same(read('--core', 'cortex-m7', '--core', 'cortex-m4f'), { ...plain, whole: false })
})

t.test('what cannot be followed is said', async (t) => {
  t.throws(() => read('--model', 'ad01'), new UsageError('no model ad01; there are kws, vww'))
  t.throws(() => read('--core', 'z80'), new UsageError('no core z80; there are cortex-m4f, cortex-m7'))
  t.throws(() => read('--write', '--core', 'cortex-m7'), new UsageError('--write wants all models and cores'))
  t.throws(() => read('--layers', '--model', 'kws'), new UsageError('--layers goes with --core and --json alone'))
  t.throws(() => read('--fast'), /Unknown option '--fast'/)
})
