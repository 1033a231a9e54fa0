/** A number with thousands separated, as in `1,234`. */
export function grouped(value: number): string {
  return value.toLocaleString('en-US')
}

/** A count of instructions in three or four digits, as in `42.47 M`; small ones whole. */
export function inMillions(instructions: number): string {
  return instructions < 100_000 ? grouped(instructions) : `${(instructions / 1e6).toFixed(2)} M`
}

/** How `ours` compares with `theirs` where less is better: `31 % less`, `4 % more`, `the same`. */
export function lessText(ours: number, theirs: number): string {
  const percent = Math.round((1 - ours / theirs) * 100)
  if (percent === 0) return 'the same'
  return percent > 0 ? `${percent} % less` : `${-percent} % more`
}

/** How many times `theirs` is `ours`, in two or three digits: `0.99x`, `5.5x`, `12x`. */
export function ratioText(ours: number, theirs: number): string {
  const ratio = ours / theirs
  return `${ratio.toFixed(ratio < 1.995 ? 2 : ratio < 9.95 ? 1 : 0)}x`
}
