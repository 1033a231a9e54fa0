import { type Diagnostic, DiagnosticsError } from '../ir/index.js'
import type { Target } from '../plugin.js'
import { installedPlugins, pluginPath } from './discover.js'
import { badPlugin, checkedTarget, loadPlugin } from './load-plugin.js'

export { emitProject, type EmittedProject, environmentOf, guarded } from './emit.js'
export { findTool } from './find-tool.js'
export { parseTargetOptions, type TargetOption, targetOptions } from './options.js'

/** Where the built-in targets are listed. Loaded by name, so that the core depends on none of them. */
const BUILT_IN = new URL('../../plugins/index.js', import.meta.url)

async function builtIn(): Promise<readonly Target[]> {
  const { targets } = (await import(BUILT_IN.href)) as { readonly targets: readonly Target[] }
  return targets.map((target) => checkedTarget(target, `"${target.name}"`))
}

async function namedPlugins(plugins: readonly string[]): Promise<readonly Target[]> {
  const targets = plugins.map(async (given) => {
    const path = await pluginPath(given)
    if (path !== undefined) return loadPlugin(path)
    const help = 'Give the path of a file or folder, or the name of a package that npm has installed.'
    throw new DiagnosticsError([badPlugin(JSON.stringify(given), 'there is no such file, folder or package', help)])
  })
  return Promise.all(targets)
}

/** Throws unless every target has a name of its own. */
function requireDistinct(targets: readonly Target[]): void {
  const twice = targets.find(({ name }, index) => targets.findIndex((other) => other.name === name) !== index)
  if (twice === undefined) return
  const help = 'Leave one of them out: `--target` must mean one thing.'
  throw new DiagnosticsError([badPlugin(`"${twice.name}"`, 'another target has the same name', help)])
}

/** All targets that there are, and what is wrong with plugins that give none. */
export interface AvailableTargets {
  readonly targets: readonly Target[]
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * The built-in targets, those of `plugins` (paths, or names of npm packages), and those of the installed npm packages
 * named `eonc-plugin-*`. An installed one that has the name of another target is left out.
 */
export async function availableTargets(plugins: readonly string[] = []): Promise<AvailableTargets> {
  const targets = [...(await builtIn())]
  const diagnostics: Diagnostic[] = []
  const attempt = async (load: () => Promise<readonly Target[]>): Promise<void> => {
    try {
      targets.push(...(await load()))
    } catch (error) {
      if (!(error instanceof DiagnosticsError)) throw error
      diagnostics.push(...error.diagnostics)
    }
  }
  for (const plugin of plugins) {
    await attempt(async () => {
      const named = await namedPlugins([plugin])
      requireDistinct([...targets, ...named])
      return named
    })
  }
  for (const path of await installedPlugins()) {
    await attempt(async () =>
      [await loadPlugin(path)].filter(({ name }) => targets.every((other) => other.name !== name)),
    )
  }
  return { targets, diagnostics }
}

/** Names of the built-in targets. */
export async function targetNames(): Promise<readonly string[]> {
  return (await builtIn()).map(({ name }) => name)
}

async function findTarget(name: string, plugins: readonly string[]): Promise<Target> {
  const known = [...(await builtIn()), ...(await namedPlugins(plugins))]
  requireDistinct(known)
  const target = known.find((each) => each.name === name)
  if (target !== undefined) return target
  // a package that is broken stands in nobody's way but of who asks for what it may have
  const { targets, diagnostics } = await availableTargets(plugins)
  const installed = targets.find((each) => each.name === name)
  if (installed !== undefined) return installed
  throw new DiagnosticsError([
    {
      severity: 'error',
      code: 'BAD_TARGET',
      rule: 'The target is one that eonc has',
      found: JSON.stringify(name),
      help: `Choose one of: ${targets.map((each) => each.name).join(', ')}. Others come from \`--plugin\`.`,
    },
    ...diagnostics,
  ])
}

/**
 * A target by its name, from the built-in ones, from `plugins` or from installed packages; or a target of the caller's own
 * if it satisfies the interface. Throws a DiagnosticsError.
 */
export async function loadTarget(nameOrTarget: string | Target, plugins: readonly string[] = []): Promise<Target> {
  if (typeof nameOrTarget === 'string') return findTarget(nameOrTarget, plugins)
  return checkedTarget(nameOrTarget, JSON.stringify(nameOrTarget.name))
}
