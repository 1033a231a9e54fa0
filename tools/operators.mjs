// Writes OPERATORS.md from the rules in the operators' own files. Usage: node tools/operators.mjs [--check] (after a build)
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { builtinOperators } from '../dist/src/ops/index.js'

const path = fileURLToPath(new URL('../OPERATORS.md', import.meta.url))

/** Operators that passes make have no place in a table of what files may hold. */
const INTERNAL = new Set(['INPUT', 'LOOKUP'])
const operators = [...builtinOperators.values()].filter(({ kind }) => !INTERNAL.has(kind))

const cell = (text) => text.replaceAll('|', '\\|')
const summary = operators.map(({ kind, maxVersion, summary }) => `| \`${kind}\` | ${maxVersion} | ${cell(summary)} |`)
const rules = operators.map(({ kind, constraints }) => {
  const lines = constraints.map(({ code, rule, help }) => `| ${cell(rule)} | \`${code}\` | ${cell(help)} |`)
  return [`### ${kind}`, '', '| rule | code | when it does not hold |', '| --- | --- | --- |', ...lines].join('\n')
})
const text = `# Supported operators

Written by \`npm run docs\` from the rules in \`src/ops\`: do not edit. A model that keeps to these rules is compiled
exactly; any other is refused with the rule that it breaks. \`eonc check MODEL\` lists all of them at once.

| operator | up to version | what |
| --- | --- | --- |
${summary.join('\n')}

## Rules

${rules.join('\n\n')}
`

if (process.argv.includes('--check')) {
  if (readFileSync(path, 'utf8') !== text) {
    console.error('OPERATORS.md is not up to date: run npm run docs')
    process.exitCode = 1
  }
} else {
  writeFileSync(path, text)
}
