/**
 * Whose turn it is. Without `runs`, `list` holds groups of (repeats, length, units...). With them, it holds groups of
 * (repeats, length, places...), each place that of one such group of units in `runs`, which are bytes.
 */
export interface Turns {
  readonly list: readonly number[]
  readonly runs?: readonly number[]
}

/** Repeats and lengths are bytes. A cascade that halves its rows six times has a pattern of 127 turns. */
const MAX_COUNT = 255

/** How often the `period` units from `start` on come one after the other. */
function repeats(units: readonly number[], start: number, period: number): number {
  let count = 1
  while (count < MAX_COUNT) {
    const next = start + count * period
    for (let i = 0; i < period; i += 1)
      if (units[next + i] !== units[start + i] || next + i >= units.length) return count
    count += 1
  }
  return count
}

/** Entries that follow one another, several times. */
interface Group {
  readonly repeats: number
  readonly entries: number[]
}

/** A sequence as groups: short where a pattern repeats. Greedy: at each place the pattern that saves the most. */
function groupsOf(sequence: readonly number[]): readonly Group[] {
  const groups: Group[] = []
  let at = 0
  while (at < sequence.length) {
    let best = { repeats: 1, period: 1 }
    for (let period = 1; period <= Math.min(MAX_COUNT, sequence.length - at); period += 1) {
      const count = repeats(sequence, at, period)
      if ((count - 1) * period > (best.repeats - 1) * best.period) best = { repeats: count, period }
    }
    const last = groups.at(-1)
    const pattern = sequence.slice(at, at + best.period)
    // what does not repeat goes on where the last group ended
    if (best.repeats === 1 && last?.repeats === 1 && last.entries.length < MAX_COUNT) last.entries.push(...pattern)
    else groups.push({ repeats: best.repeats, entries: pattern })
    at += best.repeats * best.period
  }
  return groups
}

const flat = (groups: readonly Group[]): readonly number[] =>
  groups.flatMap(({ repeats: count, entries }) => [count, entries.length, ...entries])

/** Bytes of code that a second level costs. */
const RUNS_CODE = 40

/**
 * A sequence of units as a list: short where pieces repeat a pattern. Where the groups repeat in turn, as those of pixels
 * do from row to row, each is stored once.
 */
export function encodeTurns(units: readonly number[]): Turns {
  const groups = groupsOf(units)
  const list = flat(groups)
  const runs: number[] = []
  const places = new Map<string, number>()
  const sequence = groups.map((group) => {
    const run = flat([group])
    const key = run.join(' ')
    const place = places.get(key) ?? runs.length
    if (place === runs.length) runs.push(...run)
    places.set(key, place)
    return place
  })
  const short = flat(groupsOf(sequence))
  return runs.length + 2 * short.length + RUNS_CODE < list.length ? { list: short, runs } : { list }
}

/** The entries that a list of groups stands for. */
function expand(list: readonly number[]): readonly number[] {
  const entries: number[] = []
  for (let at = 0; at < list.length; at += 2 + (list[at + 1] ?? 0)) {
    const pattern = list.slice(at + 2, at + 2 + (list[at + 1] ?? 0))
    for (let repeat = 0; repeat < (list[at] ?? 0); repeat += 1) entries.push(...pattern)
  }
  return entries
}

/** The sequence of units that turns stand for. */
export function decodeTurns({ list, runs }: Turns): readonly number[] {
  const entries = expand(list)
  if (runs === undefined) return entries
  return entries.flatMap((place) => expand(runs.slice(place, place + 2 + (runs[place + 1] ?? 0))))
}
