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

/**
 * A sequence of units as a list of (repeats, length, units...): short where rows repeat a pattern. Greedy: at each
 * place the pattern that saves the most.
 */
export function encodeTurns(units: readonly number[]): readonly number[] {
  const blocks: { repeats: number; units: number[] }[] = []
  let at = 0
  while (at < units.length) {
    let best = { repeats: 1, period: 1 }
    for (let period = 1; period <= Math.min(MAX_COUNT, units.length - at); period += 1) {
      const count = repeats(units, at, period)
      if ((count - 1) * period > (best.repeats - 1) * best.period) best = { repeats: count, period }
    }
    const last = blocks.at(-1)
    const pattern = units.slice(at, at + best.period)
    // what does not repeat goes on where the last block ended
    if (best.repeats === 1 && last?.repeats === 1 && last.units.length < MAX_COUNT) last.units.push(...pattern)
    else blocks.push({ repeats: best.repeats, units: pattern })
    at += best.repeats * best.period
  }
  return blocks.flatMap((block) => [block.repeats, block.units.length, ...block.units])
}

/** The sequence of units that a list of turns stands for. */
export function decodeTurns(turns: readonly number[]): readonly number[] {
  const units: number[] = []
  for (let at = 0; at < turns.length; at += 2 + (turns[at + 1] ?? 0)) {
    const pattern = turns.slice(at + 2, at + 2 + (turns[at + 1] ?? 0))
    for (let repeat = 0; repeat < (turns[at] ?? 0); repeat += 1) units.push(...pattern)
  }
  return units
}
