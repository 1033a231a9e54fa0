import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { z } from 'zod'
import { compile, MANIFEST, type Manifest, manifestSchema, version } from '../src/index.js'
import { hashOf, parseManifest } from '../src/manifest.js'
import { tinyModel } from './cli/command.js'
import { projectRoot } from './support/toolchain.js'

const options = { name: 'tiny', target: 'cmake' } as const

async function manifestOf(given: Partial<Parameters<typeof compile>[1]> = {}): Promise<readonly [Manifest, string]> {
  const result = await compile(tinyModel, { ...options, ...given })
  if (!result.ok) throw new Error('it compiles')
  const file = result.files.find(({ path }) => path === MANIFEST)
  const text = String(file?.contents)
  return [manifestSchema.parse(JSON.parse(text)), text]
}

t.test('a manifest says what was compiled, how, and to what', async (t) => {
  const [manifest, text] = await manifestOf({ optimize: 'ram' })
  t.match(manifest, {
    format: 1,
    compiler: version,
    name: 'tiny',
    target: { name: 'cmake', options: {} },
    models: [
      {
        name: 'tiny',
        sha256: hashOf(tinyModel),
        description: 'a model for tests',
        options: { optimize: 'ram', cpu: 'any', input: 'resident', stripFloatIo: false },
        contextBytes: 8,
        macs: 12,
        inputs: [{ name: 'features', type: 'int8', shape: [1, 4], bytes: 4, quantization: { zeroPoints: [-3] } }],
        labels: [],
        layers: [{ call: 'op0', operator: 0, kind: 'FULLY_CONNECTED', kernel: 'eonc_fully_connected_s8' }],
        kernelSets: [
          ...['mve', 'dsp', 'armv6m'].map((name) => ({
            name,
            layers: [{ call: 'op0', kernel: `eonc_fully_connected_s8_${name}` }],
          })),
          { name: 'portable', contextBytes: 8, layers: [{ call: 'op0', kernel: 'eonc_fully_connected_s8' }] },
        ],
      },
    ],
  })
  t.ok(text.endsWith('}\n'))
})

t.test('it lists every other file with its hash, and what the generated ones are', async (t) => {
  const result = await compile(tinyModel, options)
  if (!result.ok) return t.fail('it compiles', result)
  const [{ files }] = await manifestOf()
  const others = result.files.filter(({ path }) => path !== MANIFEST)
  t.same(
    files.map(({ path }) => path),
    others.map(({ path }) => path).sort(),
  )
  for (const { path, contents } of others) t.equal(files.find((each) => each.path === path)?.sha256, hashOf(contents))
  t.same(
    files.flatMap(({ path, role }) => (role === undefined ? [] : [`${path} ${role}`])),
    [
      'src/tiny.cpp source',
      'src/tiny.h public-header',
      'src/tiny_armv6m.cpp source',
      'src/tiny_armv6m_weights.h private-header',
      'src/tiny_cmsis_nn.cpp source',
      'src/tiny_cmsis_nn_weights.h private-header',
      'src/tiny_dsp.cpp source',
      'src/tiny_dsp_weights.h private-header',
      'src/tiny_kernels.S source',
      'src/tiny_kernels.h private-header',
      'src/tiny_mve.cpp source',
      'src/tiny_mve_weights.h private-header',
      'src/tiny_weights.h private-header',
    ],
  )
})

t.test('it is the same whenever and wherever it is made', async (t) => {
  const [, text] = await manifestOf()
  t.equal((await manifestOf())[1], text)
  t.notMatch(text, projectRoot)
  t.notMatch(text, /\d{4}-\d\d-\d\d|\d\d:\d\d/, 'no date or time')
})

t.test('the published JSON schema is the one that it is made by', async (t) => {
  const published = JSON.parse(await readFile(join(projectRoot, 'schemas/eonc.schema.json'), 'utf8')) as object
  t.same(published, { title: 'Manifest of an output of eonc (eonc.json)', ...z.toJSONSchema(manifestSchema) })
})

t.test('a text that is no manifest is none', async (t) => {
  const [, text] = await manifestOf()
  t.ok(parseManifest(text))
  for (const wrong of [
    '',
    '{}',
    'null',
    text.replace('"format": 1', '"format": 2'),
    text.replace('"name"', '"nome"'),
  ]) {
    t.equal(parseManifest(wrong), undefined)
  }
})
