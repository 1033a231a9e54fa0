import { posix } from 'node:path'
import { z } from 'zod'
import { type Diagnostic, DiagnosticsError, InternalError } from '../ir/index.js'
import type { OutputFile, SourceSet, Target, TargetEnvironment, ToolRequirement } from '../plugin.js'
import { licenseText, readmeText } from './documents.js'
import { findTool } from './find-tool.js'
import { parseTargetOptions } from './options.js'

const FILES = z.array(
  z.object({
    path: z.string().transform((path) => posix.normalize(path)),
    contents: z.union([z.string(), z.instanceof(Uint8Array)]),
    role: z.enum(['public-header', 'private-header', 'source']).optional(),
  }),
)

/** Names that eonc gives files of its own in every output. */
const RESERVED = /^(eonc\.json|\.eonc.*)$/i

/** Why a path is none of an output; undefined when it is one. */
function badPath(path: string): string | undefined {
  const parts = path.split('/')
  if (path.startsWith('/') || /^[a-z]:/i.test(path) || parts.includes('..')) return 'leaves the output folder'
  if (parts.some((part) => part === '' || part === '.' || /[\\\x00-\x1f\x7f]/.test(part))) return 'is no path of a file'
  if (RESERVED.test(parts[0] ?? '')) return 'is the name of a file of eonc'
  return undefined
}

/** What is wrong with the paths of a target's files, each alone and together; a disk may not tell upper from lower case. */
function pathProblems(files: readonly OutputFile[]): readonly string[] {
  const paths = files.map(({ path }) => path)
  const alone = paths.flatMap((path) => {
    const problem = badPath(path)
    return problem === undefined ? [] : [`"${path}" ${problem}`]
  })
  const lower = paths.map((path) => path.toLowerCase())
  const twice = paths.filter((_, index) => lower.indexOf(lower[index] ?? '') !== index)
  const below = paths.filter((_, index) => lower.some((path) => path.startsWith(`${lower[index] ?? ''}/`)))
  return [
    ...alone,
    ...twice.map((path) => `"${path}" is given twice`),
    ...below.map((path) => `"${path}" is a file and a folder`),
  ]
}

function failure(target: Target, found: string, help: string): DiagnosticsError {
  return new DiagnosticsError([
    { severity: 'error', code: 'TARGET_FAILED', rule: `The target ${target.name} gives a project`, found, help },
  ])
}

const missing = (target: Target, { name, commands, why, help }: ToolRequirement): Diagnostic => ({
  severity: 'error',
  code: 'MISSING_TOOL',
  rule: `The target ${target.name} needs ${name} ${why}`,
  found: `${commands.join(', ')}: not on PATH`,
  help,
})

/** The programs that a target needs. Throws a DiagnosticsError with all that are missing. */
export function environmentOf(target: Target, log: (message: string) => void): TargetEnvironment {
  const { tools = [] } = target
  const found = tools.map(({ name, commands }): [string, string | undefined] => [
    name,
    commands.map(findTool).find((path) => path !== undefined),
  ])
  const lacking = tools.filter(({ optional }, index) => optional !== true && found[index]?.[1] === undefined)
  if (lacking.length > 0) throw new DiagnosticsError(lacking.map((tool) => missing(target, tool)))
  return { tools: Object.fromEntries(found), findTool, log }
}

/** Runs what a target does; whatever it throws becomes a DiagnosticsError that names the target. */
export async function guarded<Result>(target: Target, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof DiagnosticsError || error instanceof InternalError) throw error
    // another copy of eonc has a class of the same name
    const help =
      error instanceof Error && error.name === 'TargetError' && 'help' in error ? String(error.help) : undefined
    const message = error instanceof Error ? error.message : String(error)
    throw failure(target, message, help ?? 'This is a defect of the target: please report it to its author.')
  }
}

/** What a target has made of the sources: all files, and the options that it got, with defaults. */
export interface EmittedProject {
  readonly files: readonly OutputFile[]
  readonly options: Readonly<Record<string, unknown>>
}

/**
 * The files of a target's project, its licence and README among them. `values` are those of its own options. Throws a
 * DiagnosticsError when options or tools are wrong, or when the target fails.
 */
export async function emitProject(
  target: Target,
  sources: SourceSet,
  values: object,
  log: (message: string) => void,
): Promise<EmittedProject> {
  const parsed = parseTargetOptions(target, values)
  if ('diagnostics' in parsed) throw new DiagnosticsError(parsed.diagnostics)
  const environment = environmentOf(target, log)
  const emitted: unknown = await guarded(target, () => target.emit(sources, parsed.options, environment))
  const { success, data, error } = FILES.safeParse(emitted)
  const report = 'This is a defect of the target: please report it to its author.'
  if (!success)
    throw failure(target, `it gave no list of files: ${z.prettifyError(error).replace(/\s+/g, ' ')}`, report)
  const problems = pathProblems(data as readonly OutputFile[])
  if (problems.length > 0) throw failure(target, problems.join('; '), report)
  const files = withDocuments(
    data.map((file) => withRole(file as OutputFile, sources)),
    sources,
  )
  return { files, options: parsed.options }
}

/** A file with the role of the generated source that it is, if the target did not keep it. */
function withRole(file: OutputFile, { files }: SourceSet): OutputFile {
  const role = file.role ?? files.find(({ contents }) => contents === file.contents)?.role
  return role === undefined ? file : { ...file, role }
}

/** The files, and the documents that every output has unless its target has its own. */
function withDocuments(files: readonly OutputFile[], sources: SourceSet): readonly OutputFile[] {
  const documents: readonly OutputFile[] = [
    { path: 'LICENSE', contents: licenseText(sources) },
    { path: 'README.md', contents: readmeText(sources) },
  ]
  const lower = new Set(files.map(({ path }) => path.toLowerCase()))
  return [...files, ...documents.filter(({ path }) => !lower.has(path.toLowerCase()))]
}
