import t from 'tap'
import { readModel } from '../../src/tflite/index.js'
import { int32, table, tables, type TableValue, writeFlatbuffer } from '../support/flatbuffer-writer.js'
import { writeModel } from '../support/model-writer.js'
import { addModel, diagnosticsOf, findingsOf } from './findings-of.js'

/** Positions of the parts of a file, found by following its offsets without any check. */
class Parts {
  readonly #view: DataView

  constructor(readonly file: Uint8Array) {
    this.#view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  }

  get root(): number {
    return this.#view.getUint32(0, true)
  }

  vtable(table: number): number {
    return table - this.#view.getInt32(table, true)
  }

  /** Position of the entry of a field in the vtable. */
  entry(table: number, slot: number): number {
    return this.vtable(table) + 4 + 2 * slot
  }

  field(table: number, slot: number): number {
    return table + this.#view.getUint16(this.entry(table, slot), true)
  }

  follow(position: number): number {
    return position + this.#view.getUint32(position, true)
  }

  /** Writes bits in place, 16 or 32 of them. */
  set16(position: number, value: number): void {
    this.#view.setUint16(position, value, true)
  }

  set32(position: number, value: number): void {
    this.#view.setUint32(position, value, true)
  }
}

const VERSION = 0
const OPERATOR_CODES = 1
const SUBGRAPHS = 2

function damaged(damage: (parts: Parts) => void): readonly string[] {
  const parts = new Parts(writeModel(addModel()))
  damage(parts)
  return findingsOf(parts.file)
}

t.test('names files of other kinds', (t) => {
  const finding = (start: string | Uint8Array): unknown =>
    diagnosticsOf(typeof start === 'string' ? Buffer.from(start, 'latin1') : start)
  t.match(finding(''), [{ code: 'BAD_FILE', found: '"" in a file of 0 bytes' }])
  t.match(finding('\x10\0\0'), [{ code: 'BAD_FILE', found: '"" in a file of 3 bytes' }])
  t.match(finding('PK\x03\x04 and so on'), [{ code: 'BAD_FILE', found: /^a zip archive/ }])
  t.match(finding('\x89HDF\r\n\x1a\n and so on'), [{ code: 'BAD_FILE', found: /^an HDF5 file/ }])
  t.match(finding('version https://git-lfs.github.com'), [{ code: 'BAD_FILE', found: /^a pointer of Git LFS/ }])
  t.match(finding('\x10\0\0\0TFL3'), [{ code: 'BAD_FILE', rule: 'The table model lies inside of the file' }])
  t.end()
})

const DAMAGE: readonly (readonly [name: string, damage: (parts: Parts) => void, finding: RegExp])[] = [
  [
    'a root beyond the end',
    (parts) => parts.set32(0, 0xfffffff0),
    /^BAD_FILE: The table model lies inside of the file, bytes 4294967280 to 4294967284 of 576$/,
  ],
  [
    'a vtable before the start',
    (parts) => parts.set32(parts.root, parts.root + 8),
    /^BAD_FILE: The vtable of model lies inside of the file, bytes -8 to -4 of 576$/,
  ],
  [
    'a vtable behind the end',
    (parts) => parts.set32(parts.root, -1000),
    /^BAD_FILE: The vtable of model lies inside of the file, bytes 1\d{3} to 1\d{3} of 576$/,
  ],
  [
    'a vtable that is longer than the file',
    (parts) => parts.set16(parts.vtable(parts.root), 0xfffe),
    /^BAD_FILE: The vtable of model lies inside of the file/,
  ],
  [
    'a vtable of odd length',
    (parts) => parts.set16(parts.vtable(parts.root), 7),
    /^BAD_FILE: The vtable of model holds its own length and that of the table, 7 and \d+$/,
  ],
  [
    'a vtable without room for its own length',
    (parts) => parts.set16(parts.vtable(parts.root), 2),
    /^BAD_FILE: The vtable of model holds its own length and that of the table, 2 and \d+$/,
  ],
  [
    'a table that is longer than the file',
    (parts) => parts.set16(parts.vtable(parts.root) + 2, 0xffff),
    /^BAD_FILE: The table model lies inside of the file/,
  ],
  [
    'a field outside of its table',
    (parts) => parts.set16(parts.entry(parts.root, VERSION), 400),
    /^BAD_FILE: The field model\.version lies inside of its table, bytes 400 to 404 of \d+$/,
  ],
  [
    'a field on top of the offset to the vtable',
    (parts) => parts.set16(parts.entry(parts.root, VERSION), 2),
    /^BAD_FILE: The field model\.version lies inside of its table, bytes 2 to 6 of \d+$/,
  ],
  [
    'an offset beyond the end',
    (parts) => parts.set32(parts.field(parts.root, SUBGRAPHS), 0xffffffff),
    /^BAD_FILE: The vector model\.subgraphs lies inside of the file, bytes 42949\d+ to 42949\d+ of 576$/,
  ],
  [
    'a vector that is longer than the file',
    (parts) => parts.set32(parts.follow(parts.field(parts.root, SUBGRAPHS)), 0x40000000),
    /^BAD_FILE: The vector model\.subgraphs lies inside of the file, bytes \d+ to 4294967\d+ of 576$/,
  ],
  [
    'an element beyond the end',
    (parts) => parts.set32(parts.follow(parts.field(parts.root, OPERATOR_CODES)) + 4, 0x7fffffff),
    /^BAD_FILE: The table model\.operator_codes\[0\] lies inside of the file/,
  ],
]

for (const [name, damage, finding] of DAMAGE) {
  t.test(`refuses ${name}`, (t) => {
    const findings = damaged(damage)
    t.equal(findings.length, 1)
    t.match(findings[0], finding)
    t.end()
  })
}

t.test('each diagnostic says what to do', (t) => {
  t.equal(
    diagnosticsOf(writeModel(addModel()).subarray(0, 200))[0]?.help,
    'The file is damaged or not a TensorFlow Lite model: export it again.',
  )
  t.end()
})

t.test('offsets that lead backwards or to themselves end in findings', (t) => {
  for (const slot of [OPERATOR_CODES, SUBGRAPHS]) {
    const toItself = damaged((parts) => parts.set32(parts.field(parts.root, slot), 0))
    const back = damaged((parts) => {
      const element = parts.follow(parts.field(parts.root, slot)) + 4
      parts.set32(element, parts.root - element)
    })
    t.ok(toItself.length > 0 && back.length > 0)
  }
  t.end()
})

/** A model whose subgraph has `count` tensors, all of them the same table with a long name and shape. */
function aliased(count: number): Uint8Array {
  const tensor: TableValue = [undefined, undefined, undefined, undefined, table([])]
  const tensors = Array.from({ length: count }, () => [] as TableValue)
  const file = writeFlatbuffer(
    [int32(3), undefined, tables([[tables([tensor, ...tensors]), undefined, undefined, undefined]]), undefined],
    'TFL3',
  )
  const parts = new Parts(file)
  const subgraph = parts.follow(parts.follow(parts.field(parts.root, SUBGRAPHS)) + 4)
  const first = parts.follow(parts.field(subgraph, 0)) + 4
  const target = parts.follow(first)
  for (let index = 0; index <= count; index++) parts.set32(first + 4 * index, target - (first + 4 * index))
  return file
}

t.test('a table that is shared without end is not read without end', (t) => {
  const start = process.hrtime.bigint()
  const findings = findingsOf(aliased(90_000))
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6
  t.match(findings, [/^BAD_FILE: The file holds no more structure than its length allows, more than \d+ bytes visited/])
  t.ok(milliseconds < 5_000, `${milliseconds} ms`)
  t.end()
})

t.test('a model with more than any real one is refused before it is read', (t) => {
  const file = aliased(100_001)
  t.match(findingsOf(file), ['TOO_LARGE: A model has at most 100000 tensors, 100002 tensors'])
  t.throws(() => readModel(file))
  t.end()
})
