import { readFile, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { type Diagnostic, DiagnosticsError } from '../ir/index.js'
import * as api from '../plugin.js'
import type { Target } from '../plugin.js'
import { targetOptions } from './options.js'

const TARGET = z.object({
  name: z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'it is not made of lower-case letters, digits and hyphens'),
  description: z.string().regex(/\S/, 'it is empty'),
  options: z.unknown().optional(),
  tools: z
    .array(
      z.object({
        name: z.string().min(1),
        commands: z.array(z.string().min(1)).min(1),
        why: z.string(),
        help: z.string(),
        optional: z.boolean().optional(),
      }),
    )
    .optional(),
  cpu: z.literal('wasm').optional(),
  emit: z.custom((emit) => typeof emit === 'function', 'it is no function'),
  run: z.custom((run) => run === undefined || typeof run === 'function', 'it is no function').optional(),
})

/** The diagnostic of a plugin that cannot be used. */
export function badPlugin(where: string, found: string, help: string): Diagnostic {
  return { severity: 'error', code: 'BAD_PLUGIN', rule: `The plugin ${where} gives a target`, found, help }
}

/** A target as a plugin gives it, looked at; throws a DiagnosticsError with what makes it none. `where` names the plugin. */
export function checkedTarget(value: unknown, where: string): Target {
  const refuse = (
    found: string,
    help = 'Its author can correct it: src/plugin.ts of eonc is the interface.',
  ): never => {
    throw new DiagnosticsError([badPlugin(where, found, help)])
  }
  if (typeof value !== 'object' || value === null) return refuse('it exports no object named `target`')
  const { apiVersion } = value as Partial<Target>
  if (apiVersion !== api.PLUGIN_API_VERSION) {
    return refuse(
      `it is for version ${String(apiVersion)} of the interface, not ${api.PLUGIN_API_VERSION}`,
      'Use the release of the plugin that fits this release of eonc.',
    )
  }
  const { success, error } = TARGET.safeParse(value)
  if (!success) return refuse(error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '))
  try {
    targetOptions(value)
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error))
  }
  return value as Target
}

const PACKAGE = z.object({ exports: z.unknown().optional(), main: z.string().optional() })

/** The file that an `exports` field gives to an `import`; undefined when it gives none. */
function exported(field: unknown): string | undefined {
  if (typeof field === 'string') return field
  if (Array.isArray(field)) return field.map(exported).find((path) => path !== undefined)
  if (typeof field !== 'object' || field === null) return undefined
  const conditions = '.' in field ? { '.': field['.'] } : field
  const found = Object.entries(conditions).find(([key]) =>
    ['.', 'import', 'node', 'module-sync', 'default'].includes(key),
  )
  return found && exported(found[1])
}

/** The module of a plugin that is a file, or a folder as npm knows it: `package.json` tells, or it is `index.js`. */
async function entryOf(path: string): Promise<string> {
  if (!(await stat(path)).isDirectory()) return path
  const text = await readFile(join(path, 'package.json'), 'utf8').catch(() => '{}')
  const { exports, main } = PACKAGE.parse(JSON.parse(text))
  const entry = exported(exports) ?? main
  if (entry !== undefined) return join(path, entry)
  const names = ['index.js', 'index.mjs', 'index.cjs', 'plugin.js', 'plugin.mjs']
  for (const name of names) if (await stat(join(path, name)).catch(() => undefined)) return join(path, name)
  throw new Error(`the folder has no package.json that names a module, and none of ${names.join(', ')}`)
}

/** What a module exports as its target; a CommonJS module has its exports in `default`. */
function targetExport(module: Readonly<Record<string, unknown>>): unknown {
  const { target, default: fallback } = module
  if (target !== undefined) return target
  if (typeof fallback === 'object' && fallback !== null && 'target' in fallback) return fallback.target
  return fallback
}

/** Loads the plugin at a path: a module, or a folder that holds one. Throws a DiagnosticsError. */
export async function loadPlugin(path: string): Promise<Target> {
  const where = `"${basename(path)}"`
  let value: unknown
  try {
    const entry = await entryOf(resolve(path))
    const found = targetExport((await import(pathToFileURL(entry).href)) as Readonly<Record<string, unknown>>)
    value = typeof found === 'function' ? await (found as (eonc: typeof api) => unknown)(api) : found
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const help = 'Install what it needs, or ask its author: it failed before it could give its target.'
    throw new DiagnosticsError([badPlugin(where, `it cannot be loaded: ${message}`, help)])
  }
  return checkedTarget(value, where)
}
