import t from 'tap'
import { compileModels } from '../src/index.js'
import { tinyModel } from './cli/command.js'

const named = (...names: readonly string[]) => names.map((name) => ({ name, model: tinyModel }))

for (const second of ['kws', 'kws_dsp', 'kws_weights', 'kws_dsp_network', 'duo_kernels', 'duo_arena']) {
  t.test(`beside kws, in a library duo, no model is named ${second}, as files are`, async (t) => {
    const result = await compileModels(named('kws', second), { name: 'duo', target: 'cmake', shareArena: true })
    t.match(result, { ok: false, diagnostics: [{ code: 'BAD_OPTION', help: /Give the models other names/ }] })
  })
}

t.test('names that share words, and the name of the library, are names of models', async (t) => {
  t.match(await compileModels(named('kws', 'kws_2', 'duo'), { name: 'duo', target: 'cmake' }), { ok: true })
})
