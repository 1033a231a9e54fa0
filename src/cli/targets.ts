import type { Command } from 'commander'
import { listTargets, type TargetSummary } from '../index.js'
import { type Row, tableText } from './table.js'
import { colorsOf, printable, report } from './terminal.js'
import { addPlugins } from './target-options.js'

function optionTable({ options }: TargetSummary): string {
  const rows = options.map(({ flag, type, choices, list, default: fallback, required, description }): Row => {
    const value = flag.startsWith('--no-') || type === 'boolean' ? '' : (choices?.join('|') ?? type)
    const otherwise = required ? 'required' : fallback === undefined ? '' : JSON.stringify(fallback)
    return [flag, `${value}${list ? ', repeatable' : ''}`, otherwise, printable(description)]
  })
  return tableText(['option', 'value', 'default', ''], rows)
}

function targetText(target: TargetSummary): string {
  const { name, description, tools, options } = target
  const needs = tools.map(({ commands, why, optional }) =>
    printable(`${optional === true ? 'uses' : 'needs'} ${commands.join(' or ')} ${why}`),
  )
  const table = options.length > 0 ? [optionTable(target)] : []
  const lines = [...needs, ...table].join('\n').replace(/^(?=.)/gm, '  ')
  return `${colorsOf(process.stdout).bold(printable(name))}  ${printable(description)}\n${lines && `${lines}\n`}`
}

/** `eonc targets`. */
export function addTargets(program: Command): void {
  const command = program
    .command('targets')
    .description('list the targets that there are, with the options that each has of its own')
    .option('--json', 'print everything as JSON')
  addPlugins(command).action(
    async ({ json, plugin }: { readonly json?: boolean; readonly plugin?: readonly string[] }) => {
      const { targets, diagnostics } = await listTargets(plugin)
      process.stdout.write(json === true ? `${JSON.stringify(targets, null, 2)}\n` : targets.map(targetText).join('\n'))
      report(diagnostics)
    },
  )
}
