import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import t from 'tap'
import { z } from 'zod'
import { emptyFolder } from '../support/folders.js'
import { ownModels } from '../support/models.js'
import { elementsNamed, parseXml } from '../support/xml.js'
import { eonc, folderOfModels } from './command.js'
import { REDUCTION, REMOVED } from './schemas.js'

const cwd = await folderOfModels('cli-plan')
const count = z.int().min(0)
const index = z.int().min(-1)
const STEP = z.strictObject({ stage: count, operator: index })
const PLAN = z.strictObject({
  input: z.enum(['resident', 'preserve', 'stream', 'callback']),
  kernels: z.enum(['portable', 'armv6m', 'dsp', 'mve']),
  contextBytes: z.int().positive(),
  arenaBytes: count,
  lowerBound: count,
  constantBytes: count,
  removed: REMOVED,
  peak: z.strictObject({
    bytes: count,
    during: STEP.optional(),
    buffers: z.array(z.strictObject({ buffer: count, bytes: z.int().positive() })).min(1),
  }),
  stages: z.array(
    z.strictObject({
      kind: z.enum(['layer', 'cascade']),
      operators: z
        .array(
          z.strictObject({
            index,
            kind: z.string().regex(/^[A-Z][A-Z0-9_]+$/),
            name: z.string(),
            ring: z
              .strictObject({
                unit: z.enum(['row', 'pixel']),
                pieces: z.int().positive(),
                ofPieces: z.int().positive(),
                bytes: z.int().positive(),
              })
              .optional(),
            accumulatorBytes: z.int().positive().optional(),
            lanes: z.strictObject({ delay: count, bytes: count }).optional(),
            constantBytes: count,
            packing: z.strictObject({ bytes: REDUCTION, instructions: REDUCTION }).optional(),
          }),
        )
        .min(1),
      bytes: count,
      steps: z.int().positive(),
    }),
  ),
  buffers: z.array(
    z.strictObject({
      kind: z.enum(['input', 'output', 'tensor', 'ring', 'accumulators', 'scratch']),
      name: z.string(),
      tensors: z.array(z.strictObject({ index: count, name: z.string(), type: z.string(), shape: z.array(z.int()) })),
      offset: count,
      bytes: z.int().positive(),
      from: STEP.optional(),
      to: STEP.optional(),
    }),
  ),
})

const models = ownModels()

t.test('the JSON of every model keeps to its schema, whole or in pieces', async (t) => {
  for (const { name, path } of models)
    for (const input of ['resident', 'stream']) {
      const { status, stdout } = await eonc(['plan', path, '--json', '--input', input])
      t.equal(status, 0)
      const { success, data, error } = PLAN.safeParse(JSON.parse(stdout))
      t.ok(success, `${name} ${input}`, { error: error?.message })
      t.equal(data?.input, input)
      t.ok(data?.stages.every(({ kind, operators }) => (kind === 'layer') === (operators.length === 1)))
    }
})

t.test('what plan says is what compile says', async (t) => {
  for (const { name, path } of models.slice(0, 2)) {
    const { stdout: planned } = await eonc(['plan', path])
    const { stdout: compiled } = await eonc(['compile', path, '--target', 'cmake', '--out', `out-${name}`], { cwd })
    const [, ram] = /^RAM +([\d,]+) bytes of context, stack apart \(input resident, kernels \w+\)$/m.exec(planned) ?? []
    const [, rom] = /^constants +([\d,]+) bytes of ROM, code apart$/m.exec(planned) ?? []
    t.match(compiled, `RAM        ${ram ?? '?'} bytes, stack apart (input resident)`, name)
    t.match(compiled, `constants  ${rom ?? '?'} bytes of ROM, code apart`)
  }
})

t.test('the tables have a line for each operator and each buffer', async (t) => {
  const path = models.find(({ name }) => name === 'vision_int8')?.path ?? ''
  const [{ stdout: text }, { stdout: json }] = [await eonc(['plan', path]), await eonc(['plan', path, '--json'])]
  const { peak, stages, buffers } = PLAN.parse(JSON.parse(json))
  const [, peakTable = '', stageTable = '', bufferTable = ''] = text.trimEnd().split('\n\n')
  t.equal(peakTable.split('\n').length, 1 + peak.buffers.length)
  t.equal(stageTable.split('\n').length, 1 + stages.flatMap(({ operators }) => operators).length)
  t.equal(bufferTable.split('\n').length, 1 + buffers.length)
  t.match(stageTable, /^1 +cascade +[\d,]+ +2 CONV_2D +\d of 16 rows, [\d,]+ bytes +[\d,]+ +\S/m)
  t.ok(text.split('\n').every((line) => line.length < 150))
})

t.test('a map of the memory is written where it is told', async (t) => {
  const folder = await emptyFolder('cli-plan-map')
  const { path, name } = models[0] ?? { path: '', name: '' }
  const { status, stdout, stderr } = await eonc(['plan', path, '--svg', 'map.SVG', '--json'], { cwd: folder })
  t.equal(status, 0)
  t.ok(PLAN.safeParse(JSON.parse(stdout)).success)
  t.notMatch(stderr, /error/)
  t.same(await readdir(folder), ['map.SVG'])
  const svg = parseXml(await readFile(join(folder, 'map.SVG'), 'utf8'))
  t.match(elementsNamed(svg, 'title')[0]?.text, `${basename(name)}.tflite`)
  t.notMatch(JSON.stringify(svg), folder, 'no path of this machine is in it')
})

t.test('a map is written for a model that is over budget, and none for one that has no plan', async (t) => {
  const over = await eonc(['plan', 'tiny.tflite', '--svg', 'over.svg', '--max-ram', '1'], { cwd })
  t.equal(over.status, 1)
  t.match(over.stderr, /^error OVER_BUDGET/)
  const none = await eonc(['plan', 'hybrid.tflite', '--svg', 'none.svg'], { cwd })
  t.equal(none.status, 1)
  const drawings = (await readdir(cwd)).filter((file) => file.endsWith('.svg'))
  t.same(drawings, ['over.svg'])
})

t.test('a map that cannot be written is an error, and there is no plan without it', async (t) => {
  const { status, stdout, stderr } = await eonc(['plan', 'tiny.tflite', '--svg', 'nowhere/map.svg'], { cwd })
  t.equal(status, 1)
  t.equal(stdout, '')
  t.match(stderr, /^error: nowhere\/map\.svg cannot be written: ENOENT/)
  t.notMatch(stderr, /defect/)
})
