import type { OperatorReport, PlanReport } from '../index.js'
import { nameText, type Row, tableText } from './table.js'
import { grouped, printable } from './terminal.js'

type Packing = NonNullable<OperatorReport['packing']>

const totalOf = (packings: readonly Packing[], of: keyof Packing, when: 'before' | 'after'): number =>
  packings.reduce((sum, packing) => sum + packing[of][when], 0)

/** Lines on packed weights: what that saves and costs in all, and for each layer. None where none are packed. */
export function packedLines({ stages }: PlanReport): readonly string[] {
  const layers = stages
    .flatMap(({ operators }) => operators)
    .flatMap(({ packing, ...operator }) => (packing ? [{ ...operator, packing }] : []))
  if (layers.length === 0) return []
  const packings = layers.map(({ packing }) => packing)
  const saved = totalOf(packings, 'bytes', 'before') - totalOf(packings, 'bytes', 'after')
  const added = totalOf(packings, 'instructions', 'after') - totalOf(packings, 'instructions', 'before')
  const rows = layers.map(({ index, kind, name, packing: { bytes, instructions } }): Row => {
    const change = ({ before, after }: Packing['bytes']): string => `${grouped(before)} to ${grouped(after)}`
    return [`${index} ${printable(kind)}`, change(bytes), change(instructions), nameText(name)]
  })
  return [
    `weights are packed: ${grouped(saved)} bytes of ROM less, ${grouped(added)} instructions more (computed, not measured)`,
    tableText(['packed', 'bytes of weights', 'instructions', 'name'], rows),
    '',
  ]
}
