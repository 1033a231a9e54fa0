import type { Diagnostic } from './ir/index.js'
import type { Target } from './plugin.js'

/** Where the built-in targets are listed. Loaded by name, so that the core depends on none of them. */
const BUILT_IN = new URL('../plugins/index.js', import.meta.url)

async function builtIn(): Promise<ReadonlyMap<string, Target>> {
  const module: unknown = await import(BUILT_IN.href)
  const { targets } = module as { targets: readonly Target[] }
  return new Map(targets.map((target) => [target.name, target]))
}

/** Names of the built-in targets. */
export async function targetNames(): Promise<readonly string[]> {
  return [...(await builtIn()).keys()]
}

/** A built-in target by its name. */
export async function loadTarget(
  name: string,
): Promise<{ readonly target: Target } | { readonly diagnostics: readonly Diagnostic[] }> {
  const targets = await builtIn()
  const target = targets.get(name)
  if (target !== undefined) return { target }
  return {
    diagnostics: [
      {
        severity: 'error',
        code: 'BAD_TARGET',
        rule: 'The target is one that eonc has',
        found: JSON.stringify(name),
        help: `Choose one of: ${[...targets.keys()].join(', ')}.`,
      },
    ],
  }
}
