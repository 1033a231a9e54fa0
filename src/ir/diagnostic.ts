/** Where in a model a diagnostic points. */
export interface Location {
  readonly subgraph: number
  /** Index of the operator in the file, its kind, and the name of its first output. */
  readonly operator?: { readonly index: number; readonly kind: string; readonly name: string }
  readonly tensor?: { readonly index: number; readonly name: string }
}

/** Codes of all diagnostics; `src/diagnostics.ts` has the text of each. */
export type DiagnosticCode =
  | 'BAD_FILE'
  | 'BAD_MODEL'
  | 'UNSUPPORTED_OPERATOR'
  | 'UNSUPPORTED_VERSION'
  | 'UNSUPPORTED_TYPE'
  | 'UNSUPPORTED_SHAPE'
  | 'UNSUPPORTED_OPTION'
  | 'UNSUPPORTED_QUANTIZATION'
  | 'UNSUPPORTED_GRAPH'
  | 'BATCH_ASSUMED'
  | 'TOO_LARGE'
  | 'OVER_BUDGET'
  | 'BAD_OPTION'
  | 'BAD_TARGET'
  | 'TOOL_FAILED'
  | 'BAD_PLUGIN'
  | 'MISSING_TOOL'
  | 'TARGET_FAILED'
  | 'BAD_OUTPUT'
  | 'WRONG_MODEL'
  | 'VERIFY_FAILED'

/** One finding about a model or a request, as a value: what rule, where, what was found, what to do. */
export interface Diagnostic {
  readonly severity: 'error' | 'notice'
  readonly code: DiagnosticCode
  /** The rule that does not hold, as a sentence without a full stop. */
  readonly rule: string
  /** Name of the model, where there are several. */
  readonly model?: string
  readonly where?: Location
  /** What was found instead, such as `stride_w = 3`. */
  readonly found?: string
  /** The way out, as a sentence. */
  readonly help: string
}

/** Raised to leave a stage with all that it found. The public API turns it into a result; it never reaches a user. */
export class DiagnosticsError extends Error {
  constructor(readonly diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map((diagnostic) => `${diagnostic.code}: ${diagnostic.rule}`).join('\n'))
    this.name = 'DiagnosticsError'
  }
}

/** A defect of eonc itself, as opposed to one of the model or the request. */
export class InternalError extends Error {
  constructor(message: string) {
    super(`internal error: ${message}. This is a defect of eonc: please report it with the model, or with its hash.`)
    this.name = 'InternalError'
  }
}
