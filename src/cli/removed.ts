import type { Reduction, RemovedChannels } from '../index.js'
import { nameText, type Row, tableText } from './table.js'
import { grouped, printable } from './terminal.js'

const removed = ({ before, after }: Reduction): string => `${grouped(before - after)} of ${grouped(before)}`

const share = ({ before, after }: Reduction): string =>
  `${Math.round((100 * (before - after)) / Math.max(1, before))} %`

/** Lines on constant and dead channels, which are left out: what goes in all, and from each layer. None where nothing does. */
export function removedLines({ weights, macs, layers }: RemovedChannels): readonly string[] {
  if (layers.length === 0) return []
  const rows = layers.map((layer): Row => {
    const { index, kind, name } = layer
    const counts = [removed(layer.channels), removed(layer.weights), removed(layer.macs)]
    return [`${index} ${printable(kind)}`, ...counts, nameText(name)]
  })
  return [
    `constant and dead channels are left out: ${share(weights)} of the weights, ${share(macs)} of the MACs`,
    tableText(['left out of', 'channels', 'weights', 'MACs', 'name'], rows),
    '',
  ]
}
