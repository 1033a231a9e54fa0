import type { OptionsTable } from '../ir/graph.js'
import { fail } from './findings.js'
import type { Table } from './flatbuffer-table.js'
import { MAX_OPTION_ELEMENTS } from './limits.js'
import type { Field } from './schema.js'

/** The options of an operator that has none: every field gives its fallback. */
export const NO_OPTIONS: OptionsTable = {
  present: false,
  int32: (_, fallback) => fallback,
  int8: (_, fallback) => fallback,
  float32: (_, fallback) => fallback,
  bool: (_, fallback) => fallback,
  int32s: () => undefined,
}

/**
 * Options of an operator from its verified table. Which fields it has depends on the operator, so each is verified
 * when it is asked for: what does not hold throws a DiagnosticsError with BAD_FILE.
 */
export function optionsFromTable(table: Table): OptionsTable {
  return {
    present: true,
    int32: (slot, fallback) => table.int32(fieldAt(slot), fallback),
    int8: (slot, fallback) => table.int8(fieldAt(slot), fallback),
    float32: (slot, fallback) => table.float32(fieldAt(slot), fallback),
    bool: (slot, fallback) => table.uint8(fieldAt(slot), fallback ? 1 : 0) !== 0,
    int32s: (slot) => shortVector(table, fieldAt(slot)),
  }
}

function fieldAt(slot: number): Field {
  return { slot, name: `field ${slot}` }
}

/** Options are read whenever a stage wants them: a bound on each vector stands in for the budget of the reader. */
function shortVector(table: Table, field: Field): readonly number[] | undefined {
  const length = table.vectorLength(field, 4) ?? 0
  if (length > MAX_OPTION_ELEMENTS) {
    fail('BAD_FILE', `Vectors of ${table.path} have at most ${MAX_OPTION_ELEMENTS} elements`, {
      found: `${length} elements in ${field.name}`,
    })
  }
  return table.int32s(field)
}
