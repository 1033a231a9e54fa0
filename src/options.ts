import { z } from 'zod'
import { INPUT_MODES } from './compile.js'
import type { BenchOptions, CompileModelsOptions, PlanOptions, StackOptions } from './index.js'
import type { Diagnostic } from './ir/index.js'
import { nameDiagnostics } from './model-name.js'
import { GRANULARITIES } from './ops/index.js'
import type { Target } from './plugin.js'
import { CPUS, GOALS, ROM_SIZES } from './select/index.js'
import { CORTEX_M } from './stack/index.js'

const isTarget = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'emit' in value && typeof value.emit === 'function'

const bytes = z.int().positive().optional()

/** What `plan` and `check` take besides the model. Strict: a misspelt option would be one that silently does nothing. */
const PLAN_OPTIONS = z.strictObject({
  cpu: z.enum(CPUS).optional(),
  optimize: z.enum(GOALS).optional(),
  ram: z.enum(GRANULARITIES).optional(),
  rom: z.enum(ROM_SIZES).optional(),
  stripFloatIo: z.boolean().optional(),
  input: z.enum(INPUT_MODES).optional(),
  streamInput: z.string().optional(),
  maxRam: bytes,
  maxRom: bytes,
  onProgress: z.custom<NonNullable<PlanOptions['onProgress']>>((value) => typeof value === 'function').optional(),
} satisfies Record<keyof PlanOptions, z.ZodType>)

/** What `compile` takes besides the model. */
const COMPILE_OPTIONS = PLAN_OPTIONS.extend({
  name: z.string(),
  shareArena: z.boolean().optional(),
  labels: z.array(z.string()).optional(),
  cmsisNn: z.boolean().optional(),
  targetOptions: z.record(z.string(), z.unknown()).optional(),
  plugins: z.array(z.string()).optional(),
  log: z.custom((log) => typeof log === 'function').optional(),
  target: z.union(
    [z.string(), z.custom<Target>(isTarget)],
    'Invalid input: expected the name of a target, or a target',
  ),
} satisfies Record<Exclude<keyof CompileModelsOptions, keyof PlanOptions>, z.ZodType>)

/** What `stackUse` takes besides the model: only processors whose stack is known. */
const STACK_OPTIONS = PLAN_OPTIONS.extend({
  cpu: z.enum(['any', ...CORTEX_M]).optional(),
  name: z.string().optional(),
  flags: z.array(z.string()).optional(),
} satisfies Record<'cpu' | Exclude<keyof StackOptions, keyof PlanOptions>, z.ZodType>)

/** What `bench` takes besides the model: only processors that there is an emulator of. */
const BENCH_OPTIONS = PLAN_OPTIONS.extend({
  cpu: z.enum(CORTEX_M).optional(),
  flags: z.array(z.string()).optional(),
} satisfies Record<'cpu' | Exclude<keyof BenchOptions, keyof PlanOptions>, z.ZodType>)

function issueDiagnostics({ issues }: z.ZodError, rule: string): readonly Diagnostic[] {
  return issues.map(({ path, message }) => ({
    severity: 'error',
    code: 'BAD_OPTION',
    rule,
    found: [...path.map(String), message].join(': '),
    help: 'Correct the option, or leave it out if it is not needed.',
  }))
}

/** What is wrong with options that come from a caller without types, and with the name. Empty when nothing is. */
export function optionDiagnostics(options: unknown): readonly Diagnostic[] {
  const { success, data, error } = COMPILE_OPTIONS.safeParse(options)
  if (success) return nameDiagnostics(data.name)
  return issueDiagnostics(error, 'The options of compile are those of its type CompileOptions')
}

/** The same for a model that is planned or checked. */
export function planOptionDiagnostics(options: unknown): readonly Diagnostic[] {
  const { success, error } = PLAN_OPTIONS.safeParse(options)
  return success ? [] : issueDiagnostics(error, 'The options of plan and check are those of their type PlanOptions')
}

/** The same for a model whose stack is measured. */
export function stackOptionDiagnostics(options: unknown): readonly Diagnostic[] {
  const { success, data, error } = STACK_OPTIONS.safeParse(options)
  if (success) return data.name === undefined ? [] : nameDiagnostics(data.name)
  return issueDiagnostics(error, 'The options of stackUse are those of its type StackOptions')
}

/** The same for a model that is measured. */
export function benchOptionDiagnostics(options: unknown): readonly Diagnostic[] {
  const { success, error } = BENCH_OPTIONS.safeParse(options)
  return success ? [] : issueDiagnostics(error, 'The options of bench are those of its type BenchOptions')
}
