import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import t from 'tap'
import { type DiagnosticCode, DiagnosticsError } from '../../src/ir/diagnostic.js'
import { readModel, type SourceModel } from '../../src/tflite/index.js'
import { writeModel } from '../support/model-writer.js'
import { runSeed, seededRandom } from '../support/random.js'
import { sharedModels } from '../support/shared.js'
import { thrownBy } from './findings-of.js'
import { mutate, type Subject, toSubject } from './mutate.js'
import { SAMPLES } from './samples.js'

// Tens of thousands of errors are made here, and none is looked at for where it came from.
Error.stackTraceLimit = 0

const SEED = runSeed(20_240)
const MUTATIONS = Number(process.env['EONC_FUZZ_COUNT'] ?? 24_000)
/** Longest that one file may take: much more than any does, as the machine may be busy. */
const MAX_MILLISECONDS = 2_000
const MAX_HEAP_GROWTH = 256 * 2 ** 20

type Outcome = 'read' | DiagnosticCode

/** Reads a file and everything that can be asked of the model. Gives how it ended; throws what must not happen. */
function outcomeOf(file: Uint8Array): Outcome {
  const start = performance.now()
  try {
    askAll(readModel(file), file)
    return 'read'
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error
    const [first] = error.diagnostics
    if (first === undefined || error.diagnostics.some(({ rule, help }) => rule === '' || help === '')) {
      throw new Error('a diagnostic without text', { cause: error })
    }
    return first.code
  } finally {
    const milliseconds = performance.now() - start
    if (milliseconds > MAX_MILLISECONDS) throw new Error(`${milliseconds} ms for one file`)
  }
}

/** Asks for each option of each operator as each type, and checks what a verified model promises. */
function askAll(model: SourceModel, file: Uint8Array): void {
  for (const graph of model.graphs) {
    const { tensors } = graph
    const indices = graph.operators.flatMap(({ inputs, outputs }) => [
      ...inputs.filter((index) => index !== -1),
      ...outputs,
    ])
    for (const index of [...indices, ...graph.inputs, ...graph.outputs]) {
      if (!tensors[index]?.shape.every((extent) => extent >= 1)) throw new Error(`tensor ${index} is not usable`)
    }
    if (tensors.some(({ data }) => data && data.buffer !== file.buffer)) throw new Error('constant data was copied')
  }
  for (const { options } of model.graphs.flatMap(({ operators }) => operators)) {
    for (let slot = 0; slot < 8; slot++) {
      // Asked as another type than it has, an option of a good file may be refused as well, but by a diagnostic.
      thrownBy(() => options.int8(slot, 0))
      thrownBy(() => options.int32(slot, 0))
      thrownBy(() => options.float32(slot, 0))
      thrownBy(() => options.bool(slot, false))
    }
    for (let slot = 0; slot < 2; slot++) thrownBy(() => options.int32s(slot))
  }
}

function subjects(): readonly Subject[] {
  const written = Object.entries(SAMPLES).map(([name, sample]) => toSubject(name, writeModel(sample)))
  const outside = toSubject('data outside', writeModel({ ...SAMPLES['CONV_2D']!, dataOutside: true }))
  const others = sharedModels().map((path) => toSubject(basename(path), new Uint8Array(readFileSync(path))))
  return [...written, outside, ...others]
}

function save(file: Uint8Array, name: string): string {
  const path = `build/fuzz/${name}.tflite`
  mkdirSync('build/fuzz', { recursive: true })
  writeFileSync(path, file)
  return path
}

t.test(`${MUTATIONS} damaged files end in a model or in diagnostics (EONC_SEED=${SEED})`, (t) => {
  const random = seededRandom(SEED)
  const all = subjects()
  const large = all.filter(({ file }) => file.length >= 2_000)
  const counts = new Map<Outcome, number>()
  const heapBefore = process.memoryUsage().heapUsed
  let heapMost = heapBefore
  for (let round = 0; round < MUTATIONS; round++) {
    const subject = random.pick(large.length > 0 && random.chance(0.6) ? large : all)
    const { file, undo } = mutate(subject, random)
    try {
      const outcome = outcomeOf(file)
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
    } catch (error) {
      t.fail(`round ${round} on ${subject.name}: ${String(error)}, saved as ${save(file, `damaged-${SEED}-${round}`)}`)
    }
    undo()
    if (round % 500 === 0) heapMost = Math.max(heapMost, process.memoryUsage().heapUsed)
  }
  t.comment(`outcomes: ${[...counts].map(([outcome, count]) => `${outcome} ${count}`).join(', ')}`)
  t.ok(
    heapMost - heapBefore < MAX_HEAP_GROWTH,
    `heap grew by ${Math.round((heapMost - heapBefore) / 2 ** 20)} MiB at most`,
  )
  for (const outcome of ['read', 'BAD_FILE', 'BAD_MODEL'] as const) {
    t.ok((counts.get(outcome) ?? 0) > MUTATIONS / 20, `the damage is such that some files end in ${outcome}`)
  }
  for (const { name, file } of all) t.equal(outcomeOf(file), 'read', `${name} is as it was`)
  t.end()
})

t.test('small files end in a model or in diagnostics wherever they are cut off', (t) => {
  for (const { name, file } of subjects().filter(({ file }) => file.length < 4_096)) {
    let refused = 0
    for (let length = 0; length < file.length; length++) {
      try {
        if (outcomeOf(file.subarray(0, length)) !== 'read') refused++
      } catch (error) {
        t.fail(`${name} cut to ${length} bytes: ${String(error)}`)
      }
    }
    t.ok(refused > 0.9 * file.length, `${name}: ${refused} of ${file.length} refused`)
  }
  t.end()
})
