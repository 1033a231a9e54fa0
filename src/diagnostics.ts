import { type Diagnostic, type DiagnosticCode, DiagnosticsError } from './ir/index.js'

/** What each code of a diagnostic means, for users that look one up. */
export const DIAGNOSTIC_CODES: Readonly<Record<DiagnosticCode, string>> = {
  BAD_FILE: 'The file is no TensorFlow Lite model, or it is truncated or damaged.',
  BAD_MODEL: 'The file can be read, but what it says contradicts itself.',
  UNSUPPORTED_OPERATOR: 'eonc has no such operator.',
  UNSUPPORTED_VERSION: 'The operator, or the file, is of a newer version than eonc understands.',
  UNSUPPORTED_TYPE: 'An operator is not supported for tensors of this element type.',
  UNSUPPORTED_SHAPE: 'An operator is not supported for tensors of this shape.',
  UNSUPPORTED_OPTION: 'An operator is not supported with this option.',
  UNSUPPORTED_QUANTIZATION: 'An operator is not supported with these scales or zero points.',
  UNSUPPORTED_GRAPH: 'Operators are connected in a way that is not supported.',
  BATCH_ASSUMED: 'The model leaves its batch size open; it is compiled for a batch of 1.',
  TOO_LARGE: 'The model is beyond what any microcontroller could hold.',
  OVER_BUDGET: 'The model needs more RAM or ROM than the budget that was given.',
  BAD_OPTION: 'An option of the command or the function is wrong.',
  BAD_TARGET: 'The target is not known.',
  TOOL_FAILED: 'A program that the command runs did not do its work.',
  BAD_PLUGIN: 'A plugin cannot be found or loaded, or what it gives is no target.',
  MISSING_TOOL: 'A program that the command or the target needs is not there.',
  TARGET_FAILED: 'The target could not make a project.',
  BAD_OUTPUT: 'The folder is no output of eonc, or its files are not as they were written.',
  WRONG_MODEL: 'A model file is not the one that an output was compiled from.',
  VERIFY_FAILED: 'An output cannot be built or run, or does not compute what the model does.',
}

/** Colours that a diagnostic is printed in; functions that give their text back print without any. */
export interface DiagnosticColors {
  readonly error: (text: string) => string
  readonly notice: (text: string) => string
  readonly detail: (text: string) => string
}

const PLAIN: DiagnosticColors = { error: (text) => text, notice: (text) => text, detail: (text) => text }

/** Names come from the model: what would break the line, or steer a terminal, becomes a question mark. */
const printable = (text: string): string => text.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029]/g, '?')

/** A diagnostic as a user sees it: the rule, where, what was found, what to do. A line each. */
export function formatDiagnostic(diagnostic: Diagnostic, colors: DiagnosticColors = PLAIN): string {
  const { severity, code, rule, model, where, found, help } = diagnostic
  const lines = [`${colors[severity](`${severity} ${code}`)}: ${printable(rule)}`]
  const inModel = model === undefined ? [] : [`model ${model}`]
  if (where === undefined && model !== undefined) lines.push(`  ${colors.detail('at')} ${printable(inModel.join())}`)
  if (where !== undefined) {
    const operator =
      where.operator && `operator ${where.operator.index} ${where.operator.kind} "${where.operator.name}"`
    const tensor = where.tensor && `tensor ${where.tensor.index} "${where.tensor.name}"`
    const places = [...inModel, `subgraph ${where.subgraph}`, operator, tensor].filter((place) => place !== undefined)
    lines.push(`  ${colors.detail('at')} ${printable(places.join(', '))}`)
  }
  if (found !== undefined) lines.push(`  ${colors.detail('found:')} ${printable(found)}`)
  lines.push(`  ${printable(help)}`)
  return lines.join('\n')
}

/** What a stage gave, or what stands against it. */
type Collected<Result> = { readonly value: Result } | { readonly diagnostics: readonly Diagnostic[] }

/** Runs `stage`; what it throws of diagnostics becomes a value. */
export function collect<Result>(stage: () => Result): Collected<Result> {
  try {
    return { value: stage() }
  } catch (error) {
    return caught(error)
  }
}

/** The same for a stage that takes its time. */
export async function collectAsync<Result>(stage: () => Promise<Result>): Promise<Collected<Result>> {
  try {
    return { value: await stage() }
  } catch (error) {
    return caught(error)
  }
}

function caught(error: unknown): { readonly diagnostics: readonly Diagnostic[] } {
  if (error instanceof DiagnosticsError) return { diagnostics: error.diagnostics }
  throw error
}
