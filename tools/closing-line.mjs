// The closing line of a test run, from the totals that tap writes at the end of its output.
// Usage: node tools/closing-line.mjs FILE.tap
import { readFileSync } from 'node:fs'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'

/** How many assertions of a TAP file passed, failed and were skipped; what is still to do counts as skipped. */
export function tally(tap) {
  const totals = [...tap.matchAll(/^# \{ (total: .*) \}$/gm)].at(-1)?.[1] ?? ''
  const count = (name) => Number(new RegExp(`\\b${name}: (\\d+)`).exec(totals)?.[1] ?? 0)
  return { passed: count('pass'), failed: count('fail'), skipped: count('skip') + count('todo') }
}

/** The line that a test run ends with, such as `12 passed, 0 failed, 1 skipped`. */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

if (argv[1] === fileURLToPath(import.meta.url)) console.log(closingLine(tally(readFileSync(argv[2], 'utf8'))))
