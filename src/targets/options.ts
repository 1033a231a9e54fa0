import { z } from 'zod'
import type { Diagnostic } from '../ir/index.js'
import type { Target } from '../plugin.js'

/** An option of a target, as a command line and a table show it. */
export interface TargetOption {
  /** As `emit` gets it, such as `htmlTitle`. */
  readonly name: string
  /** As the user writes it, such as `--html-title`. */
  readonly flag: string
  readonly type: 'boolean' | 'string' | 'number'
  /** The values that there are, where not every one is right. */
  readonly choices?: readonly string[]
  /** It may be given several times. */
  readonly list: boolean
  readonly description: string
  readonly default?: unknown
  /** It has to be given. */
  readonly required: boolean
}

/** The part of a JSON schema that describes a value which a command line can give. */
const SCALAR = z.union([
  z.object({ enum: z.array(z.string()).min(1) }),
  z.object({ const: z.string() }),
  z.object({ type: z.enum(['boolean', 'string', 'number', 'integer']) }),
])
const DOCUMENTED = z.object({ description: z.string().regex(/\S/), default: z.unknown().optional() })
const PROPERTY = z.union([
  DOCUMENTED.and(z.object({ type: z.literal('array'), items: SCALAR })),
  DOCUMENTED.and(SCALAR),
])
const OBJECT = z.object({
  type: z.literal('object'),
  properties: z.record(z.string(), z.unknown()),
  required: z.array(z.string()).default([]),
})

const isSchema = (schema: unknown): schema is z.ZodObject =>
  typeof schema === 'object' && schema !== null && '_zod' in schema && 'shape' in schema && 'safeParse' in schema

function typeOf(scalar: z.infer<typeof SCALAR>): Pick<TargetOption, 'type' | 'choices'> {
  if ('enum' in scalar) return { type: 'string', choices: scalar.enum }
  if ('const' in scalar) return { type: 'string', choices: [scalar.const] }
  return { type: scalar.type === 'integer' ? 'number' : scalar.type }
}

function optionOf(name: string, property: unknown, required: boolean): TargetOption {
  if (!/^[a-z][a-zA-Z0-9]*$/.test(name)) throw new Error(`the option "${name}" is not named like htmlTitle`)
  const { success, data } = PROPERTY.safeParse(property)
  if (!success)
    throw new Error(
      `the option "${name}" is no boolean, string, number, enumeration or list of these, with a description`,
    )
  const list = 'items' in data
  const scalar = typeOf(list ? data.items : data)
  const isDefaultTrue = scalar.type === 'boolean' && data.default === true
  const words = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  return {
    name,
    flag: `--${isDefaultTrue ? 'no-' : ''}${words}`,
    ...scalar,
    list,
    description: data.description,
    ...(data.default !== undefined && { default: data.default }),
    required,
  }
}

/** The options of a target, in the order of its schema. Throws an Error that says why a schema is none for options. */
export function targetOptions({ options }: Pick<Target, 'options'>): readonly TargetOption[] {
  if (options === undefined) return []
  if (!isSchema(options)) throw new Error('its options are no zod object schema')
  const { properties, required } = OBJECT.parse(z.toJSONSchema(options, { io: 'input' }))
  return Object.entries(properties).map(([name, property]) => optionOf(name, property, required.includes(name)))
}

/** Values for the options of a target, checked and with defaults; or what is wrong with them. An unknown one is wrong. */
export function parseTargetOptions(
  { name, options = z.object({}) }: Pick<Target, 'name' | 'options'>,
  values: object,
): { readonly options: Readonly<Record<string, unknown>> } | { readonly diagnostics: readonly Diagnostic[] } {
  const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
  const parsed = options.strict().safeParse(given)
  if (parsed.success) return { options: parsed.data }
  return {
    diagnostics: parsed.error.issues.map(({ path, message }) => ({
      severity: 'error',
      code: 'BAD_OPTION',
      rule: `The options of the target ${name} are those that it lists`,
      found: [...path.map(String), message].join(': '),
      help: `\`eonc targets\` lists the options of each target.`,
    })),
  }
}
