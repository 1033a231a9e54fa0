import type { Diagnostic, Location } from '../ir/index.js'
import { shortName } from './short-name.js'
import type { OperatorReport, PlanReport, StepReport } from './plan-report.js'

/** The most that a model may need; no limit where one is left out. */
export interface Budgets {
  /** Bytes of the context: all RAM, stack apart. */
  readonly maxRam?: number
  /** Bytes of constant arrays in ROM, code and parameters apart. */
  readonly maxRom?: number
}

/** Options to add to those given, and what the context takes with them. */
export interface Alternative {
  readonly flags: string
  readonly contextBytes: number
}

/** How many of the largest buffers or operators are named. */
const NAMED = 3

const bytesText = (bytes: number): string => `${bytes.toLocaleString('en-US')} ${bytes === 1 ? 'byte' : 'bytes'}`

const operatorText = ({ index, kind, name }: OperatorReport): string =>
  index < 0 ? `input "${shortName(name)}"` : `operator ${index} ${kind}`

const locationOf = ({ index, kind, name }: OperatorReport): Location =>
  index < 0 ? { subgraph: 0 } : { subgraph: 0, operator: { index, kind, name } }

/**
 * Which budgets a plan exceeds, by how much, what dominates, and what to try. Empty when it keeps them. `alternatives`
 * is asked only when it takes too much RAM.
 */
export function overBudget(
  report: PlanReport,
  { maxRam, maxRom }: Budgets,
  alternatives: (maxRam: number) => readonly Alternative[] = () => [],
): readonly Diagnostic[] {
  const ram =
    maxRam !== undefined && report.contextBytes > maxRam ? [ramDiagnostic(report, maxRam, alternatives(maxRam))] : []
  const rom = maxRom !== undefined && report.constantBytes > maxRom ? [romDiagnostic(report, maxRom)] : []
  return [...ram, ...rom]
}

function operatorAt({ stages }: PlanReport, step: StepReport | undefined): OperatorReport | undefined {
  return step && stages[step.stage]?.operators.find(({ index }) => index === step.operator)
}

function ramDiagnostic(report: PlanReport, maxRam: number, alternatives: readonly Alternative[]): Diagnostic {
  const { contextBytes, input, peak, buffers } = report
  const running = operatorAt(report, peak.during)
  const largest = peak.buffers.slice(0, NAMED).flatMap(({ buffer, bytes }) => {
    const { kind = 'tensor', name = '' } = buffers[buffer] ?? {}
    return [`${kind} "${shortName(name)}" ${bytesText(bytes)}`]
  })
  return {
    severity: 'error',
    code: 'OVER_BUDGET',
    rule: `The context takes at most ${bytesText(maxRam)} of RAM`,
    ...(running && { where: locationOf(running) }),
    found: `${bytesText(contextBytes)} (input ${input}); most is alive at once: ${largest.join(', ')}`,
    help: optionHelp(report, maxRam, alternatives) ?? ramHelp(report),
  }
}

/** Options that are enough, or else those that come closest; undefined when none take less. */
function optionHelp(report: PlanReport, maxRam: number, alternatives: readonly Alternative[]): string | undefined {
  const smallest = alternatives.toSorted((a, b) => a.contextBytes - b.contextBytes)[0]
  if (smallest === undefined || smallest.contextBytes >= report.contextBytes) return undefined
  const { flags, contextBytes } = smallest
  const taken = `With ${flags} it takes ${bytesText(contextBytes)}`
  return contextBytes <= maxRam ? `${taken}, which fits.` : `${taken}, still too much. ${ramHelp(report)}`
}

/** What to try is by what is largest at the worst moment. */
function ramHelp(report: PlanReport): string {
  const [first] = report.peak.buffers
  const dominant = first && report.buffers[first.buffer]
  const resident = report.input === 'resident' || report.input === 'preserve'
  if (dominant?.kind === 'input' && resident)
    return 'The input takes most of it: make it smaller or, if it has rows, let them come one by one (--input stream or --input callback).'
  const maker = operatorAt(report, dominant?.from)
  const layer = maker === undefined || maker.index < 0 ? 'the layers that are named' : operatorText(maker)
  return `Give ${layer} fewer channels, or the model a smaller input; \`eonc plan\` shows what lives when.`
}

function romDiagnostic({ constantBytes, stages }: PlanReport, maxRom: number): Diagnostic {
  const largest = stages
    .flatMap(({ operators }) => operators)
    .filter((operator) => operator.constantBytes > 0)
    .sort((a, b) => b.constantBytes - a.constantBytes || a.index - b.index)
    .slice(0, NAMED)
  const [first] = largest
  const named = largest.map((operator) => `${operatorText(operator)} ${bytesText(operator.constantBytes)}`)
  const layer = first === undefined ? 'the largest layers' : operatorText(first)
  return {
    severity: 'error',
    code: 'OVER_BUDGET',
    rule: `Constants take at most ${bytesText(maxRom)} of ROM`,
    ...(first && { where: locationOf(first) }),
    found: `${bytesText(constantBytes)}; most are in ${named.join(', ')}`,
    help: `Give ${layer} fewer channels or inputs: its constants are the largest.`,
  }
}
