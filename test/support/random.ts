/** Pseudo-random numbers that are the same on every machine for the same seed. Not for secrets. */
export interface Random {
  /** An integer from 0 to `bound - 1`; `bound` is at most 2^32. */
  below(bound: number): number
  /** An integer from `least` to `most`, both included. */
  between(least: number, most: number): number
  /** True with a probability of `share`. */
  chance(share: number): boolean
  /** One of the items, each as likely as any other. */
  pick<Item>(items: readonly Item[]): Item
}

/** A source of numbers from a seed (an integer): a counter with a mixing function of 32 bits. */
export function seededRandom(seed: number): Random {
  let state = seed | 0
  const next = (): number => {
    state = (state + 0x9e3779b9) | 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32
  }
  const below = (bound: number): number => Math.floor(next() * bound)
  return {
    below,
    between: (least, most) => least + below(most - least + 1),
    chance: (share) => next() < share,
    pick: (items) => {
      const item = items[below(items.length)]
      if (item === undefined) throw new RangeError('nothing to pick from')
      return item
    },
  }
}

/** The seed of this run: environment variable `EONC_SEED`, or `fallback`. */
export function runSeed(fallback: number): number {
  return Number(process.env['EONC_SEED'] ?? fallback)
}
