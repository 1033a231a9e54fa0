import { fill, LIST_COLUMNS, macroCase, stringLiteral, wrap } from './cpp.js'

/** The labels of the first output as macros: how many, and an initializer. Empty where there are none. */
export function labelMacros(name: string, labels: readonly string[] = []): string {
  if (labels.length === 0) return ''
  const upper = macroCase(name)
  const use = [`as a table:`, `static const char *const labels[] =`, `${upper}_LABELS; */`]
  const first = '/* What the elements along the last axis of output 0 stand for;'
  const table = wrap(labels.map(stringLiteral), '    ', LIST_COLUMNS - 2)
  return [
    fill(use, ' * ', { first }),
    `#define ${upper}_LABEL_COUNT ${labels.length}`,
    `#define ${upper}_LABELS { \\`,
    `${table.replaceAll('\n', ' \\\n')}}`,
  ].join('\n')
}
