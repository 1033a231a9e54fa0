/** Packed weights, laid out as `src/kernels/README.md` says. */
import { InternalError } from '../ir/index.js'
import type { KernelRequest } from '../ops/index.js'
import { arrayField, CORRECTION, FIELD_GROUPS, fieldInputs, fieldOf, numberField } from '../select/index.js'
import type { PackedOutput } from '../select/index.js'

type Fields = KernelRequest['fields']
type Code = Pick<PackedOutput, 'group' | 'least'>

/** Words of fields. Each pair of fields lies in the lower and the upper half of a word, at the same bit. */
class FieldWords {
  readonly words: number[] = []

  /** Writes the pairs of a group, each from a bit of a half on; those of six bits that are left over lie scattered. */
  group({ width, inputs, words }: Code['group'], fields: readonly number[]): void {
    const halves = new Array<number>(2 * words).fill(0)
    const put = (half: number, bit: number, value: number): void => {
      halves[half] = (halves[half] ?? 0) | (value << bit)
    }
    const pairs = inputs / 2
    const inHalf = Math.floor(16 / width)
    for (let pair = 0; pair < pairs; pair += 1) {
      for (const upper of [0, 1] as const) {
        // inputs 0 and 2 of each four, then 1 and 3
        const value = fields[4 * (pair >> 1) + (pair % 2) + 2 * upper] ?? 0
        const word = Math.floor(pair / inHalf)
        if (word < words) put(2 * word + upper, width * (pair % inHalf), value)
        else this.scatter(put, pair - inHalf * words, upper, value)
      }
    }
    for (let word = 0; word < words; word += 1)
      this.words.push((halves[2 * word] ?? 0) | ((halves[2 * word + 1] ?? 0) << 16))
  }

  /** Six bits in what three words leave over: four in the first or second word, two in the third. */
  private scatter(
    put: (half: number, bit: number, value: number) => void,
    pair: number,
    upper: number,
    value: number,
  ): void {
    put(2 * pair + upper, 12, value & 15)
    put(4 + upper, 12 + 2 * pair, value >> 4)
  }
}

/** The bytes that correct the weights of an output whose fields are too narrow. */
function corrections(weights: Int8Array, code: Code): readonly number[] {
  const bytes: number[] = []
  const write = (gap: number, value: number): void => void bytes.push((gap << 3) | (value & 7))
  let last = 0
  for (let input = 0; input < fieldInputs(weights.length, code.group); input += 1) {
    let { correction } = fieldOf(weights[input] ?? 0, code)
    if (correction === 0) continue
    for (; input - last > CORRECTION.mostGap; last += CORRECTION.mostGap) write(CORRECTION.mostGap, 0)
    while (correction !== 0) {
      const part = Math.max(CORRECTION.least, Math.min(CORRECTION.most, correction))
      write(input - last, part)
      last = input
      correction -= part
    }
  }
  return bytes
}

/** Streams of rows of weights, each row with a code of its own. */
function streams(weights: Int8Array, inputs: number, codes: readonly Code[]) {
  const words = new FieldWords()
  const bytes: number[] = []
  codes.forEach((code, output) => {
    const row = weights.subarray(output * inputs, (output + 1) * inputs)
    const inFields = fieldInputs(inputs, code.group)
    const fields = Array.from(row.subarray(0, inFields), (weight) => fieldOf(weight, code).field)
    for (let first = 0; first < inFields; first += code.group.inputs)
      words.group(code.group, fields.slice(first, first + code.group.inputs))
    const corrected = corrections(row, code)
    bytes.push(code.group.width, code.least & 255, corrected.length)
    for (const weight of row.subarray(inFields)) bytes.push(weight & 255)
    bytes.push(...corrected)
  })
  return { words: Int32Array.from(words.words), codes: Uint8Array.from(bytes) }
}

/** A dense layer whose outputs are stored as `widths` and `leasts` say. */
function fullyConnected({ fields }: KernelRequest): Fields {
  const { weights: _, widths: __, leasts: ___, ...others } = fields
  const leasts = arrayField(fields, 'leasts', Int8Array)
  const codes = Array.from(arrayField(fields, 'widths', Uint8Array), (width, output) => {
    const group = FIELD_GROUPS.find((each) => each.width === width)
    if (group === undefined) throw new InternalError(`no fields of ${width} bits`)
    return { group, least: leasts[output] ?? 0 }
  })
  return { ...others, ...streams(arrayField(fields, 'weights', Int8Array), numberField(fields, 'inputs'), codes) }
}

/** Layouts by family, the same for all kernel sets. */
export const packedLayouts: ReadonlyMap<string, (request: KernelRequest) => Fields> = new Map([
  ['packed_fully_connected', fullyConnected],
])
