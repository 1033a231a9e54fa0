import { z } from 'zod'
import { INPUT_MODES } from './compile.js'
import type { CompileOptions } from './index.js'
import type { Diagnostic } from './ir/index.js'
import { nameDiagnostics } from './model-name.js'
import type { Target } from './plugin.js'
import { CPUS, GOALS } from './select/index.js'

const isTarget = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'emit' in value && typeof value.emit === 'function'

/** What `compile` takes besides the model. Strict: a misspelt option would be one that silently does nothing. */
const OPTIONS = z.strictObject({
  name: z.string(),
  target: z.union(
    [z.string(), z.custom<Target>(isTarget)],
    'Invalid input: expected the name of a target, or a target',
  ),
  cpu: z.enum(CPUS).optional(),
  optimize: z.enum(GOALS).optional(),
  stripFloatIo: z.boolean().optional(),
  input: z.enum(INPUT_MODES).optional(),
  streamInput: z.string().optional(),
} satisfies Record<keyof CompileOptions, z.ZodType>)

/** What is wrong with options that come from a caller without types, and with the name. Empty when nothing is. */
export function optionDiagnostics(options: unknown): readonly Diagnostic[] {
  const { success, data, error } = OPTIONS.safeParse(options)
  if (success) return nameDiagnostics(data.name)
  return error.issues.map(({ path, message }) => ({
    severity: 'error',
    code: 'BAD_OPTION',
    rule: 'The options of compile are those of its type CompileOptions',
    found: [...path.map(String), message].join(': '),
    help: 'Correct the option, or leave it out if it is not needed.',
  }))
}
