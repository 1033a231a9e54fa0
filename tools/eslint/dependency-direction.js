import { dirname, join, normalize, relative, sep } from 'node:path'
import { MAY_IMPORT, PACKAGES, PUBLIC_PACKAGE } from './layers.js'

/**
 * An ESLint rule: an import must follow the direction that `layers.js` lays down. It looks at every static and dynamic
 * import, re-export and type import in `src/` and `plugins/`, tests excepted.
 */
export const dependencyDirection = {
  meta: {
    type: 'problem',
    docs: { description: 'Imports follow the direction of the pipeline' },
    messages: {
      layer: "'{{from}}' may not import '{{to}}' (it may import: {{allowed}})",
      package: "Only {{allowed}} may import the package '{{to}}'",
      plugin: "A plugin imports the compiler only as the package '{{package}}', not as '{{to}}'",
      unknown: "The folder '{{from}}' has no line in tools/eslint/layers.js, which says what it may import",
    },
    schema: [],
  },
  create(context) {
    const file = toPosix(relative(context.cwd, context.filename))
    const from = layerOf(file)
    if (from === undefined) return {}

    function check(node) {
      const source = node.source ?? node.argument?.literal ?? node.argument
      if (source?.type !== 'Literal' || typeof source.value !== 'string') return
      const problem = findProblem(file, from, source.value)
      if (problem) context.report({ node: source, ...problem })
    }
    return {
      Program(node) {
        if (from.kind === 'layer' && !(from.name in MAY_IMPORT)) {
          context.report({ node, messageId: 'unknown', data: { from: from.name } })
        }
      },
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      TSImportType: check,
    }
  },
}

/** Which part of the project a file belongs to; undefined for those that may import anything, such as tests. */
function layerOf(file) {
  const [top, folder, ...rest] = file.split('/')
  if (top === 'src' && rest.length > 0) return { kind: 'layer', name: folder }
  if (top === 'src') return { kind: 'root', name: 'src' }
  if (top === 'plugins' && rest.length === 0) return { kind: 'plugin', name: 'plugins' }
  if (top === 'plugins' && rest[0] !== 'test') return { kind: 'plugin', name: `plugins/${folder}` }
  return undefined
}

function findProblem(file, from, specifier) {
  return specifier.startsWith('.')
    ? findFileProblem(from, toPosix(normalize(join(dirname(file), specifier))).replace(/\.js$/, '.ts'))
    : findPackageProblem(from, specifier)
}

function findFileProblem(from, target) {
  if (from.kind === 'root') return undefined
  if (from.kind === 'plugin') {
    const own = target.startsWith(`${from.name}/`)
    return own ? undefined : { messageId: 'plugin', data: { to: target, package: PUBLIC_PACKAGE } }
  }
  const part = layerOf(target)
  const to = part?.kind === 'layer' ? part.name : target
  const allowed = MAY_IMPORT[from.name] ?? []
  if (target.startsWith(`src/${from.name}/`) || allowed.includes(to)) return undefined
  return { messageId: 'layer', data: { from: from.name, to, allowed: allowed.join(', ') || 'nothing' } }
}

function findPackageProblem(from, specifier) {
  const name = specifier.startsWith('@') ? specifier.split('/', 2).join('/') : specifier.split('/', 1)[0]
  if (name === PUBLIC_PACKAGE && from.kind !== 'plugin') {
    return { messageId: 'package', data: { to: specifier, allowed: 'plugins' } }
  }
  const allowed = PACKAGES[name]
  if (allowed === undefined || allowed.includes(from.kind === 'plugin' ? 'plugins' : from.name)) return undefined
  return { messageId: 'package', data: { to: specifier, allowed: allowed.join(', ') } }
}

function toPosix(path) {
  return path.split(sep).join('/')
}
