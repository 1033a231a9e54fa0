import { type Diagnostic, type DiagnosticCode, DiagnosticsError, type Location } from '../ir/diagnostic.js'
import { MAX_FINDINGS, MAX_RANK } from './limits.js'

/** The way out where only another export helps. */
export const EXPORT_AGAIN = 'The file is damaged or not a TensorFlow Lite model: export it again.'

/** The way out where a model is beyond the limits of the reader. */
export const SMALLER = 'Use a smaller model: this one does not fit a microcontroller.'

/** What a finding says besides its code and rule. */
export interface Details {
  readonly where?: Location
  readonly found?: string
  /** Default: export the model again. */
  readonly help?: string
}

/** A diagnostic that stops the reader at the end, as a value. */
export function error(code: DiagnosticCode, rule: string, details: Details = {}): Diagnostic {
  return { severity: 'error', code, rule, help: EXPORT_AGAIN, ...details }
}

/** A shape for a diagnostic, such as `[1, 49, 10, 1]`; one beyond what any model has is cut off. */
export function formatShape(shape: readonly number[]): string {
  const more = shape.length > MAX_RANK ? ', ...' : ''
  return `[${shape.slice(0, MAX_RANK).join(', ')}${more}]`
}

/** Leaves the reader at once: nothing behind damage of this kind can be trusted. */
export function fail(code: 'BAD_FILE' | 'TOO_LARGE', rule: string, details: Details = {}): never {
  throw new DiagnosticsError([error(code, rule, details)])
}

/** Throws TOO_LARGE if a model has more of something than is read. */
export function requireAtMost(most: number, count: number, what: string): void {
  if (count <= most) return
  fail('TOO_LARGE', `A model has at most ${most} ${what}`, { found: `${count} ${what}`, help: SMALLER })
}

/** Collects what is found in a well-formed file, so that all of it is reported at once. */
export class Findings {
  readonly #errors: Diagnostic[] = []
  readonly #notices: Diagnostic[] = []

  get errorCount(): number {
    return this.#errors.length
  }

  get notices(): readonly Diagnostic[] {
    return this.#notices
  }

  /** Adds a finding. Of notices the first of each code is kept. Throws what there is when it is too much. */
  add(finding: Diagnostic): void {
    if (finding.severity === 'notice') {
      if (!this.#notices.some((notice) => notice.code === finding.code)) this.#notices.push(finding)
      return
    }
    this.#errors.push(finding)
    if (this.#errors.length >= MAX_FINDINGS) this.throwIfAny()
  }

  /** Throws a DiagnosticsError with all errors and notices, if there is an error. */
  throwIfAny(): void {
    if (this.#errors.length > 0) throw new DiagnosticsError([...this.#errors, ...this.#notices])
  }
}
