/**
 * How the weights of an output are stored in fewer bits than eight: as fields of one width, less the least of them, and
 * corrections where a field is too narrow. `src/kernels/README.md` says what the bits mean.
 */
import type { KernelRequest } from '../ops/index.js'
import { arrayField, numberField } from './fields.js'
import type { FittedRequest } from './kernel-set.js'

/** Fields of a width come in groups: so many inputs in so many words. */
export interface FieldGroup {
  readonly width: number
  readonly inputs: number
  readonly words: number
}

/** The widths that there are, in bits. */
export const FIELD_GROUPS: readonly FieldGroup[] = [
  { width: 3, inputs: 20, words: 2 },
  { width: 4, inputs: 8, words: 1 },
  { width: 5, inputs: 12, words: 2 },
  { width: 6, inputs: 16, words: 3 },
  { width: 8, inputs: 4, words: 1 },
]

/** A correction is a byte: how far it is from the last one, in the upper bits, and a signed number. */
export const CORRECTION = { mostGap: 31, least: -4, most: 3 } as const

/** Corrections of an output are counted in a byte. */
const MOST_CORRECTIONS = 255
/** Width, least weight, and number of corrections. */
const HEADER_BYTES = 3

/** How the weights of one output are stored. */
export interface PackedOutput {
  readonly group: FieldGroup
  /** The weight that a field of 0 stands for. */
  readonly least: number
  readonly corrections: number
  readonly bytes: number
}

/** What the fields hold of a weight, and what is left for a correction, in units of 2^width. */
export function fieldOf(weight: number, { least, group: { width } }: Pick<PackedOutput, 'group' | 'least'>) {
  const value = weight - least
  return { field: value & (2 ** width - 1), correction: value >> width }
}

/** Inputs whose weights are fields: what is left behind the last group is stored as plain bytes. */
export const fieldInputs = (inputs: number, { inputs: size }: FieldGroup): number => inputs - (inputs % size)

/** Bytes that correct one weight. */
const correctionBytes = (value: number): number =>
  value > 0 ? Math.ceil(value / CORRECTION.most) : Math.ceil(value / CORRECTION.least)

/** Number of correction bytes of an output, those that only bridge a gap included. */
function countCorrections(weights: Int8Array, { group, least }: Pick<PackedOutput, 'group' | 'least'>): number {
  const fields = fieldInputs(weights.length, group)
  let count = 0
  let last = 0
  for (let input = 0; input < fields && count <= MOST_CORRECTIONS; input += 1) {
    const value = ((weights[input] ?? 0) - least) >> group.width
    if (value === 0) continue
    count += Math.max(0, Math.ceil((input - last) / CORRECTION.mostGap) - 1) + correctionBytes(value)
    last = input
  }
  return count
}

function packedOutput(weights: Int8Array, group: FieldGroup, least: number): PackedOutput {
  const corrections = countCorrections(weights, { group, least })
  const fields = fieldInputs(weights.length, group)
  const bytes = 4 * (fields / group.inputs) * group.words + HEADER_BYTES + (weights.length - fields) + corrections
  return { group, least, corrections, bytes }
}

/** Least weights that are tried for a width: such that the fields' range lies around the median, or a little off it. */
function leastOf(width: number, median: number): readonly number[] {
  // eight bits hold every weight
  if (width === 8) return [-128]
  const half = 2 ** (width - 1)
  const step = Math.max(1, half / 8)
  const tried = Array.from({ length: 9 }, (_, i) => median - half + (i - 4) * step)
  return [...new Set(tried.map((least) => Math.max(-128, least)))]
}

/**
 * Instructions by kernel set, as counted in the code that gcc makes with -Os: for each weight in a field of a width, for
 * each in a plain byte, for each correction, output and input besides; and for weights and outputs that are not packed.
 */
interface InstructionCosts {
  readonly field: Readonly<Record<number, number>>
  readonly plain: number
  readonly correction: number
  readonly output: number
  readonly input: number
  readonly raw: { readonly weight: number; readonly output: number }
}

/** On Cortex-M0+. */
const PORTABLE_COSTS: InstructionCosts = {
  field: { 3: 10, 4: 10, 5: 10, 6: 10.5, 8: 10 },
  ...{ plain: 10, correction: 12, output: 130, input: 5 },
  raw: { weight: 8, output: 60 },
}
/** Sets that are left out multiply so fast that no decoder keeps up with them. */
const COSTS: Readonly<Record<string, InstructionCosts>> = {
  portable: PORTABLE_COSTS,
  armv6m: { ...PORTABLE_COSTS, raw: { weight: 4, output: 60 } },
  dsp: {
    field: { 3: 1.95, 4: 2.125, 5: 2.1, 6: 2.3, 8: 2.5 },
    ...{ plain: 6, correction: 7, output: 70, input: 5 },
    raw: { weight: 1.07, output: 10 },
  },
}

function instructionsOf({ group, corrections }: PackedOutput, inputs: number, costs: InstructionCosts): number {
  const fields = fieldInputs(inputs, group)
  const products = fields * (costs.field[group.width] ?? 0) + (inputs - fields) * costs.plain
  return products + corrections * costs.correction + costs.output
}

/** How much slower packed weights may be. */
const MOST_INSTRUCTIONS = 3
/** What an instruction of an inference is worth, in bytes: from nothing up, until all layers together are fast enough. */
const PRICES = [0, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64]
/** Code of the kernel that reads packed weights: what is saved in all has to be more. */
const DECODER_BYTES = 1024
/** Code of the kernel that reads weights as they are, which is not needed where all are packed. */
const PLAIN_KERNEL_BYTES = 256

/** Bytes of weights, and instructions that multiply them, before and after they are packed. */
export interface Packing {
  readonly bytes: { readonly before: number; readonly after: number }
  readonly instructions: { readonly before: number; readonly after: number }
}

/** A request whose weights are packed. */
export type PackedRequest = FittedRequest & { readonly packing: Packing }

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)
const savedBytes = ({ packing: { bytes } }: PackedRequest): number => bytes.before - bytes.after

/** All ways to store the weights of an output that have few enough corrections. */
function candidatesOf(weights: Int8Array): readonly PackedOutput[] {
  const median = weights.toSorted()[weights.length >> 1] ?? 0
  return FIELD_GROUPS.flatMap((group) =>
    leastOf(group.width, median).map((least) => packedOutput(weights, group, least)),
  ).filter(({ corrections }) => corrections <= MOST_CORRECTIONS)
}

/**
 * A dense layer with packed weights, in the fewest bytes where an instruction costs so many of them; undefined for a
 * request of another kind. How the outputs are stored is in its fields `widths` and `leasts`.
 */
function packer(request: KernelRequest, set: string): ((price: number) => PackedRequest) | undefined {
  if (request.family !== 'fully_connected' || request.type !== 's8') return undefined
  const { fields } = request
  const [weights, inputs] = [arrayField(fields, 'weights', Int8Array), numberField(fields, 'inputs')]
  const costs = COSTS[set]
  if (costs === undefined) return undefined
  const candidates = Array.from({ length: weights.length / inputs }, (_, output) =>
    candidatesOf(weights.subarray(output * inputs, (output + 1) * inputs)).map((code) => ({
      code,
      instructions: instructionsOf(code, inputs, costs),
    })),
  )
  const rows = numberField(fields, 'rows')
  const before = weights.length * costs.raw.weight + candidates.length * costs.raw.output
  return (price) => {
    const cost = ({ code, instructions }: (typeof candidates)[number][number]): number =>
      code.bytes + price * instructions
    const chosen = candidates.map((each) => each.reduce((a, b) => (cost(b) < cost(a) ? b : a)))
    const after = inputs * costs.input + sumOf(chosen.map(({ instructions }) => instructions))
    const widths = Uint8Array.from(chosen, ({ code }) => code.group.width)
    const leasts = Int8Array.from(chosen, ({ code }) => code.least)
    return {
      request: { ...request, family: 'packed_fully_connected', fields: { ...fields, widths, leasts } },
      scratchBytes: 0,
      packing: {
        bytes: { before: weights.length, after: sumOf(chosen.map(({ code }) => code.bytes)) },
        instructions: { before: Math.round(rows * before), after: Math.round(rows * after) },
      },
    }
  }
}

/** The layers that are packed: those that become smaller; or all of them, where that saves the other kernel. */
function worthPacking(layers: readonly PackedRequest[]): readonly PackedRequest[] {
  const smaller = layers.filter((layer) => savedBytes(layer) > 0)
  const lost = sumOf(smaller.map(savedBytes)) - sumOf(layers.map(savedBytes))
  const packed = lost < PLAIN_KERNEL_BYTES ? layers : smaller
  return sumOf(packed.map(savedBytes)) > DECODER_BYTES ? packed : []
}

/**
 * The dense layers of a model whose weights are packed, by request: such that they all take at most three times the
 * instructions. None where that does not save more than the decoder takes.
 */
export function packedRequests(
  requests: readonly KernelRequest[],
  set: string,
): ReadonlyMap<KernelRequest, PackedRequest> {
  const packers = requests.flatMap((request) => {
    const pack = packer(request, set)
    return pack === undefined ? [] : [{ request, pack }]
  })
  for (const price of PRICES) {
    const all = packers.map(({ request, pack }) => ({ request, packed: pack(price) }))
    const worth = worthPacking(all.map(({ packed }) => packed))
    const instructions = (when: keyof Packing['instructions']): number =>
      sumOf(worth.map(({ packing }) => packing.instructions[when]))
    if (instructions('after') > MOST_INSTRUCTIONS * instructions('before')) continue
    return new Map(all.flatMap(({ request, packed }) => (worth.includes(packed) ? [[request, packed]] : [])))
  }
  return new Map()
}
