import type { PlanOptions } from './compile.js'
import { DiagnosticsError } from './ir/index.js'
import type { Alternative } from './report/index.js'

type RamOptions = Pick<PlanOptions, 'optimize' | 'ram' | 'input'>

/** What makes the context smaller, what costs least first: each with all those before it. */
const STEPS: readonly { readonly flag: string; readonly options: Partial<RamOptions> }[] = [
  { flag: '--optimize ram', options: { optimize: 'ram' } },
  { flag: '--ram pixel', options: { ram: 'pixel' } },
  { flag: '--input stream', options: { input: 'stream' } },
]

const changes = (given: RamOptions, { input, ...other }: Partial<RamOptions>): boolean =>
  input === undefined
    ? Object.entries(other).some(([name, value]) => given[name as keyof RamOptions] !== value)
    : given.input !== 'stream' && given.input !== 'callback'

/**
 * Options that make the context of a model smaller, up to the first that keep it within `maxRam` bytes: flags to add to
 * those given, and the bytes that it takes with them. A model whose input cannot come in pieces has no such choice.
 */
export function smallerContexts(
  given: PlanOptions,
  maxRam: number,
  contextBytes: (options: PlanOptions) => number,
): readonly Alternative[] {
  const found: Alternative[] = []
  let options = given
  let flags: readonly string[] = []
  for (const step of STEPS.filter((each) => changes(given, each.options))) {
    options = { ...options, ...step.options }
    flags = [...flags, step.flag]
    try {
      found.push({ flags: flags.join(' '), contextBytes: contextBytes(options) })
    } catch (error) {
      if (error instanceof DiagnosticsError) break
      throw error
    }
    if (found.some((each) => each.contextBytes <= maxRam)) break
  }
  return found
}
