/** Outputs whose header turns CMSIS-NN on, built for this machine with our double of it. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import {
  compile,
  compileModels,
  INPUT_MODES,
  PLUGIN_API_VERSION,
  type Target,
  verify,
  writeOutput,
} from '../../src/index.js'
import { emptyFolder } from '../support/folders.js'
import { ownModels } from '../support/models.js'
import { skipWithout } from '../support/toolchain.js'
import { doubleFolder } from './library.js'

const skip = skipWithout('g++')

/** The line of a header that a user takes out of its comment. */
const OFF = '/* #define EONC_CMSIS_NN */\n'
const ON = '#define EONC_CMSIS_NN\n'

/** The generated sources with CMSIS-NN turned on in all headers that can, and the double beside them. */
const withDouble: Target = {
  apiVersion: PLUGIN_API_VERSION,
  name: 'with-double',
  description: 'the sources, turned to the double of CMSIS-NN',
  emit: async ({ files }) => {
    const names = (await readdir(doubleFolder)).filter((name) => /\.[ch]$/.test(name))
    const double = names.map(async (name) => ({
      path: name,
      contents: await readFile(join(doubleFolder, name), 'utf8'),
      role: name.endsWith('.c') ? ('source' as const) : ('private-header' as const),
    }))
    const turned = files.map((file) => ({ ...file, contents: file.contents.replace(OFF, ON) }))
    return [...turned, ...(await Promise.all(double))]
  },
}

t.test('each of our models gives what its file says, whichever way its input comes', { skip }, async (t) => {
  const folder = await emptyFolder('cmsis-nn-host')
  for (const { name, path } of ownModels()) {
    const model = await readFile(path)
    for (const input of /^(vibration|keyword_cnn1d)/.test(name) ? INPUT_MODES : (['resident'] as const)) {
      const result = await compile(model, { name, target: withDouble, input })
      if (!result.ok || result.facts.cmsisNn === undefined) continue
      t.equal(result.facts.cmsisNn.at(-1)?.name, 'cmsis_nn', 'there is one for this machine')
      const out = join(folder, `${name}_${input}`)
      await writeOutput(out, result.files, { force: true })
      t.match(await verify(out, { models: [model] }), { ok: true }, `${name}, input ${input}`)
    }
  }
})

t.test('several models share an arena that is large enough for CMSIS-NN', { skip }, async (t) => {
  const folder = await emptyFolder('cmsis-nn-shared')
  const chosen = ownModels().filter(({ name }) => /^(vibration|keyword_cnn1d)_int8$/.test(name))
  const models = await Promise.all(chosen.map(async ({ name, path }) => ({ name, model: await readFile(path) })))
  const result = await compileModels(models, { name: 'both', target: withDouble, shareArena: true })
  if (!result.ok) return t.fail('both are compiled')
  await writeOutput(folder, result.files, { force: true })
  t.match(await verify(folder, { models: models.map(({ model }) => model) }), { ok: true })
  const needed = result.models.flatMap(({ cmsisNn = [] }) => cmsisNn.map(({ contextBytes }) => contextBytes))
  t.ok(Math.max(...needed) > (result.sharedArena?.bytes ?? 0), 'which is more than without')
})

t.test('--no-cmsis-nn leaves all of it out', async (t) => {
  const model = ownModels().find(({ name }) => name === 'vibration_int8')
  const bytes = await readFile(model?.path ?? '')
  const result = await compile(bytes, { name: 'net', target: withDouble, cmsisNn: false })
  if (!result.ok) return t.fail('it is compiled')
  t.notOk(result.facts.cmsisNn)
  const own = result.files.filter(({ path }) => path.startsWith('net'))
  for (const { path, contents } of own) t.notMatch(`${path} ${String(contents)}`, /cmsis/i, path)
})
