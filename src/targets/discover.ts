import { readdir, readlink, stat } from 'node:fs/promises'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** npm packages of this name hold a plugin; a scope may stand before it. */
const PREFIX = 'eonc-plugin-'

/** The folders above a path, from the inside out, itself included. */
function folderAndAbove(path: string): readonly string[] {
  const parent = dirname(path)
  return parent === path ? [path] : [path, ...folderAndAbove(parent)]
}

/**
 * Where npm packages are looked for, the nearest first: what is installed in the current folder and those above it, and
 * what is installed beside eonc, as global packages are.
 */
async function packageFolders(): Promise<readonly string[]> {
  // an eonc that is developed is linked into the global folder: the command's own link tells where that is
  const command = process.argv[1] ?? process.cwd()
  const linked = resolve(dirname(command), await readlink(command).catch(() => '.'))
  const folders = [process.cwd(), dirname(fileURLToPath(import.meta.url)), linked].flatMap(folderAndAbove)
  return [...new Set(folders.map((folder) => join(folder, 'node_modules')))]
}

async function entriesOf(folder: string): Promise<readonly string[]> {
  return (await readdir(folder).catch(() => [])).sort()
}

/** Names of the plugins in a `node_modules`. */
async function pluginsIn(folder: string): Promise<readonly string[]> {
  const names = await entriesOf(folder)
  const scopes = names.filter((name) => name.startsWith('@'))
  const scoped = await Promise.all(
    scopes.map(async (scope) => (await entriesOf(join(folder, scope))).map((name) => `${scope}/${name}`)),
  )
  return [...names, ...scoped.flat()].filter((name) => (name.split('/').at(-1) ?? '').startsWith(PREFIX))
}

/** Folders of all plugins that are installed by npm, the nearest of each name, sorted by name. */
export async function installedPlugins(): Promise<readonly string[]> {
  const nearest = new Map<string, string>()
  for (const folder of await packageFolders()) {
    for (const name of await pluginsIn(folder)) if (!nearest.has(name)) nearest.set(name, join(folder, name))
  }
  return [...nearest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path)
}

/**
 * Path of the plugin that a user means by `--plugin`: a file or folder, or an installed npm package. Undefined when there
 * is none.
 */
export async function pluginPath(given: string): Promise<string | undefined> {
  const isPath = isAbsolute(given) || /^\.{0,2}[\\/]|^\.{1,2}$/.test(given)
  const packages = isPath ? [] : (await packageFolders()).map((folder) => join(folder, given))
  for (const path of [...packages, resolve(given)]) if (await stat(path).catch(() => undefined)) return path
  return undefined
}
