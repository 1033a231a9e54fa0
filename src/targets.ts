import type { Diagnostic } from './ir/index.js'
import { PLUGIN_API_VERSION, type Target } from './plugin.js'

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

function badTarget(rule: string, found: string, help: string): { readonly diagnostics: readonly Diagnostic[] } {
  return { diagnostics: [{ severity: 'error', code: 'BAD_TARGET', rule, found, help }] }
}

/** A built-in target by its name, or a target of the caller's own if it speaks this version of the interface. */
export async function loadTarget(
  nameOrTarget: string | Target,
): Promise<{ readonly target: Target } | { readonly diagnostics: readonly Diagnostic[] }> {
  if (typeof nameOrTarget === 'string') {
    const target = (await builtIn()).get(nameOrTarget)
    if (target !== undefined) return { target }
    const help = `Choose one of: ${(await targetNames()).join(', ')}.`
    return badTarget('The target is one that eonc has', JSON.stringify(nameOrTarget), help)
  }
  const version: number = nameOrTarget.apiVersion
  if (version === PLUGIN_API_VERSION) return { target: nameOrTarget }
  return badTarget(
    `A target is written for version ${PLUGIN_API_VERSION} of the interface`,
    `"${nameOrTarget.name}" for version ${String(version)}`,
    'Use the release of the target that fits this release of eonc.',
  )
}
