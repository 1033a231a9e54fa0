import Table from 'cli-table3'
import { colorsOf, printable } from './terminal.js'

/** Exporters join the names of all operators that were fused to one: the table has the beginning, `--json` the whole. */
const NAME_COLUMNS = 48

/** A name in a table. */
export function nameText(name: string): string {
  return printable(name.length > NAME_COLUMNS ? `${name.slice(0, NAME_COLUMNS - 1)}…` : name)
}

export type Row = readonly (string | number)[]

/** Aligned columns without lines, so that the text can be searched and cut; columns of `numbers` to the right. */
export function tableText(
  head: readonly string[],
  rows: readonly Row[],
  { numbers = [] }: { readonly numbers?: readonly number[] } = {},
): string {
  const edges = ['top', 'bottom', 'left', 'right', 'mid'].flatMap((edge) => [
    edge,
    `${edge}-mid`,
    `${edge}-left`,
    `${edge}-right`,
  ])
  const table = new Table({
    head: head.map(colorsOf(process.stdout).bold),
    colAligns: head.map((_, column) => (numbers.includes(column) ? 'right' : 'left')),
    chars: { ...Object.fromEntries(edges.map((edge) => [edge, ''])), middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
  })
  table.push(...rows.map((row) => [...row]))
  return table.toString().replace(/ +$/gm, '')
}
